// Forms without a connection. data-draft: an act on a machine; it becomes a draft on this device that is never sent.
// data-queue: a note or an acknowledgement; it may wait and is sent once. data-keep: what is typed is kept until it was
// sent. The rarely needed part of this is public/modules/kept.js.
const KEPT = "uncordon-kept"; // in localStorage: what waits on this device
const SENT = "uncordon-sent"; // in sessionStorage: the form that was sent last, until a page answers
const PROBE = 3000; // ms
const HASTY = 700; // ms: what is tapped sooner on a page was meant for the one before
let keeper;

const kept = () => (keeper ??= import(MODULES.kept).then((module) => module.default(kit)));
// Not form.action: a field of that name would stand in its place.
const goal = (form) => new URL(form.getAttribute("action") ?? "", location.href);
const body = (form, submitter) => new URLSearchParams(new FormData(form, submitter)).toString();

async function answers() {
  const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PROBE) }).catch(() => undefined);
  return answer?.ok && answer.headers.has("uncordon-build");
}

function sending(form, submitter) {
  const { queue, keep } = form.dataset;
  const draft = form.dataset.draft ?? (form.dataset.starts && form.elements.text.value);
  const { pathname, search } = goal(form);
  const at = serverNow().toISOString();
  sessionStorage.setItem(SENT, JSON.stringify({ page: location.pathname, action: pathname + search, body: queue && body(form, submitter), draft, queue, keep, at }));
}

// Before everybody else: what becomes a draft is not sent by the script of its form either.
document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (goal(form).pathname === "/sign-out") {
    const waits = JSON.parse(localStorage.getItem(KEPT) ?? "{}").queue?.length;
    if (waits && !confirm(`${waits} of your notes and acknowledgements still wait for a connection and would be thrown away. Sign out?`)) return event.preventDefault();
    localStorage.removeItem(KEPT);
    globalThis.caches?.delete("pages");
    return;
  }
  // Freeze stands where Pause stood: the second of two quick taps is none.
  if (form.elements.mode?.value === "freeze" && performance.now() < HASTY) return event.preventDefault();
  if (!["draft", "queue", "keep"].some((one) => one in form.dataset)) return;
  if (form.dataset.through || reachable()) return sending(form, submitter);
  event.preventDefault();
  if (await answers()) {
    form.dataset.through = "yes";
    form.requestSubmit(submitter);
  } else (await kept()).offline(form, submitter);
}, true);

// A page of ours after a form: it arrived. /unconfirmed after a form: nobody knows.
const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "null");
sessionStorage.removeItem(SENT);
const unknown = location.pathname === "/unconfirmed";
if (unknown || localStorage.getItem(KEPT) || document.querySelector("form[data-keep]")) {
  addEventListener("load", async () => {
    const keeper = await kept();
    if (unknown) keeper.unconfirmed(sent);
    else if (sent?.keep !== undefined && !document.querySelector(".wrong[role=alert]")) keeper.arrived(sent);
    keeper.begin();
  });
}
Object.assign(kit, { KEPT, goal, body, answers, news: () => source && refresh() });
