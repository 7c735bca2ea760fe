// A Chromium of our own that can be killed for real: its own process group, its own profile, steered over a pipe.
//
// The pipe (file descriptors 3 and 4, JSON ended by a NUL) needs no port and no package, and a browser whose harness has
// died closes itself.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

const START_MS_MAX = 30_000;
const ANSWER_MS_MAX = 30_000;
const GONE_MS_MAX = 20_000;

/** The browser that xtask named, or the system's. */
export function chromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = process.env.HYTEVIHKO_CHROMIUM || places.find((place) => existsSync(place));
  if (!found) throw new Error("Chromium is needed: install it, or name its program in HYTEVIHKO_CHROMIUM");
  return found;
}

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  // The browser must have nothing to say to anybody but the test's server.
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-extensions",
  "--disable-breakpad",
  "--hide-crash-restore-bubble",
  "--password-store=basic",
  "--accept-lang=fi-FI",
  "--window-size=390,844",
  "--remote-debugging-pipe",
];

/** Groups that must not outlive the harness. */
const groups = new Set();

export function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has gone by itself.
  }
  groups.delete(pid);
}

/** Any process of ours that runs in a group of its own. */
export function startGroup(program, args, options) {
  const child = spawn(program, args, { ...options, detached: true });
  if (child.pid) groups.add(child.pid);
  return child;
}

process.on("exit", () => [...groups].forEach(endGroup));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

export class Browser {
  /** Starts on a profile and attaches to its only page, which shows nothing yet. */
  static async start(profile) {
    // A killed browser leaves its lock behind; we know that it is dead.
    for (const name of ["SingletonLock", "SingletonSocket", "SingletonCookie"])
      rmSync(join(profile, name), { force: true });
    const browser = new Browser();
    const env = { ...process.env, TZ: "Europe/Helsinki", LANGUAGE: "fi" };
    const args = [...FLAGS, `--user-data-dir=${profile}`, "about:blank"];
    browser.child = startGroup(chromium(), args, { env, stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.gone = new Promise((resolve) => browser.child.once("exit", resolve));
    browser.child.once("error", (error) => browser.fail(error));
    browser.gone.then(() => browser.fail(new Error("the browser is gone")));
    browser.listen();
    const until = Date.now() + START_MS_MAX;
    for (;;) {
      const { targetInfos } = await browser.send("Target.getTargets");
      const page = targetInfos.find((target) => target.type === "page");
      if (page) {
        browser.session = (
          await browser.send("Target.attachToTarget", { targetId: page.targetId, flatten: true })
        ).sessionId;
        break;
      }
      if (Date.now() > until) throw new Error("the browser opened no page");
      await sleep(20);
    }
    return browser;
  }

  constructor() {
    this.next = 1;
    this.calls = new Map();
    /** Called with each event: `(method, params, session)`. */
    this.listeners = new Set();
    this.failure = undefined;
  }

  listen() {
    const [, , , into, from] = this.child.stdio;
    this.into = into;
    into.on("error", (error) => this.fail(error));
    let rest = Buffer.alloc(0);
    from.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.hear(JSON.parse(rest.subarray(0, end).toString()));
        rest = rest.subarray(end + 1);
      }
    });
    from.on("error", () => {});
  }

  hear({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      for (const listener of this.listeners) listener(method, params, sessionId);
      return;
    }
    const call = this.calls.get(id);
    this.calls.delete(id);
    if (error) call?.reject(new Error(`${call.method}: ${error.message}`));
    else call?.resolve(result);
  }

  fail(error) {
    this.failure ??= error;
    for (const call of this.calls.values()) call.reject(error);
    this.calls.clear();
  }

  /** One call of the browser itself, or with a session of a page. */
  send(method, params = {}, sessionId = undefined) {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.next++;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), ANSWER_MS_MAX);
      const settled = (settle) => (value) => (clearTimeout(timer), settle(value));
      this.calls.set(id, { method, resolve: settled(resolve), reject: settled(reject) });
    });
    this.into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  page(method, params) {
    return this.send(method, params, this.session);
  }

  /** The value of an expression in the page; a promise is waited for. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.page("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** SIGKILL for every process of the browser at once, in the middle of whatever it is doing. */
  async kill() {
    endGroup(this.child.pid);
    await this.allGone();
  }

  /** Closes it as a person does. */
  async close() {
    await this.send("Browser.close").catch(() => {});
    await Promise.race([this.gone, sleep(GONE_MS_MAX)]);
    endGroup(this.child.pid);
    await this.allGone();
  }

  /** The profile's files are nobody's once every process of the group is dead. */
  async allGone() {
    await this.gone;
    const until = Date.now() + GONE_MS_MAX;
    while (isAlive(this.child.pid)) {
      if (Date.now() > until) throw new Error("a killed browser is still running");
      await sleep(5);
    }
  }
}

/** Whether a process of the group still runs; a zombie does not. */
function isAlive(group) {
  let names;
  try {
    process.kill(-group, 0);
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch (error) {
    // Without /proc (macOS) the signal's own answer has to do.
    return error.code !== "ESRCH" && error.code !== "ENOENT";
  }
  return names.some((name) => {
    try {
      const [state, , pgrp] = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
      return Number(pgrp) === group && state !== "Z";
    } catch {
      return false;
    }
  });
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
