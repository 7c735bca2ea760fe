// Kills the browser in mid-write, again and again, and looks for every gathering that the screen had called saved.
// How and why: README.md.
import { sleep } from "./lib/browser.mjs";
import { Notebook, zero } from "./lib/notebook.mjs";
import { dice, options, Tally } from "./lib/tally.mjs";
import { selfCheck } from "./self-check.mjs";

/** Rounds on one profile before everything is sent and a new one begins. */
const ROUNDS_PER_PROFILE = 50;
/** Harness failures in a row after which it gives up. */
const BROKEN_MAX = 5;

const { times = 100, seed, selfCheck: isSelfCheck } = options();
if (isSelfCheck) process.exit((await selfCheck()) ? 0 : 1);

const tally = new Tally("kills", { ...structuredClone(zero), pressed: 0 });
const { run } = tally;
const chance = dice(seed);
console.log(`kills: build ${tally.build}, seed ${seed}`);

let notebook;
let onProfile = 0;
let brokenInARow = 0;
while (run.rounds < times) {
  try {
    if (!notebook) {
      notebook = await Notebook.begin(tally);
      onProfile = 0;
      run.generations += 1;
      await notebook.open();
      await notebook.compare("first");
    }
    await round();
    run.rounds += 1;
    onProfile += 1;
    if (onProfile === ROUNDS_PER_PROFILE || run.rounds === times) {
      await notebook.deliver();
      await notebook.end();
      notebook = undefined;
    }
    brokenInARow = 0;
  } catch (error) {
    run.broken += 1;
    run.events.push({ about: `round ${run.rounds + 1}: ${error.message.slice(0, 400)}`, broken: 1 });
    console.error(`round ${run.rounds + 1}: ${error.stack}`);
    await notebook?.end().catch(() => {});
    notebook = undefined;
    if (++brokenInARow === BROKEN_MAX) break;
  }
  tally.keep();
  if (run.rounds % 10 === 0 || run.rounds === times) progress();
}
tally.keep();
const { total } = tally;
const { arrived, wiped, silent } = total;
console.log(`this build altogether: ${summary(total)}, ${arrived} on the server, ${wiped} wiped, ${silent} silent`);
console.log(`kills: ${summary(run)}`);
process.exit(run.lost || run.doubled || run.changed || run.broken || !run.rounds ? 1 : 0);

/** Records until the kill, opens again without a network, and compares. */
async function round() {
  const wait = moment();
  const begun = new Promise((resolve) => {
    let left = wait.save;
    notebook.onTold = (what) => what.begun && left-- === 0 && resolve();
  });
  notebook.recordUntilKilled(wait.isPressed);
  if (wait.isPressed) run.pressed += 1;
  await Promise.race([begun, sleep(10_000).then(() => Promise.reject(new Error("no save began")))]);
  await sleep(wait.ms);
  await notebook.phone.kill();
  await notebook.open();
  const pressed = wait.isPressed ? ", database busy" : "";
  await notebook.compare(`round ${run.rounds + 1}: killed ${wait.ms} ms after save ${wait.save + 1} began${pressed}`);
}

/**
 * When to kill: half the rounds anywhere in the first second and a half, half close behind one of the first saves. In half of
 * them the database is kept busy as well.
 */
function moment() {
  const when = chance.chance(0.5) ? [0, 1_500] : [chance.below(8), 120];
  return { save: when[0], ms: chance.below(when[1]), isPressed: chance.chance(0.5) };
}

function summary({ rounds, saved, lost, doubled }) {
  return `${rounds} rounds, ${saved} saved, ${lost} lost, ${doubled} doubled`;
}

function progress() {
  const each = (tally.seconds / Math.max(run.rounds, 1)).toFixed(1);
  console.log(
    `${summary(run)} · ${run.wiped} wiped, ${run.broken} broken, ${run.arrived} on the server, ${each} s a round`,
  );
}
