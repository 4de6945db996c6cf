// Keeps a page live: one event stream per page, named by [data-live]="/url". On news the page's own HTML is
// fetched again and every element with data-live-part and an id takes over its new content, so the server
// stays the only one that draws. <html data-stream="open|lost"> says whether news can arrive.
// data-live-on="recovery health" narrows the events listened to; "beat" only says that the server is there.
const source = document.querySelector("[data-live]");
const names = (source?.dataset.liveOn ?? "recovery health alarm switch reset").split(" ");
const GATHER = 150; // ms: news comes in bursts, one fetch serves them all
const SETTLE = 350; // ms: from the end of a touch until a held part is swapped
const PATIENCE = [500, 30000]; // ms: first and longest wait before the stream is opened again
const DEAF = 45_000; // ms: a stream that says nothing for so long is dead, whatever the browser thinks

let stream;
let wait = PATIENCE[0];
let retry;
let gathering;
let fetching = false;
let stale = false;

const drawn = new Map(); // id -> the HTML last put there, as the server wrote it
const held = new Map(); // id -> new HTML that waits until nobody is busy in the part
let pressed; // what a finger or the mouse is on right now
let settling;

function put(part, html) {
  const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  const focused = part.contains(document.activeElement) && document.activeElement;
  part.innerHTML = inOrder(part, html);
  drawn.set(part.id, html);
  held.delete(part.id);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) refocus(part, focused);
  part.dispatchEvent(new Event("uncordon:swapped", { bubbles: true }));
}

// A keyboard or a screen reader goes on where it was: at the same button or link, else at the part.
function refocus(part, old) {
  const same = (one) => (old.id ? one.id === old.id : one.textContent === old.textContent && one.getAttribute("href") === old.getAttribute("href"));
  const twin = [...part.querySelectorAll(old.localName)].find(same);
  if (!twin) part.tabIndex = -1;
  (twin ?? part).focus({ preventScroll: true });
}

function offer(part, html) {
  if (html === (drawn.get(part.id) ?? part.innerHTML)) held.delete(part.id);
  else if (busy(part)) held.set(part.id, html);
  else put(part, html);
}

// Nothing is taken from under a thumb, and nothing that was typed is thrown away.
function busy(part) {
  if (pressed && part.contains(pressed)) return true;
  return fields(part).some((field) => field === document.activeElement || changed(field));
}

const fields = (part) => [...part.querySelectorAll("input:not([type=hidden]), textarea, select")];
const changed = (field) => (field.options
  ? [...field.options].some((one) => one.defaultSelected && !one.selected)
  : field.value !== field.defaultValue || field.checked !== field.defaultChecked);

// What a new page would take away: typed text, or a sheet that is open.
const typing = () => Boolean(document.querySelector("dialog[open]")) || fields(document).some(changed);

// A tap ends in a click shortly after the finger has left, and the next element has the focus only after the
// last one lost it: so what is held waits a moment longer.
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    for (const [id, html] of held) {
      const part = document.getElementById(id);
      if (part && !busy(part)) put(part, html);
    }
  }, SETTLE);
}

async function refresh() {
  if (fetching) {
    stale = true;
    return;
  }
  fetching = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
    const html = answer.headers.get("content-type")?.startsWith("text/html");
    if (answer.redirected || answer.status === 401) location.reload();
    else if (answer.ok && html) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live-part][id]")) {
        const fresh = page.getElementById(part.id);
        if (fresh) offer(part, fresh.innerHTML);
      }
      heard(page.querySelector("#connection [data-now]")?.dataset.now);
      badge(page.getElementById("content")?.dataset.badge);
      root.dataset.refreshed = String(Number(root.dataset.refreshed ?? 0) + 1);
    }
  } catch {
    // The line is down: the stream notices too, and its return brings a refresh.
  } finally {
    fetching = false;
    if (stale) {
      stale = false;
      news();
    }
  }
}

function news() {
  if (gathering) return;
  gathering = setTimeout(() => {
    gathering = undefined;
    if (!document.hidden) refresh();
  }, GATHER);
}

function open() {
  if (!source || stream || document.hidden) return;
  clearTimeout(retry);
  const reopened = root.dataset.stream === "lost" || shownAgain || savedAt;
  stream = new EventSource(source.dataset.live);
  stream.onopen = () => {
    root.dataset.stream = "open";
    lostAt = 0;
    drawConnection();
    wait = PATIENCE[0];
    if (reopened) news();
    document.dispatchEvent(new Event("uncordon:back"));
  };
  // The browser itself retries a dropped line; a refused one (readyState 2) is ours to retry.
  stream.onerror = () => {
    lost();
    if (stream?.readyState !== EventSource.CLOSED) return;
    stream = undefined;
    retry = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, PATIENCE[1]);
  };
  for (const name of names) stream.addEventListener(name, news);
  stream.addEventListener("beat", (event) => heard(event.data));
}

function lost() {
  if (root.dataset.stream !== "lost") lostAt = Date.now();
  root.dataset.stream = "lost";
}

function close() {
  clearTimeout(retry);
  stream?.close();
  stream = undefined;
  lost();
}

function again() {
  close();
  open();
}

document.addEventListener("visibilitychange", () => source && (document.hidden ? close() : open()));
addEventListener("pagehide", () => source && close());
addEventListener("pageshow", (event) => event.persisted && open());
addEventListener("online", () => source && again());
setInterval(() => stream?.readyState === EventSource.OPEN && age() > DEAF && again(), 5000);
document.addEventListener("pointerdown", (event) => {
  pressed = event.target;
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    setTimeout(() => {
      pressed = undefined;
      settle();
    }, SETTLE);
  });
}
for (const change of ["focusout", "input", "change"]) document.addEventListener(change, settle);
// Keys of power acts hold for a minute and a half: whoever shows them asks for fresh ones in time.
document.addEventListener("uncordon:renew", news);
open();
