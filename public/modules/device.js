// This device: whether it is told, and why not. Every state is drawn by the server; here the true one is shown. It asks
// for permission only after a tap.
const WORKER = "/sw.js";
const DEVICES = "/api/v1/devices";
const PATIENCE = 25_000; // ms: a push service that does not answer is no reason to wait for ever

export default function device(card) {
  const word = card.querySelector("[data-word]");
  const key = card.dataset.key;

  function show(state, why = "") {
    for (const panel of card.querySelectorAll("[data-state]")) panel.hidden = panel.dataset.state !== state;
    card.dataset.now = state;
    if (why) card.querySelector("[data-why]").textContent = why;
  }

  function wall() {
    const phone = /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
    const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
    if (!isSecureContext) return "insecure";
    if (phone && !installed && !("PushManager" in window)) return "install";
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "unsupported";
    if (Notification.permission === "denied") return "blocked";
    return undefined;
  }

  async function registration() {
    if (!(await navigator.serviceWorker.getRegistration("/"))) await navigator.serviceWorker.register(WORKER);
    return soon(navigator.serviceWorker.ready, "The app's worker does not start.");
  }

  async function look() {
    const barred = wall();
    if (barred) return show(barred);
    const known = await navigator.serviceWorker.getRegistration("/");
    const subscription = await known?.pushManager.getSubscription();
    const row = subscription && document.querySelector(`[data-mark="${await mark(subscription.endpoint)}"]`);
    if (!row || Notification.permission !== "granted") return show("off");
    row.querySelector("[data-here]").hidden = false;
    card.dataset.device = row.dataset.device;
    show("on");
    // What it heard before this page was drawn counts as a sign of life.
    return post(`${DEVICES}/seen`, { endpoint: subscription.endpoint }).catch(() => {});
  }

  async function subscribe() {
    word.textContent = "Waiting for the browser.";
    const permission = await Notification.requestPermission();
    word.textContent = "";
    if (permission === "denied") return show("blocked");
    if (permission !== "granted") {
      word.textContent = "The question was closed without an answer; nothing changed.";
      return undefined;
    }
    word.textContent = "Asking the push service.";
    const { pushManager } = await registration();
    const old = await pushManager.getSubscription();
    if (old && spell(old.options.applicationServerKey) !== key) await old.unsubscribe();
    const asked = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const subscription = await soon(asked, "The push service of this browser does not answer. Try again on another network.");
    const answer = await post(DEVICES, subscription.toJSON());
    if (!answer.ok) {
      await subscription.unsubscribe();
      throw new Error((await answer.json().catch(() => ({}))).detail ?? `The server answered ${answer.status}.`);
    }
    return location.reload();
  }

  async function unsubscribe() {
    const subscription = await (await registration()).pushManager.getSubscription();
    await subscription?.unsubscribe();
    if (card.dataset.device) await fetch(`${DEVICES}/${card.dataset.device}`, { method: "DELETE" });
    location.reload();
  }

  const acts = { subscribe, unsubscribe };
  card.addEventListener("click", (event) => {
    const act = acts[event.target.closest("[data-act]")?.dataset.act];
    act?.().catch((trouble) => {
      word.textContent = "";
      show("failed", sentence(trouble));
    });
  });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data === "delivered" && card.isConnected) location.reload();
  });
  return look().catch((trouble) => show("failed", sentence(trouble)));
}

function sentence(trouble) {
  if (trouble.name === "NotAllowedError") return "The browser does not allow it here.";
  if (trouble.name === "AbortError") return "The push service of this browser refused. A private window or a blocked network does that.";
  return trouble.message;
}

function soon(promise, why) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(why)), PATIENCE))]);
}

function post(path, body) {
  const headers = { "content-type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin" });
}

// The SHA-256 of a push address: by it the row of this device is found.
async function mark(endpoint) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Base64url, as keys are written.
function spell(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer ?? []));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
