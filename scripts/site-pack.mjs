// site-pack RAW PUBLIC OUT: joins the scripts, gives the browser files names that hold their hash, packs each with
// Brotli and gzip, and writes manifest.txt and sw.js. Called by scripts/site.
//
// The page's script is public/loader.js and public/page/*.js, the worker public/sw/*.js, each in the order of names:
// parts of one script share their top-level names. public/modules/*.js stay files of their own; the loader imports
// them where an element asks for one. server/build.rs writes the build's word into sw.js.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Script } from "node:vm";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [raw, pub, out] = process.argv.slice(2);
const PAGES = ["/offline", "/unconfirmed"]; // drawn by the server, kept by the worker
const ICONS = ["/favicon.svg", "/icons/192.png"];
mkdirSync(join(out, "pkg"), { recursive: true });
const manifest = [];
const addresses = [];
let total = 0;

const packed = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
const told = (name, bytes, br) =>
  console.error(`site: ${name.padEnd(8)} ${String(bytes.length).padStart(7)} bytes, ${String(br.length).padStart(6)} with Brotli`);

function put(name, stem, ending, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const address = `/pkg/${stem}.${hash}.${ending}`;
  const file = join(out, address);
  const br = packed(bytes);
  writeFileSync(file, bytes);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  manifest.push(`${name}=${address}`);
  addresses.push(address);
  total += br.length;
  told(name, bytes, br);
  return address;
}

// Whole-line comments and indentation only: nothing that could change what the script does.
const lean = (text) => text.replace(/^\s*\/\/.*\n/gm, "").replace(/^[ \t]+/gm, "").replace(/\n+/g, "\n");
const script = (name) => lean(readFileSync(join(pub, name), "utf8"));
const scripts = (folder) => readdirSync(join(pub, folder)).filter((name) => name.endsWith(".js")).sort().map((name) => `${folder}/${name}`);
const joined = (names) => names.map(script).join("");

// A name that two parts declare is found here, not on a phone. A page's script may wait for imports.
function checked(what, text, within = (body) => body) {
  new Script(within(text), { filename: what });
  const left = /@[A-Z]+@/.exec(text.replaceAll("@BUILD@", ""));
  if (left) throw new Error(`${left[0]} was not filled in ${what}`);
  return Buffer.from(text);
}
const inside = (body) => `(async () => {"use strict";${body.replace(/^export default /gm, "const exported = ").replace(/^export /gm, "")}\n})`;

const wasm = put("wasm", "app", "wasm", readFileSync(join(raw, "app_bg.wasm")));
const js = put("js", "app", "js", Buffer.from(lean(readFileSync(join(raw, "app.js"), "utf8"))));
const modules = {};
for (const name of scripts("modules")) {
  const stem = basename(name, ".js");
  modules[stem] = put(`module-${stem}`, stem, "js", checked(name, script(name), inside));
}
const page = joined(["loader.js", ...scripts("page")])
  .replace("@JS@", js).replace("@WASM@", wasm).replace("@MODULES@", JSON.stringify(modules));
put("loader", "loader", "js", checked("loader.js", page, inside));
const worker = checked("sw.js", joined(scripts("sw")).replace("@SHELL@", JSON.stringify([...addresses, ...ICONS, ...PAGES])));
writeFileSync(join(out, "sw.js"), worker);
told("worker", worker, packed(worker));
manifest.push(`islands=${islands().join(",")}`);
writeFileSync(join(out, "manifest.txt"), `${manifest.sort().join("\n")}\n`);
console.error(`site: ${total} bytes with Brotli in all`);

// The names a page may mention in data-component.
function islands() {
  const glue = readFileSync(join(raw, "app.js"), "utf8");
  return [...glue.matchAll(/^export function (\w+_\d+)\(/gm)].map((found) => found[1]).sort();
}
