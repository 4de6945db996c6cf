// A real Synapse on loopback, the people on it, and what they see in a room.
import { expect } from "@playwright/test";
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "./killed";

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), "../server/chat/tests/counterparts/synapse.sh");

/** One message as a room shows it. */
export interface Message {
  id: string;
  from: string;
  text: string;
  /** The message it stands under. */
  under?: string;
}

export class Synapse {
  url = "";
  private process?: ChildProcess;

  /** Why it is not there; nothing once it runs. */
  async open(): Promise<string> {
    const port = await freePort();
    this.process = spawn("bash", [SCRIPT, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
    const first = await new Promise<string>((done) => createInterface({ input: this.process!.stdout! }).once("line", done));
    this.url = `http://127.0.0.1:${port}`;
    return first === "ready" ? "" : first;
  }

  async close(): Promise<void> {
    if (!this.process || this.process.exitCode !== null) return;
    const gone = new Promise((done) => this.process!.once("exit", done));
    this.process.stdin!.end();
    await gone;
  }

  async person(name: string): Promise<Somebody> {
    const answer = await fetch(new URL("/_matrix/client/v3/register", this.url), {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: name, password: "of no worth", auth: { type: "m.login.dummy" } }),
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { access_token, user_id } = (await answer.json()) as { access_token: string; user_id: string };
    return new Somebody(this.url, access_token, user_id);
  }
}

export class Somebody {
  private said = 0;
  private asked = 0;
  constructor(private readonly url: string, readonly token: string, readonly id: string) {}

  /** A room with these people asked in. */
  async room(invite: string[]): Promise<string> {
    return (await this.call("POST", "createRoom", { preset: "private_chat", invite })).room_id;
  }

  /** The room this one asked us into, once there is one; enters it. */
  async invited(by: string): Promise<string | undefined> {
    // The same question is answered from a cache for two minutes: each asks for a little more patience.
    this.asked += 1;
    const { rooms } = await this.call("GET", `sync?timeout=${this.asked}`);
    const room = Object.entries<any>(rooms?.invite ?? {}).find(([, { invite_state }]) =>
      invite_state.events.some((one: any) => one.type === "m.room.member" && one.state_key === this.id && one.sender === by))?.[0];
    if (room) await this.call("POST", `rooms/${room}/join`, {});
    return room;
  }

  /** Says something, under a message if one is given; answers its id. */
  async says(room: string, text: string, under?: string): Promise<string> {
    this.said += 1;
    const thread = under && { "m.relates_to": { rel_type: "m.thread", event_id: under } };
    const body = { msgtype: "m.text", body: text, ...thread };
    return (await this.call("PUT", `rooms/${room}/send/m.room.message/${this.id.slice(1, 4)}${this.said}`, body)).event_id;
  }

  /** What stands in the room now, oldest first; a message that was replaced has its new words. */
  async sees(room: string): Promise<Message[]> {
    const { chunk } = await this.call("GET", `rooms/${room}/messages?dir=b&limit=200`);
    const events = (chunk as any[]).reverse().filter((one) => one.type === "m.room.message");
    const replaced = new Map<string, string>();
    const shown: Message[] = [];
    for (const { event_id, sender, content } of events) {
      const relation = content["m.relates_to"];
      if (relation?.rel_type === "m.replace") replaced.set(relation.event_id, content["m.new_content"].body);
      else shown.push({ id: event_id, from: sender, text: content.body, under: relation?.rel_type === "m.thread" ? relation.event_id : undefined });
    }
    return shown.map((one) => ({ ...one, text: replaced.get(one.id) ?? one.text }));
  }

  private async call(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(new URL(`/_matrix/client/v3/${path}`, this.url), {
      method, headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    expect(answer.status, `${method} ${path}: ${text}`).toBe(200);
    return JSON.parse(text);
  }
}
