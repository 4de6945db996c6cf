// Keeps a page live: one event stream per page, named by [data-live]="/url". On news the page's own HTML is
// fetched again and every element with data-live-part and an id takes over its new content, so the server
// stays the only one that draws. <html data-stream="open|lost"> says whether news can arrive.
// data-live-on="recovery health" narrows the events listened to.
const source = document.querySelector("[data-live]");
const root = document.documentElement;
const names = (source.dataset.liveOn ?? "recovery health alarm switch reset").split(" ");
const GATHER = 150; // ms: news comes in bursts, one fetch serves them all
const PATIENCE = [500, 30000]; // ms: first and longest wait before the stream is opened again

let stream;
let wait = PATIENCE[0];
let retry;
let gathering;
let fetching = false;
let stale = false;

const drawn = new Map(); // id -> the HTML last put there, as the server wrote it
const held = new Map(); // id -> new HTML that waits until the focus has left the part

function put(part, html) {
  const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
  part.innerHTML = html;
  drawn.set(part.id, html);
  held.delete(part.id);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  part.dispatchEvent(new Event("uncordon:swapped", { bubbles: true }));
}

function offer(part, html) {
  if (html === (drawn.get(part.id) ?? part.innerHTML)) held.delete(part.id);
  else if (part.contains(document.activeElement)) held.set(part.id, html);
  else put(part, html);
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
  if (stream || document.hidden) return;
  clearTimeout(retry);
  const reopened = root.dataset.stream === "lost";
  stream = new EventSource(source.dataset.live);
  stream.onopen = () => {
    root.dataset.stream = "open";
    wait = PATIENCE[0];
    if (reopened) news();
  };
  // The browser itself retries a dropped line; a refused one (readyState 2) is ours to retry.
  stream.onerror = () => {
    root.dataset.stream = "lost";
    if (stream?.readyState !== EventSource.CLOSED) return;
    stream = undefined;
    retry = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, PATIENCE[1]);
  };
  for (const name of names) stream.addEventListener(name, news);
}

function close() {
  clearTimeout(retry);
  stream?.close();
  stream = undefined;
  root.dataset.stream = "lost";
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && open());
addEventListener("online", () => {
  close();
  open();
});
document.addEventListener("focusout", () => {
  // The next element has the focus only after this event.
  setTimeout(() => {
    for (const [id, html] of held) {
      const part = document.getElementById(id);
      if (part && !part.contains(document.activeElement)) put(part, html);
    }
  });
});
open();
