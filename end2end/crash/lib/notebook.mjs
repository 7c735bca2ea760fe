// One volunteer's phone and what its screen has promised: the bookkeeping that finds a lost or a doubled gathering.
//
// Every gathering has a participant count that no other one has. The promise begins when the list calls it saved, told
// out of band, or when a later visit shows it; from then on it must be in the list exactly once, and on the server once.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "./browser.mjs";
import { Phone } from "./page.mjs";
import { freePort } from "../../fixtures/process.mjs";
import { Server } from "./server.mjs";
import { says } from "./words.mjs";

/** Marks begin far over any count of the demo. */
const FIRST_MARK = 1_000;
/** Each recording has marks of its own: what a killed page had begun without being heard must not get its mark again. */
const MARKS = 500;
/** How long a gathering may take to appear after the app has opened: it may be healed from its second copy meanwhile. */
const HEAL_MS = 5_000;
const DELIVER_MS = 180_000;

export class Notebook {
  /** A server with demo data and a profile that has seen it once; then the server is gone. */
  static async begin(tally) {
    const notebook = new Notebook(tally);
    notebook.server = new Server(await freePort());
    notebook.profile = mkdtempSync(join(tmpdir(), "hytevihko-crash-profile-"));
    await notebook.server.start();
    notebook.phone = notebook.newPhone();
    await notebook.phone.start();
    await notebook.phone.firstVisit();
    await notebook.phone.call("read");
    await notebook.phone.close();
    await notebook.server.stop();
    return notebook;
  }

  constructor(tally) {
    this.tally = tally;
    this.next = FIRST_MARK;
    this.run = `${process.pid}-${Date.now().toString(36)}`;
    this.promised = new Set();
    this.doubled = new Set();
    this.told = [];
  }

  newPhone() {
    const phone = new Phone(this.profile, this.server.url);
    phone.onTold = (what) => this.hear(what);
    return phone;
  }

  hear(what) {
    this.told.push(what);
    if (what.saved && !this.promised.has(what.saved)) {
      this.promised.add(what.saved);
      this.tally.run.saved += 1;
    }
    this.onTold?.(what);
  }

  takeMarks() {
    this.next += MARKS;
    return this.next - MARKS;
  }

  /** Starts to record until killed; told by `hear`. */
  recordUntilKilled(isPressed) {
    if (isPressed) this.phone.call("press").catch(() => {});
    this.phone.call("recordMany", this.takeMarks(), MARKS, this.run).catch(() => {});
  }

  /** Records some, and waits until each is called saved. */
  async record(times) {
    const first = this.takeMarks();
    await this.phone.call("recordMany", first, times, this.run);
    for (let mark = first; mark < first + times; mark++) {
      if (!this.promised.has(mark))
        throw new Error(`gathering ${mark} was not saved: ${JSON.stringify(this.told.at(-1))}`);
    }
  }

  /** Opens the app on the profile. One that does not stand the second time either is a failure of its own. */
  async open(path = "/app/kerrat") {
    for (let attempt = 1; ; attempt++) {
      try {
        this.phone = await this.newPhone().start();
        await this.phone.open(path);
        return;
      } catch (error) {
        await this.phone.kill().catch(() => {});
        if (attempt === 2) throw new Error(`the app did not open: ${error.message}`);
        this.tally.run.slow += 1;
      }
    }
  }

  /** Reads the list and compares it with what was promised. Answers what was found wrong. */
  async compare(about) {
    const until = Date.now() + HEAL_MS;
    let seen;
    let wiped = false;
    for (;;) {
      seen = await this.phone.call("read");
      wiped ||= seen.wiped;
      if (seen.signedOut || this.missing(seen).length === 0 || Date.now() > until) break;
      await sleep(250);
    }
    const { run } = this.tally;
    for (const text of seen.notices) this.tally.count("notices", text.replace(/\d+/g, "N"));
    if (seen.signedOut) {
      run.signedOut += 1;
      seen = await this.signInAgain();
    }
    const lost = this.missing(seen);
    const doubled = this.repeated(seen).filter((mark) => !this.doubled.has(mark));
    const told = says("loss", seen.notices);
    run.lost += lost.length;
    run.doubled += doubled.length;
    if (wiped) run.wiped += 1;
    if (lost.length > 0 && !told) run.silent += 1;
    const waiting = seen.items.filter(({ count, state }) => count >= FIRST_MARK && !says("received", [state])).length;
    if (waiting !== seen.waiting)
      this.tally.count("notices", "(harness) beside Lähtevät stands another number than the list has");
    // What is on the screen now is promised, too, and what was lost is counted once.
    for (const { count } of seen.items) if (count >= FIRST_MARK) this.promised.add(count);
    for (const mark of lost) this.promised.delete(mark);
    for (const mark of doubled) this.doubled.add(mark);
    for (const text of this.phone.panics.splice(0)) this.tally.count("notices", `(panic) ${text.split("\n")[0]}`);
    const wrong = { about, lost: lost.length, doubled: doubled.length, wiped, told: told ?? null };
    if (lost.length || doubled.length) run.events.push(wrong);
    return wrong;
  }

