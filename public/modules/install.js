// The group "This app" of Settings: how to install on this very device, what is saved on it, and whether everything
// between it and the server works.
const ua = navigator.userAgent;
const IOS = /iPhone|iPad|iPod/.test(ua) || (/Macintosh/.test(ua) && navigator.maxTouchPoints > 1);
const FIREFOX = /Android.*Firefox/.test(ua);

export default async function (group, kit) {
  const { made, write, utc, span, alone } = kit;
  const find = (name) => group.querySelector(`[data-app=${name}]`);
  group.dataset.platform = alone ? "installed" : IOS ? "ios" : FIREFOX ? "firefox" : "other";
  find(IOS ? "ios" : FIREFOX ? "android" : "none")?.setAttribute("open", "");
  if (alone) {
    write(find("state"), "Installed: this is the app, without a browser around it.");
    find("how").hidden = true;
  }

  const button = find("install");
  const offer = () => {
    button.hidden = !kit.offer;
  };
  document.addEventListener("uncordon:offer", offer);
  offer();
  button.onclick = async () => {
    const { outcome } = await kit.offer.prompt();
    kit.offer = undefined;
    offer();
    if (outcome === "accepted") write(find("state"), "Installed. Open it from your home screen.");
  };

  async function saved() {
    if (!globalThis.caches) return write(find("saved"), "Nothing: pages are only kept over https");
    const cache = (await caches.has("pages")) ? await caches.open("pages") : undefined;
    const keys = (await cache?.keys()) ?? [];
    const all = await Promise.all(keys.map((key) => cache.match(key)));
    const sizes = await Promise.all(all.map(async (one) => (await one.blob()).size));
    const last = Math.max(0, ...all.map((one) => Number(one.headers.get("uncordon-saved"))));
    const kb = Math.ceil(sizes.reduce((sum, one) => sum + one, 0) / 1024);
    write(find("saved"), keys.length ? `${keys.length} ${keys.length === 1 ? "page" : "pages"}, ${kb} KB; the last ${span(Date.now() - last)} ago` : "No page yet");
    find("clear").hidden = !keys.length;
  }
  find("clear").onclick = async () => {
    await caches.delete("pages");
    await saved();
  };

  async function worker() {
    const active = (await navigator.serviceWorker?.getRegistration())?.active;
    if (!active) return "none";
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
    active.postMessage("build", [port2]);
    return Promise.race([answer, new Promise((done) => setTimeout(done, 2000, "does not answer"))]);
  }

  // The stream of news, opened for as long as the test takes.
  const stream = () => new Promise((done) => {
    const source = new EventSource("/live");
    const end = (word) => {
      source.close();
      done(word);
    };
    source.addEventListener("beat", () => end("open"));
    source.onerror = () => end("refused or cut");
    setTimeout(end, 5000, "no answer within 5 s");
  });

  async function test() {
    const begin = performance.now();
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(8000) }).catch(() => undefined);
    const trip = Math.round(performance.now() - begin);
    const line = !answer ? "No answer from the server." : answer.headers.has("uncordon-build") ? `Server answered in ${trip} ms.`
      : "Something else answered in the server's place: sign in to this network first.";
    return [line, answer ? `Stream of news: ${await stream()}.` : "", `Worker: build ${await worker()}; page: build ${document.documentElement.dataset.build}.`].filter(Boolean);
  }

  find("test").onclick = async () => {
    const place = find("result");
    write(place, "Testing.");
    place.replaceChildren(...(await test()).map((line) => made("p", {}, line)));
  };
  find("copy").onclick = async () => {
    const lines = [...(await test()), `Saved: ${find("saved").textContent}`, `Mode: ${group.dataset.platform}`, `At: ${new Date().toISOString()}`, ua];
    await navigator.clipboard.writeText(lines.join("\n")).then(() => write(find("result"), "Copied."), () => find("result").replaceChildren(made("pre", {}, lines.join("\n"))));
  };
  find("tools").hidden = false;
  await saved();
}
