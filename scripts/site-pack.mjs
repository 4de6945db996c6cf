// site-pack RAW PUBLIC OUT: gives the browser files names that hold their hash, writes the addresses into the
// loader, packs each file with Brotli and gzip, and writes manifest.txt. Called by scripts/site.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [raw, pub, out] = process.argv.slice(2);
mkdirSync(join(out, "pkg"), { recursive: true });
const manifest = [];
let total = 0;

function put(name, stem, ending, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const address = `/pkg/${stem}.${hash}.${ending}`;
  const file = join(out, address);
  const br = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(file, bytes);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  manifest.push(`${name}=${address}`);
  total += br.length;
  console.error(`site: ${name.padEnd(6)} ${String(bytes.length).padStart(7)} bytes, ${String(br.length).padStart(6)} with Brotli`);
  return address;
}

// Whole-line comments and indentation only: nothing that could change what the script does.
const lean = (text) => text.replace(/^\s*\/\/.*\n/gm, "").replace(/^[ \t]+/gm, "").replace(/\n+/g, "\n");
const script = (name) => lean(readFileSync(join(pub, name), "utf8"));

const wasm = put("wasm", "app", "wasm", readFileSync(join(raw, "app_bg.wasm")));
const js = put("js", "app", "js", Buffer.from(lean(readFileSync(join(raw, "app.js"), "utf8"))));
const live = put("live", "live", "js", Buffer.from(script("live.js")));
const loader = script("loader.js").replace("@JS@", js).replace("@WASM@", wasm).replace("@LIVE@", live);
if (/@[A-Z]+@/.test(loader)) throw new Error("an address is missing in the loader");
put("loader", "loader", "js", Buffer.from(loader));
manifest.push(`islands=${islands().join(",")}`);
writeFileSync(join(out, "manifest.txt"), `${manifest.sort().join("\n")}\n`);
console.error(`site: ${total} bytes with Brotli in all`);

// The names a page may mention in data-component.
function islands() {
  const glue = readFileSync(join(raw, "app.js"), "utf8");
  return [...glue.matchAll(/^export function (\w+_\d+)\(/gm)].map((found) => found[1]).sort();
}
