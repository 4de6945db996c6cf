// Fails when a crate that reaches the binary or the browser has a licence that is not on the list below, or is
// banned. Reads `cargo metadata` only; nothing is downloaded beyond what the build needs anyway.
import { spawnSync } from "node:child_process";

const ALLOWED = new Set([
  "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
  "CC0-1.0", "CDLA-Permissive-2.0", "ISC", "MIT", "MIT-0", "MPL-2.0", "OpenSSL", "Unicode-3.0", "Unlicense", "Zlib",
]);
const BANNED = {
  "openssl-sys": "TLS is rustls",
  "native-tls": "TLS is rustls",
  chrono: "the time type is jiff",
};
const PLATFORMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "wasm32-unknown-unknown"];

// An SPDX expression holds if some way through its ORs uses allowed licences only.
function holds(expression) {
  const words = expression.replaceAll("/", " OR ").replace(/[()]/g, " $& ").trim().split(/\s+/);
  const either = () => {
    let good = both();
    while (words[0] === "OR") good = (words.shift(), both()) || good;
    return good;
  };
  const both = () => {
    let good = one();
    while (words[0] === "AND") good = (words.shift(), one()) && good;
    return good;
  };
  const one = () => {
    const word = words.shift();
    if (word === "(") {
      const good = either();
      words.shift();
      return good;
    }
    if (words[0] !== "WITH") return ALLOWED.has(word);
    words.shift();
    return ALLOWED.has(`${word} WITH ${words.shift()}`) || ALLOWED.has(word);
  };
  return either() && words.length === 0;
}

const filters = PLATFORMS.flatMap((platform) => ["--filter-platform", platform]);
const asked = spawnSync("cargo", ["metadata", "--format-version", "1", "--locked", ...filters], { maxBuffer: 1 << 28 });
if (asked.status !== 0) {
  console.error(`licences: ${asked.stderr}`);
  process.exit(1);
}
const metadata = JSON.parse(asked.stdout);
const used = new Set(metadata.resolve.nodes.map((node) => node.id));
const packages = metadata.packages.filter((one) => used.has(one.id));
const faults = [];
for (const { name, version, license, license_file } of packages) {
  if (BANNED[name]) faults.push(`${name} ${version} is banned: ${BANNED[name]}`);
  if (!license) faults.push(`${name} ${version} names no licence${license_file ? ` (see its ${license_file})` : ""}`);
  else if (!holds(license)) faults.push(`${name} ${version} has ${license}`);
}
for (const fault of faults) console.error(`licences: ${fault}`);
console.log(`licences: ${packages.length} crates looked at, ${faults.length} refused`);
process.exit(faults.length ? 1 : 0);
