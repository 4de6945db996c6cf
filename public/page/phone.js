// What only a phone has: the number on the icon, a screen that stays on during a recovery, a way back without a
// browser's bar.
const alone = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches || navigator.standalone === true;
let lamp;
let lighting = false;

// The number that the server counted; no icon carries one unless the app is installed.
function badge(count) {
  if (count === undefined) return;
  document.body.dataset.badge = count;
  const told = Number(count) ? navigator.setAppBadge?.(Number(count)) : navigator.clearAppBadge?.();
  told?.catch(() => {});
}

// The system takes the lock away with every look elsewhere: it is taken again on the way back, and dropped at the end.
async function light() {
  const running = !document.hidden && document.querySelector("[data-recovery][data-state=running]");
  if (!running) {
    lamp?.release().catch(() => {});
    lamp = undefined;
  } else if ((!lamp || lamp.released) && !lighting && navigator.wakeLock) {
    lighting = true;
    lamp = await navigator.wakeLock.request("screen").catch(() => undefined);
    lighting = false;
  }
}

root.dataset.app = alone ? "alone" : "tab";
document.addEventListener("click", (event) => {
  const back = event.target.closest?.("[data-back]");
  if (!back || history.length < 2 || !document.referrer.startsWith(location.origin)) return;
  event.preventDefault();
  history.back();
});
document.addEventListener("visibilitychange", light);
document.addEventListener("uncordon:swapped", light);
kit.alone = alone;
if (alone) navigator.storage?.persist?.().catch(() => {});
badge(document.getElementById("content")?.dataset.badge);
light();