  missing(seen) {
    const shown = new Set(seen.items.map(({ count }) => count));
    return [...this.promised].filter((mark) => !shown.has(mark));
  }

  repeated(seen) {
    const marks = seen.items.map(({ count }) => count).filter((count) => count >= FIRST_MARK);
    return [...new Set(marks.filter((mark, index) => marks.indexOf(mark) !== index))];
  }

  /** The phone has forgotten who uses it: that is told apart from a loss, for a visit with a network brings it back. */
  async signInAgain() {
    await this.server.start();
    await this.phone.open();
    if ((await this.phone.call("read")).signedOut) await this.phone.signIn();
    const until = Date.now() + HEAL_MS;
    let seen;
    do {
      seen = await this.phone.call("read");
      await sleep(250);
    } while (this.missing(seen).length > 0 && Date.now() < until);
    await this.server.stop();
    return seen;
  }

  /** The network is back: everything must arrive, and the server hold each gathering once, as it was recorded. */
  async deliver() {
    await this.server.start();
    const until = Date.now() + DELIVER_MS;
    for (;;) {
      await this.phone.call("online");
      const { waiting } = await this.phone.call("read");
      if (waiting === 0) break;
      if (Date.now() > until)
        throw new Error(`${waiting} gatherings did not leave the phone in ${DELIVER_MS / 1000} s`);
      await sleep(500);
    }
    await this.compare("delivered");
    await this.compareWithServer();
    await this.server.stop();
  }

  /** Each promised gathering is on the server exactly once, as it was recorded. */
  async compareWithServer() {
    const { records } = await this.server.gatherings();
    const { run } = this.tally;
    const held = new Map();
    for (const { content } of records) {
      if (content.participants >= FIRST_MARK)
        held.set(content.participants, [...(held.get(content.participants) ?? []), content]);
    }
    for (const mark of this.promised) {
      const found = held.get(mark) ?? [];
      if (found.length === 0) run.lost += 1;
      else if (found.length > 1 && !this.doubled.has(mark)) run.doubled += 1;
      else if (found[0].note !== `${this.run} ${mark}`) run.changed += 1;
      else run.arrived += 1;
      if (found.length === 0) run.events.push({ about: `gathering ${mark} is not on the server`, lost: 1 });
    }
    run.doubled += [...held].filter(([mark, found]) => found.length > 1 && !this.promised.has(mark)).length;
  }

  /** Puts a kept copy of the profile in place of the one in use. */
  restoreProfile(copy) {
    rmSync(this.profile, { recursive: true, force: true });
    cpSync(copy, this.profile, { recursive: true, verbatimSymlinks: true });
  }

  async end() {
    await this.phone?.browser?.kill().catch(() => {});
    await this.server.drop();
    rmSync(this.profile, { recursive: true, force: true });
  }
}

/** The shape of the counts that a notebook adds to. */
export const zero = {
  rounds: 0,
  saved: 0,
  lost: 0,
  doubled: 0,
  /** On the server with another content. */
  changed: 0,
  /** Times at which the phone's store was found empty. */
  wiped: 0,
  /** Losses of which the screen said nothing. */
  silent: 0,
  /** The phone had forgotten who uses it. */
  signedOut: 0,
  /** The app stood only at the second start. */
  slow: 0,
  /** Rounds that the harness could not finish. */
  broken: 0,
  /** Found on the server exactly once, as recorded. */
  arrived: 0,
  generations: 0,
  seconds: 0,
  notices: {},
  events: [],
};
