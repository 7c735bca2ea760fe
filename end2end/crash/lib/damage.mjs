// Ways to damage the phone's database, done to its files while no browser runs.
import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";

/** Each does its harm in the LevelDB folder and says what it did. */
export const FILE_KINDS = {
  folder(folder) {
    rmSync(folder, { recursive: true });
    return "the folder deleted";
  },
  manifest(folder) {
    return garble(folder, newest(folder, /^MANIFEST-/));
  },
  current(folder) {
    return garble(folder, "CURRENT");
  },
  /** Some bytes in the middle: of the part written lately in half the cases, for that is where unsent records are. */
  "log-middle"(folder, chance, before) {
    const name = newest(folder, /\.log$/);
    const { size } = statSync(join(folder, name));
    const from = chance.chance(0.5) && before[name] < size ? before[name] : 0;
    const at = from + chance.below(size - from);
    const length = Math.min(1 + chance.below(64), size - at);
    overwrite(join(folder, name), at, length);
    return `${length} bytes at ${at} of ${size} of ${name}`;
  },
  /** The tail is gone: up to everything that was written lately. */
  "log-tail"(folder, chance, before) {
    const name = newest(folder, /\.log$/);
    const { size } = statSync(join(folder, name));
    const lately = size - (before[name] < size ? before[name] : 0);
    const cut = 1 + chance.below(Math.max(lately, 1));
    const file = openSync(join(folder, name), "r+");
    ftruncateSync(file, size - cut);
    closeSync(file);
    return `${cut} of ${size} bytes cut off ${name}`;
  },
};

/** Where Chromium keeps the database of an origin. */
export function databaseFolder(profile, url) {
  const { protocol, hostname, port } = new URL(url);
  const folder = join(
    profile,
    "Default",
    "IndexedDB",
    `${protocol.slice(0, -1)}_${hostname}_${port}.indexeddb.leveldb`,
  );
  // Another version of Chromium may keep it in another way; damage that hits nothing would prove nothing.
  if (!existsSync(folder)) throw new Error("no LevelDB folder of the origin in the profile");
  return folder;
}

export function sizes(folder) {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]));
}

function newest(folder, pattern) {
  const names = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort();
  if (names.length === 0) throw new Error(`nothing like ${pattern} in the LevelDB folder`);
  return names.at(-1);
}

function garble(folder, name) {
  const { size } = statSync(join(folder, name));
  overwrite(join(folder, name), 0, size);
  return `${size} bytes of ${name} garbled`;
}

function overwrite(path, at, length) {
  const file = openSync(path, "r+");
  writeSync(file, randomBytes(length), 0, length, at);
  closeSync(file);
}
