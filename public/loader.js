// The one script of a page; the site build joins it with public/page/*.js, and all parts share their names.
// This part wakes the islands. Written by hand, because Leptos' own loader is inline script, which our
// content policy refuses, and because one lost request must not leave every island of the page dead.
// Says how it went in <html data-islands="ready|bad"> and marks every island that woke with data-awake.
//
// An element with data-module="NAME" gets public/modules/NAME.js imported: what that exports as default is called
// with the element and the kit below, once for each element, also for those that news bring later.
// The addresses are filled in by the site build.
const JS = "@JS@";
const WASM = "@WASM@";
const MODULES = @MODULES@;
const WAITS = [400, 1500, 4000];

const root = document.documentElement;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const visited = new WeakSet();
const kit = {}; // what modules may use; the other parts fill it
let bundle;

// A failed import is remembered by the browser: trying again needs another address.
async function load(attempt) {
  const module = await import(attempt ? `${JS}?again=${attempt}` : JS);
  await module.default({ module_or_path: WASM });
  module.hydrate();
  return module;
}

async function loadPatiently() {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load(attempt);
    } catch (trouble) {
      if (attempt === WAITS.length) throw trouble;
      await pause(WAITS[attempt]);
    }
  }
}

function wake(island) {
  if ("awake" in island.dataset) return true;
  const start = bundle[island.dataset.component];
  if (!start) {
    console.error(`no island ${island.dataset.component}: page and bundle are of different builds`);
    return false;
  }
  try {
    start(island);
    island.dataset.awake = "";
    return true;
  } catch (trouble) {
    console.error(trouble);
    return false;
  }
}

// Depth first; what a parent island provides must stand before the islands between its children wake.
function walk(node, owners) {
  let good = true;
  if (node.localName === "leptos-island") {
    owners.at(-1)?.();
    good = wake(node);
  } else if (node.localName === "leptos-children") {
    owners.push(node.$$on_hydrate);
  }
  for (const child of node.children) good = walk(child, owners) && good;
  if (node.localName === "leptos-children") owners.pop();
  return good;
}

async function wakeAll(within) {
  if (!within.querySelector("leptos-island")) return true;
  // Leptos looks for these; pages of ours have no resources to hand over.
  globalThis.__RESOLVED_RESOURCES ??= [];
  globalThis.__SERIALIZED_ERRORS ??= [];
  globalThis.__INCOMPLETE_CHUNKS ??= [];
  bundle ??= await loadPatiently();
  return walk(within, []);
}

async function begin(within) {
  let good = false;
  try {
    good = await wakeAll(within);
  } catch (trouble) {
    console.error(trouble);
  }
  if (!good) document.getElementById("island-trouble")?.removeAttribute("hidden");
  root.dataset.islands = good ? "ready" : "bad";
}

async function visit(element) {
  if (visited.has(element)) return;
  visited.add(element);
  const address = MODULES[element.dataset.module];
  for (let attempt = 0; ; attempt += 1) {
    try {
      const module = await import(attempt ? `${address}?again=${attempt}` : address);
      return void module.default?.(element, kit);
    } catch (trouble) {
      console.error(trouble);
      if (!address || attempt === WAITS.length) return;
      await pause(WAITS[attempt]);
    }
  }
}

// A live part that was swapped may hold islands and modules of its own.
function wakeWithin(within) {
  begin(within);
  for (const element of within.querySelectorAll("[data-module]")) visit(element);
}
document.addEventListener("uncordon:swapped", (event) => wakeWithin(event.target));
// The parts of this script come first: an island may ask for what they have set up.
queueMicrotask(() => wakeWithin(document.body));
