// Damages or clears what the browser keeps, and looks for the unsent gatherings, or at least for a word about them.
// How and why: README.md.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "./lib/browser.mjs";
import { databaseFolder, FILE_KINDS, sizes } from "./lib/damage.mjs";
import { Notebook, zero } from "./lib/notebook.mjs";
import { dice, options, Tally } from "./lib/tally.mjs";
import { says } from "./lib/words.mjs";
import { selfCheck } from "./self-check.mjs";

/** Damages on one profile before what is left is sent and a new one begins: what was healed must bear the next one. */
const ROUNDS_PER_PROFILE = 10;
/** Unsent gatherings at each damage. */
const UNSENT = 5;
/** How long the screen has to say that something is gone, after the app has opened. */
const TELL_MS = 6_000;
const BROKEN_MAX = 5;

const site = [
  "file_systems",
  "indexeddb",
  "local_storage",
  "shader_cache",
  "websql",
  "service_workers",
  "cache_storage",
  "shared_storage",
  "storage_buckets",
];

/** What is cleared of the origin. Nothing can bring the gatherings back, but it must be said. */
const CLEAR_KINDS = {
  /** The browser makes room: all that is under its quota. */
  "clear-evicted": ["file_systems", "indexeddb", "websql", "service_workers", "cache_storage", "storage_buckets"],
  /** "Site data", with the sign-in kept. */
  "clear-site": site,
  /** Everything. */
  "clear-cookies": [...site, "cookies"],
};

/** The second copy is gone, the first must do. Passed over in a build that has none. */
const MIRROR_KIND = "mirror";

const { times = 50, seed, kinds: wanted, selfCheck: isSelfCheck } = options();
if (isSelfCheck) process.exit((await selfCheck()) ? 0 : 1);

const kinds = wanted ?? [...Object.keys(FILE_KINDS), MIRROR_KIND, ...Object.keys(CLEAR_KINDS)];
const zeros = Object.fromEntries(
  kinds.map((kind) => [kind, { ...structuredClone(zero), untold: 0, kept: 0, passed_over: 0 }]),
);
const tally = new Tally("damage", zeros);
const chance = dice(seed);
console.log(`damage: build ${tally.build}, seed ${seed}`);

for (const kind of kinds) {
  const run = tally.run[kind];
  const counts = { run, count: (group, key) => (run[group][key] = (run[group][key] ?? 0) + 1) };
  const started = Date.now();
  if (kind in CLEAR_KINDS) await clearing(kind, counts);
  else if (kind in FILE_KINDS || kind === MIRROR_KIND) await damaging(kind, counts);
  else throw new Error(`no kind of damage: ${kind}`);
  run.seconds = Math.round((Date.now() - started) / 1000);
  tally.keep();
  const each = ((Date.now() - started) / 1000 / Math.max(run.rounds, 1)).toFixed(1);
  const { wiped, silent, untold, broken } = run;
  const rest = `${wiped} wiped, ${silent} silent losses, ${untold} clearings untold, ${broken} broken`;
  console.log(`damage ${kind}: ${summary(run)}, ${rest}, ${each} s a round`);
}
tally.keep();
const sum = (name) => kinds.reduce((all, kind) => all + tally.run[kind][name], 0);
const all = { rounds: sum("rounds"), saved: sum("saved"), lost: sum("lost"), doubled: sum("doubled") };
console.log(`damage: ${summary(all)}, ${sum("untold")} clearings untold`);
const isBad = all.lost || all.doubled || sum("changed") || sum("untold") || sum("broken");
process.exit(isBad || !all.rounds ? 1 : 0);

/** Damage to one of the two copies: everything must still be there. */
async function damaging(kind, counts) {
  const { run } = counts;
  let notebook;
  let before;
  const enough = () => run.rounds + run.passed_over >= times;
  let broken = 0;
  while (!enough()) {
    try {
      if (!notebook) {
        notebook = await Notebook.begin(counts);
        run.generations += 1;
        await notebook.open();
        await notebook.compare("first");
      }
      before = sizes(databaseFolder(notebook.profile, notebook.server.url));
      await notebook.record(UNSENT);
      const about = kind === MIRROR_KIND ? await dropMirror(notebook) : await damageFiles(kind, notebook, before);
      if (about) {
        await notebook.compare(`${kind}: ${about}`);
        run.rounds += 1;
      } else {
        run.passed_over = times - run.rounds;
      }
      if (run.rounds % ROUNDS_PER_PROFILE === 0 || enough()) {
        await notebook.deliver();
        await notebook.end();
        notebook = undefined;
      }
      broken = 0;
    } catch (error) {
      run.broken += 1;
      run.events.push({ about: `${kind}: ${error.message.slice(0, 400)}`, broken: 1 });
      console.error(`${kind}: ${error.stack}`);
      await notebook?.end().catch(() => {});
      notebook = undefined;
      if (++broken === BROKEN_MAX) return;
    }
    tally.keep();
  }
  await notebook?.end();
}

