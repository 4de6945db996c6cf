// Sends the form of a power act: once for all taps on it, again with the same key when the answer is lost, and never
// after its time or behind a person's back. Says only what the server said; without script the form is sent as it is.
// Also: the button that counts on release after it was held, and keys that are renewed while the page is looked at.
const WAITS = [2000, 4000, 8000]; // ms before the second, third and fourth copy
const PATIENCE = 8000; // ms: then an answer counts as lost
const RENEW = 45_000; // ms: half of what a key lives

const root = document.documentElement;
const born = new WeakMap(); // what holds a key -> when it came, in ms of this page
let known = sheetFacts(); // what the sheet showed last
let sending; // the one act on its way: {key, review, stopped}
let bar;

export default function (form) {
  born.set(form, root.dataset.act ? performance.now() : 0);
  form.addEventListener("submit", (event) => {
    // Somebody else has taken it, such as the draft of a phone without a network.
    if (event.defaultPrevented) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  for (const button of form.querySelectorAll("[data-hold]")) holdable(button, form);
  root.dataset.act = "ready";
}

async function send(form, button) {
  if (sending) return;
  const own = button?.hasAttribute("formaction");
  const url = new URL(own ? button.formAction : form.action);
  const body = new URLSearchParams(new FormData(form));
  const mine = { key: url.searchParams.get("intent"), review: form.dataset.review, stopped: false };
  const end = ends(own ? button.parentElement : form);
  sending = mine;
  remember(mine);
  root.dataset.sending = "on";
  say(`Sent ${clock()}. Waiting for the server.`, mine);
  for (let turn = 0; ; turn += 1) {
    const place = await once(url, body);
    if (mine.stopped) return;
    if (place) return void location.assign(place);
    if (turn === WAITS.length || performance.now() + WAITS[turn] > end) break;
    say(`No answer. Trying again, ${turn + 1} of ${WAITS.length}.`, mine);
    await pause(WAITS[turn]);
    await seenAgain();
    if (mine.stopped) return;
    if (performance.now() > end) break;
  }
  unconfirmed(mine);
}

// Where the person goes next; nothing when the answer was lost.
async function once(url, body) {
  const headers = { accept: "text/html", "x-act": "script" };
  const answer = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
  if (!answer || answer.status >= 500) return undefined;
  return answer.headers.get("x-goto") ?? (answer.redirected ? answer.url : location.href);
}

async function stop(mine) {
  mine.stopped = true;
  say("Taking it back. Not confirmed yet.");
  const body = new URLSearchParams({ key: mine.key });
  const answer = await fetch("/do/void_intent", { method: "POST", body, headers: { accept: "application/json" } }).catch(() => undefined);
  const told = answer?.ok ? await answer.json() : undefined;
  if (told?.state === "void") {
    say("Taken back. Nothing was started.");
    free();
    renew();
  } else if (told) location.assign(told.goto ?? `/intents/${mine.key}`);
  else unconfirmed(mine);
}

function unconfirmed({ key }) {
  if (navigator.onLine || navigator.serviceWorker?.controller) return location.assign(`/unconfirmed?intent=${key}`);
  say("Not confirmed. It may not have left your phone.");
  addEventListener("online", () => location.assign(`/intents/${key}`), { once: true });
}

// The page of a lost answer leads back to where the facts are.
function remember({ key, review }) {
  try {
    sessionStorage.setItem(`review:${key}`, review);
  } catch {
    // Without it that page leads to Now.
  }
}

function free() {
  sending = undefined;
  delete root.dataset.sending;
}

function say(text, stoppable) {
  bar ??= document.body.appendChild(document.createElement("section"));
  bar.className = "sending";
  bar.setAttribute("aria-label", "Your tap");
  const words = bar.firstElementChild ?? bar.appendChild(document.createElement("p"));
  words.setAttribute("role", "status");
  words.textContent = text;
  let button = bar.querySelector("button");
  if (!stoppable) return void button?.remove();
  button ??= bar.appendChild(document.createElement("button"));
  button.className = "button danger";
  button.textContent = "Stop";
  button.onclick = () => stop(stoppable);
}

// In ms of this page; a page from a copy is older than it knows, and then the server refuses.
function ends(holder) {
  return (born.get(holder) ?? 0) + Number(holder.dataset.left ?? 0) * 1000;
}

function holdable(button, form) {
  const label = button.querySelector(".hold-label");
  const words = label.textContent;
  const ms = Number(button.dataset.hold);
  let timers = [];
  const inside = ({ clientX, clientY }) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  };
  const let_go = () => {
    timers.forEach(clearTimeout);
    timers = [];
    delete button.dataset.held;
    label.textContent = words;
  };
  const ripe = () => {
    button.dataset.held = "ripe";
    label.textContent = label.dataset.ripe;
    if ("vibrate" in button.dataset) navigator.vibrate?.(20);
  };
  button.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0 || sending) return;
    let_go();
    button.dataset.held = "1";
    timers = [2, 3, 4].map((step) => setTimeout(() => (button.dataset.held = String(step)), (ms * (step - 1)) / 4));
    timers.push(setTimeout(ripe, ms));
  });
  button.addEventListener("pointermove", (event) => button.dataset.held && !inside(event) && let_go());
  button.addEventListener("pointerleave", let_go);
  button.addEventListener("pointercancel", let_go);
  button.addEventListener("pointerup", (event) => {
    const counts = button.dataset.held === "ripe" && inside(event);
    let_go();
    if (counts) form.requestSubmit();
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  // A keyboard, a switch or a screen reader presses without a pointer: it gets the page with one plain button.
  button.addEventListener("click", (event) => event.detail === 0 && location.assign(button.dataset.href));
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const clock = () => new Date().toLocaleTimeString([], { hour12: false });

function seenAgain() {
  if (!document.hidden) return undefined;
  return new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }));
}

function renew() {
  if (!document.hidden && document.querySelector("input[name=facts]")) document.dispatchEvent(new Event("uncordon:renew"));
}

function sheetFacts() {
  return document.querySelector("input[name=facts][form=power]")?.value;
}

document.addEventListener("uncordon:swapped", ({ target }) => {
  for (const holder of [target, ...target.querySelectorAll("[data-left]")]) born.set(holder, performance.now());
  const before = known;
  known = sheetFacts();
  if (before !== undefined && before !== known && !sending) say("What is known has changed. Look again before you tap.");
});
setInterval(renew, RENEW);
// A page that comes back from the browser's memory has nothing on its way.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  free();
  bar?.remove();
  bar = undefined;
});
