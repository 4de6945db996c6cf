// `make sabotage`: breaks our code one line at a time in a copy, and demands that the named test turns red each time.
//   node scripts/sabotage.mjs LIST SCRATCH        ONLY=word runs only entries whose name holds the word
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const [listed, where] = process.argv.slice(2);
const scratch = resolve(where); // cargo runs inside of it
const tree = join(scratch, "tree");
const PATIENCE = 10 * 60_000; // ms: a test that hangs is not red

/** Reads the list: blocks of `key value` lines, separated by empty lines; `#` begins a comment. */
function read(text) {
  const blocks = text.split(/\n\s*\n/).map((block) => block.split("\n").filter((line) => line.trim() && !line.startsWith("#")));
  return blocks.filter((block) => block.length > 0).map((block) => {
    const entry = {};
    for (const line of block) {
      const [, key, value] = /^(\w+) (.*)$/.exec(line) ?? [];
      if (!key || key in entry) throw new Error(`${listed}: not a line of an entry: ${line}`);
      entry[key] = value;
    }
    for (const key of ["name", "guards", "file", "old", "new", "test"]) {
      if (!entry[key]) throw new Error(`${listed}: ${entry.name ?? block[0]} has no ${key}`);
    }
    return entry;
  });
}

/** Copies what git knows, so that a breakage can never be committed by mistake. */
function copy() {
  rmSync(tree, { recursive: true, force: true });
  const files = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0").filter((file) => file && existsSync(file));
  for (const file of files) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(file, join(tree, file), { preserveTimestamps: true });
  }
}

/** Runs a test; answers what became of it. */
function run(args) {
  const [options, name] = args.split(" -- ");
  const cargo = ["test", ...options.split(" "), "--", "--exact", ...name.split(" ")];
  return new Promise((done) => {
    const env = { ...process.env, CARGO_TARGET_DIR: join(scratch, "target"), RUST_BACKTRACE: "0" };
    const child = spawn("cargo", cargo, { cwd: tree, env, detached: true });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
    const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), PATIENCE); // with the test that hangs
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (signal) return done({ word: "hung", said });
      if (/^error(\[E\d+\])?: (?!test failed|\d+ target)/m.test(said)) return done({ word: "not compiled", said });
      const ran = name.split(" ").filter((one) => said.includes(`test ${one} ... `));
      if (ran.length === 0) return done({ word: "no such test", said });
      done({ word: code === 0 ? "green" : "red", said });
    });
  });
}

const only = process.env.ONLY;
const entries = read(readFileSync(listed, "utf8")).filter((entry) => !only || entry.name.includes(only));
copy();
console.log(`${entries.length} breakages of ${new Set(entries.map((entry) => entry.test)).size} tests; each test first as it stands`);
/** What became of each test while nothing was broken. */
const sound = new Map();
async function whole(test) {
  if (!sound.has(test)) {
    const { word, said } = await run(test);
    if (word !== "green") console.log(said.split("\n").slice(-40).join("\n"));
    sound.set(test, word);
  }
  return sound.get(test);
}
let missed = 0;
for (const entry of entries) {
  const path = join(tree, entry.file);
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  const at = lines.flatMap((line, index) => (line.trim() === entry.old.trim() ? [index] : []));
  const nth = Number(entry.nth ?? 1);
  const from = Date.now();
  const before = await whole(entry.test);
  let verdict;
  if (before !== "green") verdict = `${before} before anything was broken`;
  else if (at.length === 0 || (at.length > 1 && !entry.nth) || !at[nth - 1]) verdict = `the old line is there ${at.length} times`;
  else {
    lines[at[nth - 1]] = entry.new;
    writeFileSync(path, lines.join("\n"));
    const { word, said } = await run(entry.test);
    writeFileSync(path, text);
    verdict = word === "red" ? undefined : word;
    if (word === "not compiled") console.log(said.split("\n").filter((line) => line.startsWith("error")).slice(0, 3).join("\n"));
  }
  missed += verdict ? 1 : 0;
  console.log(`${verdict ? "MISSED" : "detected"}  ${entry.guards.padEnd(4)} ${entry.name}${verdict ? ` (${verdict})` : ""}  ${Math.round((Date.now() - from) / 1000)} s`);
}
console.log(`sabotage: ${entries.length - missed} of ${entries.length} detected`);
process.exit(missed === 0 ? 0 : 1);