/** Closed in peace or killed, damaged, opened again without a network. */
async function damageFiles(kind, notebook, before) {
  const killed = chance.chance(0.5);
  await (killed ? notebook.phone.kill() : notebook.phone.close());
  const about = FILE_KINDS[kind](databaseFolder(notebook.profile, notebook.server.url), chance, before);
  await notebook.open();
  return `${about}, ${killed ? "killed" : "closed"}`;
}

async function dropMirror(notebook) {
  const dropped = await notebook.phone.browser.evaluate(`(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("hytevihko-mirror"));
    await Promise.all(names.map((name) => caches.delete(name)));
    return names.length;
  })()`);
  if (!dropped) return undefined;
  await notebook.phone.kill();
  await notebook.open();
  return "the mirror deleted";
}

/** Both copies cleared: the screen has to say so. */
async function clearing(kind, counts) {
  const { run } = counts;
  const notebook = await Notebook.begin(counts);
  // The same untouched profile each time: a notice of the time before must not be taken for this one's.
  const copy = mkdtempSync(join(tmpdir(), "hytevihko-crash-copy-"));
  cpSync(notebook.profile, copy, { recursive: true, verbatimSymlinks: true });
  let broken = 0;
  while (run.rounds < times && broken < BROKEN_MAX) {
    try {
      notebook.restoreProfile(copy);
      notebook.promised.clear();
      await notebook.open();
      await notebook.record(UNSENT);
      const isOpen = await clear(kind, notebook);
      await notebook.server.start();
      const { notices, kept } = await heard(notebook);
      await notebook.phone.kill();
      await notebook.server.stop();
      const told = says("loss", notices);
      if (kept) run.kept += 1;
      else if (!told) run.untold += 1;
      const what = kept ? "nothing lost" : told ? `told: ${told.replace(/\d+/g, "N")}` : "untold";
      counts.count("notices", `${what}, app ${isOpen ? "open" : "closed"} when cleared`);
      run.rounds += 1;
      broken = 0;
    } catch (error) {
      broken += 1;
      run.broken += 1;
      run.events.push({ about: `${kind}: ${error.message.slice(0, 400)}`, broken: 1 });
      console.error(`${kind}: ${error.stack}`);
      await notebook.phone.browser?.kill().catch(() => {});
      await notebook.server.stop();
    }
    tally.keep();
  }
  rmSync(copy, { recursive: true, force: true });
  await notebook.end();
}

/** Clears under the open app or beside it, and closes the browser. Answers whether the app was open. */
async function clear(kind, notebook) {
  const isOpen = chance.chance(0.5);
  const { browser, url } = notebook.phone;
  if (!isOpen) await browser.page("Page.navigate", { url: "about:blank" });
  await browser.page("Storage.clearDataForOrigin", { origin: url, storageTypes: CLEAR_KINDS[kind].join(",") });
  // What an open app notices by itself belongs to it: it gets the time that a person would need to look up.
  await sleep(500);
  await notebook.phone.close();
  return isOpen;
}

/** Everything that the screens say after the clearing, and whether the gatherings are there all the same. */
async function heard(notebook) {
  const { phone } = notebook;
  await phone.start();
  await phone.open();
  const notices = [];
  const listen = async (ms) => {
    const until = Date.now() + ms;
    while (!says("loss", notices) && Date.now() < until) {
      notices.push(...(await phone.call("notices")));
      await sleep(200);
    }
  };
  if ((await phone.call("read")).signedOut) {
    await listen(1_000);
    await phone.signIn();
  }
  await listen(TELL_MS);
  return { notices, kept: notebook.missing(await phone.call("read")).length === 0 };
}

function summary({ rounds, saved, lost, doubled }) {
  return `${rounds} rounds, ${saved} saved, ${lost} lost, ${doubled} doubled`;
}
