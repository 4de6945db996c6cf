// Two push services on loopback. `decrypting` checks the sender: signature, encryption, and what it says when a
// subscription has ended. `chromium` stands in for the browser's own push service, so that a real subscription of a real
// Chromium gets what the product sends and decrypts it itself; it checks no signature, hence both.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTls, type TLSSocket } from "node:tls";

const require = createRequire(import.meta.url);

/** The subscription of a device that is not there. */
export interface Pretended {
  endpoint: string;
  keys: { p256dh: string; auth: string };
  clientHash: string;
}

/** A push service that decrypts what it is sent for devices it made up. */
export class Decrypting {
  private constructor(private readonly server: Server, private readonly port: number) {}

  static async open(): Promise<Decrypting> {
    const Testing = require("web-push-testing/src/server.js");
    const { PushApiModel } = require("web-push-testing/src/PushApiModel.js");
    const model = new PushApiModel();
    const testing = new Testing(model, 1);
    testing.setRequestHandlers();
    // The package itself would listen on every address.
    const server = createServer(testing._app);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    model.notifyUrl = `http://127.0.0.1:${port}/notify/`;
    return new Decrypting(server, port);
  }

  async subscribe(applicationServerKey: string): Promise<Pretended> {
    const answer = await this.post("/subscribe", { userVisibleOnly: "true", applicationServerKey });
    return answer.data;
  }

  async expire({ clientHash }: Pretended): Promise<void> {
    await this.post(`/expire-subscription/${clientHash}`, {});
  }

  /** What the device could read, oldest first. */
  async read({ clientHash }: Pretended): Promise<any[]> {
    const answer = await this.post("/get-notifications", { clientHash });
    return (answer.data?.messages ?? []).map((one: string) => JSON.parse(one));
  }

  private async post(path: string, body: unknown): Promise<any> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return text.startsWith("{") ? JSON.parse(text) : text;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

// The types of this Node and of this compiler disagree about what a buffer is.
const joined = (parts: Buffer[]): Buffer => Buffer.concat(parts as unknown as Uint8Array[]);
const wire = (bytes: Buffer): Uint8Array => bytes as unknown as Uint8Array;

// Just enough of protocol buffers to write messages.
const number = (value: number | bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest ? low | 128 : low);
  } while (rest);
  return Buffer.from(bytes);
};
const varint = (field: number, value: number | bigint) => joined([number(field << 3), number(value)]);
const text = (field: number, value: string | Buffer) => {
  const bytes = Buffer.from(value as string);
  return joined([number((field << 3) | 2), number(bytes.length), bytes]);
};
const fixed = (field: number, value: bigint) => {
  const bytes = Buffer.alloc(9);
  bytes[0] = (field << 3) | 1;
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
};
const framed = (tag: number, body: Buffer) => joined([Buffer.from([tag]), number(body.length), body]);

const whole = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return joined(parts);
};

/** One message that was handed to the stand-in. */
export interface Handed {
  headers: IncomingMessage["headers"];
  status: number;
}

/** Chromium's push service: check-in and registration over HTTP, delivery over a TLS line of its own. */
export class ChromiumPush {
  readonly handed: Handed[] = [];
  private readonly devices = new Map<string, { subtype: string; sender: string; app: string }>();
  private line?: TLSSocket;
  private sent = 0;
  private http!: Server;
  private lines!: Server;
  private port = 0;
  private linePort = 0;

  static async open(): Promise<ChromiumPush> {
    const self = new ChromiumPush();
    const folder = mkdtempSync(join(tmpdir(), "uncordon-push-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    execFileSync("openssl", [
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate,
    ], { stdio: "ignore" });
    const tls = createTls({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => self.talk(socket));
    rmSync(folder, { recursive: true });
    tls.on("tlsClientError", () => {});
    self.lines = tls as unknown as Server;
    self.http = createServer((request, response) => {
      self.answer(request).then(({ status, type, body }) => {
        response.writeHead(status, type ? { "content-type": type } : {});
        response.end(body);
      }, () => response.destroy());
    });
    await new Promise<void>((done) => tls.listen(0, "127.0.0.1", done));
    await new Promise<void>((done) => self.http.listen(0, "127.0.0.1", done));
    self.linePort = (tls.address() as AddressInfo).port;
    self.port = (self.http.address() as AddressInfo).port;
    return self;
  }

  /** Switches of Debian's Chromium that lead it here. */
  get switches(): string[] {
    return [
      `--gcm-checkin-url=http://127.0.0.1:${this.port}/checkin`,
      `--gcm-registration-url=http://127.0.0.1:${this.port}/register`,
      `--gcm-mcs-endpoint=https://127.0.0.1:${this.linePort}`,
      "--ignore-certificate-errors",
    ];
  }

  /** In place of the fixed address of the real service, which a subscription names. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; type?: string; body?: Buffer | string }> {
    const body = await whole(request);
    const path = request.url ?? "";
    if (path.startsWith("/checkin")) {
      const reply = joined([varint(1, 1), fixed(7, 123456789012345n), fixed(8, 987654321098765n), text(11, "abcde")]);
      return { status: 200, type: "application/x-protobuf", body: reply };
    }
    if (path.startsWith("/register")) {
      const form = new URLSearchParams(body.toString());
      const token = `device-${this.devices.size + 1}`;
      this.devices.set(token, { subtype: form.get("X-subtype") ?? "", sender: form.get("sender") ?? "", app: form.get("app") ?? "" });
      return { status: 200, type: "text/plain", body: `token=${token}` };
    }
    const device = this.devices.get(path.split("/").at(-1) ?? "");
    const status = device && this.line ? 201 : 410;
    this.handed.push({ headers: request.headers, status });
    if (device && this.line) {
      const data = (key: string, value: string) => text(7, joined([text(1, key), text(2, value)]));
      this.sent += 1;
      this.line.write(wire(framed(8, joined([
        text(3, device.sender), text(5, device.app), data("subtype", device.subtype),
        data("content-encoding", String(request.headers["content-encoding"])),
        text(9, `message-${this.sent}`), varint(10, this.sent + 1), varint(17, 60), varint(18, Date.now()), text(21, body),
      ]))));
    }
    return { status };
  }

  /** A line: one version byte, then messages of tag, length and body. */
  private talk(socket: TLSSocket): void {
    let buffer = Buffer.alloc(0);
    let greeted = false;
    socket.on("error", () => {});
    socket.on("close", () => {
      if (this.line === socket) this.line = undefined;
    });
    socket.on("data", (part) => {
      buffer = joined([buffer, part]);
      if (!greeted && buffer.length > 0) {
        buffer = buffer.subarray(1);
        greeted = true;
        socket.write(wire(Buffer.from([41])));
      }
      for (;;) {
        let [at, length, shift, more] = [1, 0, 0, true];
        while (more) {
          if (at >= buffer.length) return;
          const byte = buffer[at++];
          length |= (byte & 127) << shift;
          shift += 7;
          more = (byte & 128) !== 0;
        }
        if (buffer.length < at + length) return;
        const tag = buffer[0];
        buffer = buffer.subarray(at + length);
        if (tag === 2) {
          socket.write(wire(framed(3, joined([text(1, "login-1"), varint(8, Date.now())]))));
          this.line = socket;
        }
        if (tag === 0) socket.write(wire(framed(1, Buffer.alloc(0))));
      }
    });
  }

  async close(): Promise<void> {
    this.line?.destroy();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
    await new Promise((done) => this.lines.close(done));
  }
}
