// Cuts, replaces, delays and doubles the server's answers between a real browser and the real server, and looks whether
// each gathering arrives all the same, once. How and why: README.md.
import { createServer } from "node:http";
import { sleep } from "./lib/browser.mjs";
import { end } from "./lib/proxy.mjs";
import { Scene } from "./lib/scene.mjs";
import { freePort } from "../fixtures/process.mjs";
import { dice, options, Tally } from "./lib/tally.mjs";
import { selfCheck } from "./self-check.mjs";

/** Conversations on one profile, so that the list stays as short as a volunteer's. */
const PER_PROFILE = 150;
/** Places of the body of a large answer at which it is cut. */
const BODY_SAMPLES = 400;
/** Longer than the app waits for an answer, and than its lease. */
const LATE_MS = 50_000;
/** How long a whole list may take to be drawn after its pull. */
const WHOLE_MS = 15_000;
/** An app that does not stand after this time hangs, even on a busy machine. */
const HANG_MS = 8_000;
const BROKEN_MAX = 5;

const { times = 20, seed, kinds: wanted, selfCheck: isSelfCheck } = options();
if (isSelfCheck) process.exit((await selfCheck()) ? 0 : 1);

function text(status, type, body, more = "") {
  const headers = `${type ? `content-type: ${type}\r\n` : ""}${more}content-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`HTTP/1.1 ${status}\r\n${headers}connection: close\r\n\r\n${body}`);
}
const portal =
  "<!doctype html><html><title>Tervetuloa</title><body><form action=/login><button>Yhdistä</button></form></body></html>";

/** A foreign page, where a redirect leads. Nothing of the app's may ever come here. */
const foreign = { port: await freePort(), visits: 0 };
createServer((incoming, answer) => {
  foreign.visits += 1;
  answer.end(portal);
}).listen(foreign.port, "127.0.0.1");

/** Each spoils one answer of a conversation. */
const FAULTS = {
  portal: ({ socket }) => end(socket, text("200 OK", "text/html; charset=utf-8", portal)),
  "portal-after": async ({ socket, forward }) => (
    await forward(),
    end(socket, text("200 OK", "text/html; charset=utf-8", portal))
  ),
  redirect: ({ socket }) =>
    end(socket, text("302 Found", "", "", `location: http://127.0.0.1:${foreign.port}/login\r\n`)),
  "redirect-after": async ({ socket, forward }) => (
    await forward(),
    end(socket, text("302 Found", "", "", `location: http://127.0.0.1:${foreign.port}/login\r\n`))
  ),
  "no-content": ({ socket }) => end(socket, Buffer.from("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")),
  "no-content-after": async ({ socket, forward }) => (
    await forward(),
    end(socket, Buffer.from("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"))
  ),
  "empty-json": async ({ socket, forward }) => (await forward(), end(socket, text("200 OK", "application/json", "{}"))),
  busy: ({ socket }) => end(socket, text("503 Service Unavailable", "text/plain", "busy", "retry-after: 1\r\n")),
  "bad-gateway-after": async ({ socket, forward }) => (
    await forward(),
    end(socket, text("502 Bad Gateway", "text/html", portal))
  ),
  "request-lost": ({ socket }) => socket.destroy(),
  reset: async ({ socket, forward }) => (await forward(), socket.resetAndDestroy()),
  /** The right answer, three seconds late. */
  delayed: async ({ socket, forward }) => {
    const answer = await forward();
    await sleep(3_000);
    await end(socket, answer);
  },
  /** The request reaches the server twice; the first answer is handed on. */
  doubled: async ({ socket, forward }) => {
    const answer = await forward();
    await forward();
    await end(socket, answer);
  },
  /** As before, and the second answer is handed on. */
  "doubled-second": async ({ socket, forward }) => (await forward(), end(socket, await forward())),
  /** Twice at the same moment. */
  "doubled-at-once": async ({ socket, forward }) => end(socket, (await Promise.all([forward(), forward()]))[0]),
  /** An answer to an earlier question. */
  stale: ({ socket, last }) => end(socket, last),
};

