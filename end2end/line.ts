// The line between a phone and the product: it can be cut, it can hang like a tunnel does, it counts what came through.
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, type Socket } from "node:net";

export class Line {
  /**
   * `open` passes on, `hang` takes requests and never answers, `deaf` passes them on and keeps the answer, `cut` hangs up, `portal`
   * answers in the product's place.
   */
  mode: "open" | "hang" | "deaf" | "cut" | "portal" = "open";
  /** Every request that reached the product, as `METHOD /path`. */
  readonly passed: string[] = [];
  /** What the product answered, in order, whether it was let through or not. */
  readonly answered: IncomingMessage[] = [];
  /** Replaces text in the answer for a path, so that a newer build can be made believe. */
  readonly rewrite = new Map<string, (body: string) => string>();
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly to: () => string) {
    this.server = createServer((from, answer) => this.carry(from, answer));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.sockets.delete(socket));
    });
  }

  static async lay(to: () => string): Promise<Line> {
    const line = new Line(to);
    await new Promise<void>((open) => line.server.listen(0, "127.0.0.1", open));
    return line;
  }

  url(path = "/"): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  posts(): string[] {
    return this.passed.filter((one) => one.startsWith("POST "));
  }

  /** Changes the mode; open connections do not live on in another. */
  be(mode: Line["mode"]): void {
    this.mode = mode;
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((closed) => this.server.close(closed));
  }

  private carry(from: IncomingMessage, answer: ServerResponse): void {
    if (this.mode === "hang") return;
    if (this.mode === "cut") return void from.socket.destroy();
    if (this.mode === "portal") return void answer.writeHead(200, { "content-type": "text/html" }).end("<h1>Buy a day of internet</h1>");
    const { pathname } = new URL(from.url!, this.url());
    this.passed.push(`${from.method} ${pathname}`);
    const rewrite = this.rewrite.get(pathname);
    const headers = rewrite ? { ...from.headers, "accept-encoding": "identity", "if-none-match": "" } : from.headers;
    const on = ask(new URL(from.url!, this.to()), { method: from.method, headers }, (told) => {
      this.answered.push(told);
      if (this.mode === "deaf") return void told.resume();
      if (!rewrite) {
        answer.writeHead(told.statusCode!, told.headers);
        told.pipe(answer);
        return;
      }
      let text = "";
      told.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      told.on("end", () => {
        const body = rewrite(text);
        answer.writeHead(told.statusCode!, { ...told.headers, "content-length": Buffer.byteLength(body), etag: "" });
        answer.end(body);
      });
    });
    on.on("error", () => from.socket.destroy());
    answer.on("close", () => on.destroy());
    from.pipe(on);
  }
}
