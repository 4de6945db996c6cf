// What waits on this device: drafts of acts (10 minutes, never sent; then shown as expired for an hour), notes and acknowledgements (sent once, with the
// same key, when a visible page has a connection), typed text that did not get through, and the act whose outcome
// nobody knows. All of it lies in one entry of localStorage.
const DRAFT_FOR = 600_000;
const EXPIRED_FOR = 3_600_000;
const TYPED_FOR = 7 * 86_400_000;
const DONE = ["arrived", "refused", "void"];

export default function keeper(kit) {
  const { KEPT, goal, body, made, notice, utc, serverNow, reachable } = kit;
  let sending = false;

  const read = () => ({ drafts: [], queue: [], typed: {}, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") });
  function change(how) {
    const all = read();
    how(all);
    all.drafts = all.drafts.filter((one) => Date.now() - one.made < DRAFT_FOR + EXPIRED_FOR);
    for (const [place, one] of Object.entries(all.typed)) if (Date.now() - one.made > TYPED_FOR) delete all.typed[place];
    const empty = !all.drafts.length && !all.queue.length && !Object.keys(all.typed).length && !all.unknown;
    if (empty) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(all));
    draw();
  }
  const drop = (list, id) => change((all) => (all[list] = all[list].filter((one) => one.id !== id)));
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const clock = (iso) => `${utc(new Date(iso), false)} UTC`;

  // Says it where the form is, for eyes and for a screen reader.
  function tell(form, text, link) {
    const old = form.querySelector(":scope > .told");
    old?.remove();
    const line = made("div", { class: "told", role: "status" });
    form.append(line);
    const words = made("p", {}, text);
    line.append(words);
    if (link) line.append(made("a", { class: "button", href: link[1] }, link[0]));
  }

  // A line of the command page that starts something, in either order of its words.
  function startOf({ dataset: { starts }, elements }) {
    const line = starts && elements.text.value.trim();
    const words = line ? line.toLowerCase().replace(/^\/|\.$/g, "").split(/\s+/) : [];
    if (words.length !== 2 || !words.some((one) => starts.split(" ").includes(one))) return {};
    return { draft: `\u201c${line}\u201d`, review: `/command?${new URLSearchParams({ text: line })}` };
  }

  function offline(form, submitter) {
    const { queue } = form.dataset;
    const { draft, review } = form.dataset.draft ? form.dataset : startOf(form);
    const at = serverNow().toISOString();
    const base = { id: fresh(), made: Date.now(), at };
    if (draft) {
      change((all) => {
        all.drafts = all.drafts.filter((one) => one.review !== review);
        all.drafts.push({ ...base, what: draft, review });
      });
      tell(form, `No connection: nothing was sent. A draft is kept on this device for 10 min; it is never sent by itself.`, ["Review", review]);
    } else if (queue) {
      const action = goal(form);
      action.searchParams.set("intent", fresh());
      wait({ ...base, kind: queue, about: about(form), action: action.pathname + action.search, body: timed(body(form, submitter), at) });
      tell(form, `${word(queue)} waits for connection, written ${clock(at)}.`);
      form.reset();
    } else tell(form, "No connection: nothing was sent. What you typed is kept on this device.");
  }

  function wait(entry) {
    change((all) => all.queue.push(entry));
  }

  // Which alarm, or which page.
  const about = (form) => (form.closest("[data-alarm]")?.querySelector(".text") ?? document.getElementById("title"))?.textContent;

  // It keeps the time at which it was written.
  function timed(text, at) {
    const fields = new URLSearchParams(text);
    if (!fields.get("happened_at")) fields.set("happened_at", at);
    return fields.toString();
  }

  const word = (kind) => (kind === "note" ? "The note" : "The acknowledgement");

  // The worker could not tell whether it arrived. A note waits under its old key: if it did arrive, it is not written twice.
  function unconfirmed(sent) {
    const intent = new URLSearchParams(location.search).get("intent");
    if (sent?.queue && intent) {
      wait({ id: fresh(), made: Date.now(), at: sent.at, kind: sent.queue, action: sent.action, body: sent.body });
    } else if (intent) {
      change((all) => (all.unknown = { intent, what: sent?.draft ?? "An act", at: sent?.at ?? serverNow().toISOString(), made: Date.now() }));
    }
  }

  async function settle() {
    const { unknown } = read();
    if (!unknown || location.pathname === "/unconfirmed") return;
    const answer = await fetch(`/intents/${encodeURIComponent(unknown.intent)}`, { headers: { accept: "application/json" }, cache: "no-store" }).catch(() => undefined);
    if (!answer?.headers.has("uncordon-build")) return;
    const { state } = answer.ok ? await answer.json().catch(() => ({})) : {};
    // After its deadline the server refuses it, whoever repeats it.
    const over = state === "never" && Date.now() - unknown.made > 120_000;
    if (DONE.includes(state) || over || answer.status === 404) change((all) => delete all.unknown);
  }

  // From a page that somebody looks at, one after the other, each at most once under its key.
  async function flush() {
    if (sending || document.hidden || !navigator.onLine) return;
    sending = true;
    try {
      const one = () => send();
      if (navigator.locks) await navigator.locks.request(KEPT, { ifAvailable: true }, (lock) => lock && one());
      else await one();
    } finally {
      sending = false;
    }
  }

  async function send() {
    let gone = 0;
    for (const entry of read().queue.filter((one) => !one.refused)) {
      const answer = await fetch(entry.action, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
        body: entry.body,
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      if (!answer?.headers.has("uncordon-build") || answer.status === 401 || answer.status >= 500) break;
      const told = await answer.text();
      if (answer.ok) {
        drop("queue", entry.id);
        gone += 1;
      } else if (answer.status === 409 && /in.?progress/i.test(told)) break;
      else change((all) => Object.assign(all.queue.find((one) => one.id === entry.id) ?? {}, { refused: `the server answered ${answer.status}` }));
    }
    if (gone) kit.news();
  }

  const expired = (one) => Date.now() - one.made >= DRAFT_FOR;

  function draft(one) {
    const over = expired(one);
    const card = made("article", { class: "card", "data-draft-id": one.id, "data-draft-state": over ? "expired" : "waits" });
    card.append(made("h3", {}, `${over ? "Draft expired" : "Draft"}: ${one.what}`));
    const end = clock(Date.parse(one.at) + DRAFT_FOR);
    card.append(made("p", {}, `Nothing was sent. Written ${clock(one.at)} without a connection; it ${over ? "expired" : "expires"} at ${end}.`));
    const row = made("div", { class: "row" });
    if (!over) row.append(made("a", { class: "button main", href: one.review }, "Review"));
    row.append(discard("drafts", one.id));
    card.append(row);
    return card;
  }

  function waiting(one) {
    const card = made("article", { class: "card", "data-waits": one.kind });
    card.append(made("h3", {}, one.refused ? `${word(one.kind)} was not accepted` : `${word(one.kind)} waits for connection`));
    if (one.about) card.append(made("p", { class: "meta" }, one.about));
    const text = new URLSearchParams(one.body).get("text");
    if (text) card.append(made("p", { class: "text" }, text));
    card.append(made("p", { class: "meta" }, `Written ${clock(one.at)}.${one.refused ? ` ${one.refused}.` : ""}`));
    const row = made("div", { class: "row" });
    row.append(discard("queue", one.id));
    card.append(row);
    return card;
  }

  function discard(list, id) {
    const button = made("button", { class: "button", type: "button" }, "Discard");
    button.onclick = () => drop(list, id);
    return button;
  }

  let drawn;
  function draw() {
    const { drafts, queue, unknown } = read();
    notice("unconfirmed", unknown && location.pathname !== "/unconfirmed" && {
      text: `Not confirmed: ${unknown.what}, sent ${clock(unknown.at)}.`, link: ["Check", `/unconfirmed?intent=${encodeURIComponent(unknown.intent)}`],
    });
    const place = document.getElementById("on-device");
    const count = drafts.filter((one) => !expired(one)).length + queue.length;
    notice("other", !place && count > 0 && { text: count === 1 ? "1 thing waits on this device." : `${count} things wait on this device.`, link: ["Show", "/#on-device"] });
    const now = JSON.stringify([drafts, drafts.map(expired), queue]);
    if (!place || drawn === now) return;
    drawn = now;
    place.hidden = drafts.length + queue.length === 0;
    place.replaceChildren(made("h2", {}, "Needs you: on this device"), ...drafts.map(draft), ...queue.map(waiting));
  }

  const key = (form) => `${location.pathname}#${form.dataset.keep}`;
  const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  const value = (field) => (field.type === "checkbox" || field.type === "radio" ? field.checked : field.value);

  function watch(form) {
    const old = read().typed[key(form)];
    if (old && fields(form).some((one) => one.id in old.fields && old.fields[one.id] !== value(one))) offer(form, old);
    let later;
    form.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(() => change((all) => {
        const typed = Object.fromEntries(fields(form).filter((one) => one.id).map((one) => [one.id, value(one)]));
        all.typed[key(form)] = { fields: typed, at: serverNow().toISOString(), made: Date.now() };
      }), 300);
    });
  }

  function offer(form, old) {
    const box = made("div", { class: "notice", role: "status", "data-typed": "" });
    box.append(made("p", {}, `What you typed here at ${clock(old.at)} was not saved.`));
    for (const [label, act] of [["Restore", restore], ["Discard", () => change((all) => delete all.typed[key(form)])]]) {
      const button = made("button", { class: "button", type: "button" }, label);
      button.onclick = () => {
        act();
        box.remove();
      };
      box.append(button);
    }
    form.before(box);
    function restore() {
      for (const field of fields(form).filter((one) => one.id in old.fields)) {
        if (typeof old.fields[field.id] === "boolean") field.checked = old.fields[field.id];
        else field.value = old.fields[field.id];
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }

  function begin() {
    for (const form of document.querySelectorAll("form[data-keep]")) watch(form);
    change(() => {});
    const back = () => Promise.all([flush(), settle()]);
    for (const event of ["uncordon:back", "visibilitychange"]) document.addEventListener(event, back);
    addEventListener("online", back);
    document.addEventListener("uncordon:swapped", draw);
    setInterval(() => change(() => {}), 15_000);
    if (reachable()) back();
    // Whoever fills the list later, after this page found nothing, finds the rest running.
    begun = true;
  }
  let begun = false;

  return {
    offline: (form, submitter) => {
      offline(form, submitter);
      if (!begun) begin();
    },
    unconfirmed,
    arrived: ({ page, keep }) => change((all) => delete all.typed[`${page}#${keep}`]),
    begin,
  };
}
