// The worker, first part: what it keeps. The shell of this build, and copies of pages that were seen, each with the
// time at which it was made; all copies belong to one person.
const BUILD = "@BUILD@";
const SHELL = @SHELL@;
const FILES = `shell-${BUILD}`;
const PAGES = "pages";
const MOST = 40;
const OLDEST = 7 * 86_400_000;
const OURS = "uncordon-build"; // a header of every answer of ours: a captive portal has none
const WHOSE = "uncordon-for";
const MADE = "uncordon-saved";

self.addEventListener("install", (event) => event.waitUntil(stock()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data === "skip") self.skipWaiting();
  if (event.data === "purge") event.waitUntil(caches.delete(PAGES));
  if (event.data === "build") event.ports[0]?.postMessage(BUILD);
});

async function stock() {
  const cache = await caches.open(FILES);
  await Promise.all(SHELL.map(async (path) => {
    const answer = await fetch(path, path.startsWith("/pkg/") ? {} : { cache: "reload" });
    if (!answer.ok || !answer.headers.has(OURS)) throw new Error(`${path} is not there`);
    await cache.put(path, answer);
  }));
}

// Copies of pages name files of the build they were made by: that of the build before is kept with ours.
async function takeOver() {
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-"));
  const old = shells.filter((name) => name !== FILES).slice(0, -1);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// An address as a page is known by: how somebody came there makes no difference.
function known(address) {
  const url = new URL(address, location.origin);
  url.searchParams.delete("src");
  url.hash = "";
  return url.href;
}

function worthKeeping(answer) {
  const type = answer.headers.get("content-type") ?? "";
  return answer.status === 200 && !answer.redirected && type.startsWith("text/html") && answer.headers.has(OURS)
    && answer.headers.has(WHOSE) && !/no-store/.test(answer.headers.get("cache-control") ?? "");
}

// Keeps a copy of a good answer and hands the answer on.
async function keep(address, answer) {
  if (!worthKeeping(answer)) return;
  const copy = answer.clone();
  const headers = new Headers(copy.headers);
  headers.set(MADE, String(Date.now()));
  for (const wire of ["content-encoding", "content-length", "set-cookie"]) headers.delete(wire);
  const body = await copy.blob();
  try {
    const cache = await owned(headers.get(WHOSE));
    await cache.put(known(address), new Response(body, { status: 200, headers }));
    await thin(cache);
  } catch {
    // There is no room: better no copies at all than old ones that cannot be replaced.
    await caches.delete(PAGES);
  }
}

// What was kept for somebody else goes first.
async function owned(who) {
  const cache = await caches.open(PAGES);
  const [any] = await cache.keys();
  const old = any && (await cache.match(any));
  if (!old || old.headers.get(WHOSE) === who) return cache;
  await caches.delete(PAGES);
  return caches.open(PAGES);
}

async function thin(cache) {
  const all = await cache.keys();
  const made = await Promise.all(all.map(async (key) => Number((await cache.match(key))?.headers.get(MADE))));
  const gone = all.filter((_, n) => n < all.length - MOST || Date.now() - made[n] > OLDEST);
  await Promise.all(gone.map((key) => cache.delete(key)));
}