/** The answer comes when nobody waits for it any more; at most this often, for each takes most of a minute. */
const LATE_TIMES_MAX = 1;
const late = async ({ socket, forward }) => {
  const answer = await forward();
  await sleep(LATE_MS);
  if (!socket.destroyed) await end(socket, answer);
};

const zero = {
  conversations: 0,
  saved: 0,
  arrived: 0,
  lost: 0,
  doubled: 0,
  changed: 0,
  stuck: 0,
  /** Starts that hung, and went well when repeated. */
  hung: 0,
  seconds: 0,
  length: 0,
  sampled: "",
};
const cuts = ["cut-push", "cut-pull", "cut-large-pull"];
const plain = Object.keys(FAULTS).flatMap((fault) => [`push-${fault}`, `pull-${fault}`]);
const kinds = wanted ?? [...plain, "push-late", "pull-late", ...cuts];
const zeros = Object.fromEntries(kinds.map((kind) => [kind, structuredClone(zero)]));
const tally = new Tally("network", { ...zeros, broken: 0, foreign: 0, events: [] });
const chance = dice(seed);
console.log(`network: build ${tally.build}, seed ${seed}`);

/** The phone, its network and its server; new after so many conversations. */
let scene;
let brokenInARow = 0;
try {
  for (const kind of kinds) await play(kind);
} catch (error) {
  tally.run.broken += 1;
  console.error(error.message);
}
await scene?.end();
tally.keep();
const sum = (name) => kinds.reduce((all, kind) => all + tally.run[kind][name], 0);
const all = { conversations: sum("conversations"), saved: sum("saved"), lost: sum("lost"), doubled: sum("doubled") };
const rest = `${sum("stuck")} stuck, ${foreign.visits} visits to the foreign page, ${tally.run.broken} broken`;
console.log(`network: ${summary(all)}, ${rest}`);
const isBad = all.lost || all.doubled || sum("changed") || sum("stuck") || foreign.visits || tally.run.broken;
// A run without a round has shown nothing.
process.exit(isBad || !all.conversations ? 1 : 0);

/** All conversations of one kind. */
async function play(kind) {
  const started = Date.now();
  const run = tally.run[kind];
  if (kind === "cut-large-pull") await cutLargePull(run);
  else if (kind.startsWith("cut-")) await cutEachByte(kind.slice(4), run);
  else {
    const [part, ...name] = kind.split("-");
    const spoil = name[0] === "late" ? late : FAULTS[name.join("-")];
    if (!spoil) throw new Error(`no kind of fault: ${kind}`);
    for (let n = 0; n < (spoil === late ? Math.min(times, LATE_TIMES_MAX) : times); n++)
      await attempt(run, kind, () => conversation(run, part, spoil));
  }
  run.seconds = Math.round((Date.now() - started) / 1000);
  tally.run.foreign = foreign.visits;
  tally.keep();
  const each = ((Date.now() - started) / 1000 / Math.max(run.conversations, 1)).toFixed(2);
  const where = run.sampled && `; cut ${run.sampled}`;
  console.log(`network ${kind}: ${summary(run)}, ${run.stuck} stuck, ${run.hung} hung starts, ${each} s each${where}`);
}

/** Every byte of a small answer, from none to all. */
async function cutEachByte(part, run) {
  run.length = 0;
  for (let k = 0; k === 0 || k <= run.length; k++) {
    const cut = async ({ socket, forward }) => {
      const answer = await forward();
      run.length = Math.max(run.length, answer.length);
      await end(socket, answer.subarray(0, k));
    };
    await attempt(run, `cut-${part} at ${k}`, () => conversation(run, part, cut));
    if (k % 100 === 0 && k > 0) progress(`cut-${part}: ${k} of ${run.length}`, run);
  }
  run.sampled = `at each of ${run.length + 1} places`;
}

