// The real server with demo data, in a folder of its own; and what it holds, asked as the association's secretary.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, ready } from "../../fixtures/process.mjs";
import { endGroup, startGroup } from "./browser.mjs";

export class Server {
  constructor(port) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.data = mkdtempSync(join(tmpdir(), "hytevihko-crash-data-"));
  }

  async start() {
    const args = ["serve", "--listen", `127.0.0.1:${this.port}`, "--data", this.data, "--demo"];
    this.process = startGroup(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    await ready(this.process);
    return this;
  }

  /** Stops it as a service manager does. */
  async stop() {
    const running = this.process;
    if (!running) return;
    this.process = undefined;
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await gone;
    endGroup(running.pid);
  }

  async drop() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A cookie of one of the demo's people. */
  async signIn(who) {
    const body = new URLSearchParams({ who });
    const answer = await fetch(`${this.url}/kirjaudu/demo`, { method: "POST", body, headers: { origin: this.url }, redirect: "manual" });
    const cookie = answer.headers.getSetCookie()[0];
    if (!cookie) throw new Error(`no sign-in: ${answer.status}`);
    return cookie.split(";")[0];
  }

  /** Every gathering of the secretary's association after a place in its order, and the place reached. */
  async gatherings(after = 0) {
    this.cookie ??= await this.signIn("sihteeri");
    const get = async (path) => {
      const answer = await fetch(this.url + path, { headers: { cookie: this.cookie } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    };
    this.me ??= await get("/api/v1/me");
    const association = this.me.associations[0].id;
    const records = [];
    for (let more = true; more;) {
      const page = await get(`/api/v1/sync/pull?association=${association}&after=${after}&limit=500`);
      records.push(...page.records.filter((record) => record.kind === "gathering" && !record.deleted));
      ({ next: after, more } = page);
    }
    return { records, next: after };
  }
}
