// Starts the stand-in for Telegram's Bot API on loopback: telegram.mjs FOLDER PORT. FOLDER holds its node_modules. Says "ready";
// ends when its standard input closes.
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, port] = process.argv.slice(2);
const { TelegramServer } = createRequire(join(folder, "package.json"))("telegram-test-api/lib/telegramServer.js");
const server = new TelegramServer({ host: "127.0.0.1", port: Number(port), storeTimeout: 600 });
await server.start();
console.log("ready");
process.stdin.on("end", () => process.exit(0)).resume();
