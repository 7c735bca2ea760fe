// What has been counted, kept in target/crashes so that a long run can be stopped and gone on with; one count for each
// build of the server, because figures of two builds say nothing together.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { binary } from "../../fixtures/process.mjs";

const folder = join(import.meta.dirname, "../../../target/crashes");

export class Tally {
  /** `zero` is the shape of the count: numbers add up, lists grow, objects are counted by key. */
  constructor(name, zero) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `${name}.json`);
    this.build = createHash("sha256").update(readFileSync(binary)).digest("hex").slice(0, 12);
    this.all = read(this.file);
    this.run = structuredClone(zero);
    this.before = { ...structuredClone(zero), ...this.all[this.build] };
    this.started = Date.now();
  }

  /** Writes the sum, whole or not at all. */
  keep() {
    this.all[this.build] = sum(this.before, { ...this.run, seconds: this.seconds });
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.all, null, 2)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  get seconds() {
    return Math.round((Date.now() - this.started) / 1000);
  }

  /** This build's count with the runs before. */
  get total() {
    return this.all[this.build] ?? this.run;
  }

  count(group, key, by = 1) {
    this.run[group][key] = (this.run[group][key] ?? 0) + by;
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
}

function sum(a, b) {
  if (Array.isArray(a) || Array.isArray(b)) return [...(a ?? []), ...(b ?? [])];
  if (typeof b === "number") return (a ?? 0) + b;
  if (b === null || typeof b !== "object") return b ?? a;
  const keys = new Set([...Object.keys(a ?? {}), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, key in b ? sum(a?.[key], b[key]) : a[key]]));
}

/** `--times N`, `--self-check`, `--kind NAME` (repeatable), `--seed N`, `--part NAME`. */
export function options() {
  const { values } = parseArgs({
    options: {
      times: { type: "string" },
      kind: { type: "string", multiple: true },
      seed: { type: "string" },
      "self-check": { type: "boolean", default: false },
    },
  });
  const number = (text) => {
    if (text !== undefined && !/^\d+$/.test(text)) throw new Error(`not a number: ${text}`);
    return text === undefined ? undefined : Number(text);
  };
  return {
    times: number(values.times),
    kinds: values.kind,
    seed: number(values.seed) ?? Date.now() % 2 ** 31,
    selfCheck: values["self-check"],
  };
}

/** Numbers from a seed, so that a run's choices (not its timing) can be made again. */
export function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (n) => Math.floor(next() * n), chance: (part) => next() < part };
}