/** The first answer of all, with everything that the association has: its whole head, and a sample of its body. */
async function cutLargePull(run) {
  let places = [0];
  for (let n = 0; n < places.length; n++) {
    const k = places[n];
    const cut = async ({ socket, forward }) => {
      const answer = await forward();
      if (places.length === 1) places = choose(answer, run);
      await end(socket, answer.subarray(0, k));
    };
    await attempt(run, `cut-large-pull at ${k}`, () => fromNothing(run, cut));
    // Until the answer's length is known there is nothing to choose from.
    if (places.length === 1) n -= 1;
    if (n % 100 === 0 && n > 0) progress(`cut-large-pull: ${n} of ${places.length}`, run);
  }
}

function choose(answer, run) {
  const head = answer.indexOf("\r\n\r\n") + 4;
  const body = answer.length - head;
  const samples = Math.min(BODY_SAMPLES, body);
  // One place out of each of so many equal parts of the body, and its last byte.
  const inBody = Array.from(
    { length: samples },
    (_, n) => head + Math.floor((body * n) / samples) + chance.below(Math.max(Math.floor(body / samples), 1)),
  );
  run.length = answer.length;
  run.sampled = `at all ${head} of the head, and at ${samples + 1} of ${body} of the body`;
  return [...Array(head).keys(), ...inBody, answer.length - 1];
}

/** One conversation; what the harness itself cannot finish is counted apart and begun anew. */
async function attempt(run, about, talk) {
  try {
    if (scene && scene.conversations >= PER_PROFILE) {
      await scene.end();
      scene = undefined;
    }
    scene ??= await Scene.begin(tally.run.events);
    scene.conversations += 1;
    await talk();
    run.conversations += 1;
    brokenInARow = 0;
  } catch (error) {
    tally.run.broken += 1;
    tally.run.events.push({ about: `${about}: ${error.message.slice(0, 400)}`, broken: 1 });
    console.error(`${about}: ${error.stack}`);
    await scene?.end().catch(() => {});
    scene = undefined;
    tally.keep();
    if (++brokenInARow === BROKEN_MAX) throw new Error("too many failures of the harness");
  }
  if (run.conversations % 50 === 0) tally.keep();
}

/** A gathering is recorded and sent, one answer is spoiled, the network is good again. */
async function conversation(run, part, spoil) {
  const mark = await scene.record(run);
  const spoiled = scene.proxy.spoilNext(part, spoil);
  await scene.phone.call("sendNow");
  await within(spoiled, LATE_MS + 30_000, `no ${part} to spoil`);
  await scene.arrives(run, mark, part);
}

/** As before, on a phone whose database is gone: the pull begins at zero. */
async function fromNothing(run, spoil) {
  const { phone, proxy } = scene;
  await phone.browser.page("Page.navigate", { url: "about:blank" });
  await phone.browser.page("Storage.clearDataForOrigin", { origin: scene.proxy.url, storageTypes: "indexeddb" });
  proxy.closed.add("push").add("pull");
  await openAfterClearing(run);
  const mark = await scene.record(run);
  const spoiled = proxy.spoilNext("pull", spoil);
  proxy.closed.clear();
  await phone.call("sendNow");
  await within(spoiled, 30_000, "no pull to spoil");
  await scene.arrives(run, mark, "pull");
  // And everything that the association has comes to the phone again.
  const all = scene.demo + scene.marks;
  const until = Date.now() + WHOLE_MS;
  let held;
  while ((held = (await phone.call("read")).items.length) < all) {
    if (Date.now() > until) {
      run.stuck += 1;
      tally.run.events.push({ about: `${held} gatherings on the phone instead of ${all}`, stuck: 1 });
      break;
    }
    await sleep(50);
  }
}

/**
 * After such a clearing Chromium 156 leaves one `indexedDB.open` in ten without any answer, and the app waits for it
 * behind its skeleton: opened again, and counted.
 */
async function openAfterClearing(run) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await scene.phone.open("/app/kerrat", HANG_MS);
    } catch (error) {
      if (attempt === 3) throw error;
      run.hung += 1;
    }
  }
}

function within(promise, ms, otherwise) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(otherwise)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function summary({ conversations, saved, lost, doubled }) {
  return `${conversations} rounds, ${saved} saved, ${lost} lost, ${doubled} doubled`;
}

function progress(about, run) {
  console.log(`${about} · ${summary(run)}`);
}
