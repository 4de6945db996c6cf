#!/bin/bash
# A stand-in for Telegram's Bot API on loopback: telegram.sh PORT. Says "ready" when it answers, or "absent" with a reason; ends
# when its standard input closes. Installed by scripts/setup test.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$here/../../../../target/tools/chat
[ -e "$folder/node_modules/.installed" ] || { echo "absent: telegram-test-api is not installed (scripts/setup test)"; exit 0; }
node "$here/telegram.mjs" "$folder" "$1" || echo "absent: it did not start"
