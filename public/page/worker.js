// The worker that keeps pages for the tunnel, and the news that a newer build of it waits. It takes over only when
// somebody says so, and a page is loaded anew only while nothing is typed and no sheet is open.
const workers = navigator.serviceWorker;
const first = !workers?.controller;
let swapping = false;

async function enlist() {
  const registration = await workers.register("/sw.js", { updateViaCache: "none" });
  const look = () => {
    const waiting = registration.waiting;
    if (!waiting || first) return;
    notice("update", {
      text: "Update ready.",
      button: ["Reload", () => {
        swapping = true;
        waiting.postMessage("skip");
      }],
    });
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
  document.addEventListener("uncordon:back", () => registration.update().catch(() => {}));
  look();
}

if (workers) {
  workers.addEventListener("controllerchange", () => {
    // The very first worker takes over pages that are of its own build already.
    if (first && !swapping) return;
    if (!typing()) location.reload();
    else notice("update", { text: "Updated.", button: ["Reload", () => location.reload()] });
  });
  // Not before the page itself is done: on a slow line it needs all there is.
  const later = () => setTimeout(() => enlist().catch((trouble) => console.warn(trouble)), 0);
  if (document.readyState === "complete") later();
  else addEventListener("load", later);
}

// The browser offers to install once, early, and the offer is worth keeping: the button for it is in Settings.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  kit.offer = event;
  document.dispatchEvent(new Event("uncordon:offer"));
  if (localStorage.getItem("uncordon-no-offer") || location.pathname !== "/") return;
  notice("install", {
    text: "Uncordon can be installed as an app.",
    link: ["Install", "/settings#app"],
    later: () => {
      localStorage.setItem("uncordon-no-offer", "1");
      notice("install");
    },
  });
});
addEventListener("appinstalled", () => notice("install"));
