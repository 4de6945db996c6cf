# Sourced by the other scripts: where things are, and how they speak. Needs bash.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
TOOLS=$ROOT/target/tools
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/uncordon
WASM=wasm32-unknown-unknown
BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' "$ROOT/Cargo.toml")
WASM_OPT=$TOOLS/npm/node_modules/binaryen/bin/wasm-opt
cd "$ROOT"

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
hash_of() { sha256sum | cut -c1-16; }

# Runs a command quietly under a headline with its seconds; on failure shows the end of what it said.
step() {
  local title=$1 log begin=$SECONDS
  shift
  log=$(mktemp)
  say "$title .."
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    say "$title: done in $((SECONDS - begin)) s"
  else
    tail -n 40 "$log" >&2
    rm -f "$log"
    say "$title: failed after $((SECONDS - begin)) s"
    return 1
  fi
}

# The compiler for the browser half. `rustup` brings its standard library the short way; where it cannot,
# scripts/wasm-toolchain leaves a folder made from Debian's packages. The host half never uses that one.
wasm_long_way() { [ -x "$TOOLS/wasm-toolchain/bin/rustc" ]; }
wasm_cargo() {
  if ! wasm_long_way; then
    cargo "$@"
    return
  fi
  export RUSTC=$TOOLS/wasm-toolchain/bin/rustc SYSROOT=$TOOLS/wasm-toolchain
  export CARGO=/usr/bin/cargo CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
  # `cargo clippy` would take rustup's clippy, which does not know this compiler.
  if [ "$1" = clippy ]; then /usr/bin/cargo-clippy "$@"; else /usr/bin/cargo "$@"; fi
}
