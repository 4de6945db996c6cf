// How old the page's knowledge is, in words, by the server's clock: a phone's clock may be wrong, and an event stream
// looks open for an hour in a pocket. What counts is when the server was last heard.
const LIVE_FOR = 30_000; // ms without a word: no longer live
const SLOW_FOR = 120_000; // ms: no longer slow but offline
const FLAP = 1000; // ms: a shorter loss is not mentioned
const stamp = () => document.querySelector("#connection [data-now]");
const savedAt = Number(root.dataset.saved) || 0; // the worker served a copy it made then, by this phone's clock

const clock = { server: 0, phone: 0, speed: 1 };
let lostAt = 0; // when the stream went, by the phone's clock; 0 while it is open

// The server spoke: this was its time just now.
function heard(time) {
  const at = Date.parse(time ?? stamp()?.dataset.now);
  if (at) Object.assign(clock, { server: at, phone: Date.now() });
}

const age = () => Math.max(0, Date.now() - clock.phone);
const serverNow = () => new Date(clock.server + age() * clock.speed);
const utc = (date, seconds = true) => date.toISOString().slice(11, seconds ? 19 : 16);
const span = (ms) => (ms < 60_000 ? `${Math.floor(ms / 1000)} s` : ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min`
  : ms < 172_800_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} days`);

// open, slow, lost or offline; "still" for a page that was never live.
function connection() {
  const state = root.dataset.stream;
  if (savedAt && !root.dataset.refreshed) return "offline";
  if (!state) return "still";
  if (age() >= SLOW_FOR) return "offline";
  if (state === "lost" && (!lostAt || Date.now() - lostAt >= FLAP)) return "lost";
  return age() >= LIVE_FOR ? "slow" : "open";
}

const reachable = () => !["lost", "offline"].includes(connection()) && navigator.onLine;

function drawConnection() {
  const word = connection();
  const last = new Date(clock.server);
  root.dataset.connection = word;
  const text = {
    still: "",
    open: `Live, updated ${utc(last)} UTC`,
    slow: `Slow, updated ${span(age())} ago`,
    lost: `Reconnecting, last ${utc(last)} UTC`,
    offline: `Offline since ${utc(last, false)} UTC`,
  }[word];
  if (text && stamp()) write(stamp(), text);
  const copy = savedAt && !root.dataset.refreshed;
  notice("offline", word === "offline" && {
    text: `${copy ? "Saved copy from" : "Offline since"} ${utc(last, false)} UTC`,
    aside: () => `${copy ? "," : ". This is"} ${span(age())} old.${source ? " Reconnecting." : ""}`,
    link: ["Try again", ""],
  });
  drawNotice();
}

clock.speed = Number(stamp()?.dataset.speed) || 1;
heard();
if (savedAt) clock.phone = savedAt;
// A page that comes out of the browser's own store is as old as that.
const shownAgain = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
setInterval(() => document.hidden || drawConnection(), 1000);
document.addEventListener("uncordon:swapped", (event) => event.target.id === "connection" && drawConnection());
Object.assign(kit, { connection, serverNow, age, span, utc, reachable });
queueMicrotask(drawConnection);
