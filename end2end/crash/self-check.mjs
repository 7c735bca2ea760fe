// Shows that the harness can fail: each trick breaks a promise on purpose, and must be reported. A harness that finds no
// planted loss finds none that nobody planted.
import { Notebook, zero } from "./lib/notebook.mjs";
import { Scene } from "./lib/scene.mjs";

/** Runs all tricks, says what was seen of each, and answers whether all were. */
export async function selfCheck() {
  let seen = 0;
  const tricks = [...inTheNotebook, ...onTheNetwork];
  for (const { name, expect, play } of tricks) {
    const found = await play();
    const isSeen = Object.entries(expect).every(([key, count]) => found[key] === count);
    if (isSeen) seen += 1;
    console.log(`self-check: ${isSeen ? "seen" : "NOT SEEN"}: ${name} (${JSON.stringify(found)})`);
  }
  console.log(`self-check: ${seen} of ${tricks.length} planted faults seen`);
  return seen === tricks.length;
}

const inTheNotebook = [
  {
    name: "nothing planted, nothing found",
    expect: { lost: 0, doubled: 0 },
    play: () => withNotebook(async (notebook) => compareAfterKill(notebook)),
  },
  {
    name: "a gathering called saved that was never recorded",
    expect: { lost: 1, doubled: 0, silent: 1 },
    play: () =>
      withNotebook(async (notebook) => {
        notebook.hear({ saved: notebook.takeMarks() });
        await compareAfterKill(notebook);
      }),
  },
  {
    name: "a gathering deleted out of the database and the mirror",
    expect: { lost: 1, doubled: 0 },
    play: () =>
      withNotebook(async (notebook) => {
        const [mark] = notebook.promised;
        if (!(await notebook.phone.browser.evaluate(`(${deleteFromStores})(${mark})`)))
          throw new Error("nothing to delete");
        await compareAfterKill(notebook);
      }),
  },
  {
    name: "a gathering recorded twice",
    expect: { lost: 0, doubled: 1 },
    play: () =>
      withNotebook(async (notebook) => {
        const [mark] = notebook.promised;
        await notebook.phone.kill();
        await notebook.open();
        await notebook.phone.call("recordMany", mark, 1, notebook.run);
        await compareAfterKill(notebook);
      }),
  },
  {
    name: "a gathering that the server never got",
    expect: { lost: 1, doubled: 0 },
    play: () =>
      withNotebook(async (notebook) => {
        await notebook.deliver();
        notebook.promised.add(notebook.takeMarks());
        await notebook.server.start();
        await notebook.compareWithServer();
      }),
  },
];

const onTheNetwork = [
  {
    name: "a push that the network repeats under other ids",
    expect: { lost: 0, doubled: 1 },
    play: () =>
      withScene(async (scene, run) => {
        const mark = await scene.record(run);
        const spoiled = scene.proxy.spoilNext("push", async ({ socket, body, forward }) => {
          const answer = await forward();
          const push = JSON.parse(body);
          const changes = push.changes.map((change) => ({
            ...change,
            change: other(change.change),
            record: other(change.record),
          }));
          await forward(Buffer.from(JSON.stringify({ ...push, changes })));
          socket.end(answer);
        });
        await scene.phone.call("sendNow");
        await spoiled;
        await scene.arrives(run, mark, "push");
      }),
  },
  {
    name: "a push that the network changes on its way to the server",
    expect: { lost: 1, doubled: 0 },
    play: () =>
      withScene(async (scene, run) => {
        const mark = await scene.record(run);
        // A receipt must name the hash of what was sent (S4): the phone may not take this one for its own.
        const spoiled = scene.proxy.spoilNext("push", async ({ socket, body, forward }) => {
          const text = body.toString().replace(`"participants":${mark}`, `"participants":${mark + 1}`);
          socket.end(await forward(Buffer.from(text)));
        });
        await scene.phone.call("sendNow");
        await spoiled;
        await scene.arrives(run, mark, "push");
      }),
  },
];

async function withNotebook(trick) {
  const run = structuredClone(zero);
  const notebook = await Notebook.begin({ run, count: () => {} });
  try {
    await notebook.open();
    await notebook.compare("first");
    await notebook.record(3);
    await trick(notebook);
    const { lost, doubled, silent } = run;
    return { lost, doubled, silent };
  } finally {
    await notebook.end();
  }
}

async function compareAfterKill(notebook) {
  await notebook.phone.kill();
  await notebook.open();
  await notebook.compare("self-check");
}

async function withScene(trick) {
  const run = { saved: 0, arrived: 0, lost: 0, doubled: 0, changed: 0, stuck: 0 };
  const scene = await Scene.begin([]);
  try {
    await trick(scene, run);
    const { lost, doubled, stuck } = run;
    return { lost, doubled, stuck };
  } finally {
    await scene.end();
  }
}

/** Another id of the same kind. */
const other = (id) => id.replace(/.$/, (last) => (last === "0" ? "1" : "0"));

/** In the page: every row of the app's databases and every entry of its mirror that holds the mark. */
async function deleteFromStores(mark) {
  const text = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).replaceAll("\\", "");
  const holds = (value) => text(value).includes(`"participants":${mark}`);
  const done = (request) =>
    new Promise(
      (resolve, reject) => (
        (request.onsuccess = () => resolve(request.result)),
        (request.onerror = () => reject(request.error))
      ),
    );
  let deleted = 0;
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("hytevihko-")) continue;
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store, "readwrite").objectStore(store);
      const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      for (const [index, value] of values.entries())
        if (holds(value)) (await done(rows.delete(keys[index])), (deleted += 1));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    if (!name.startsWith("hytevihko-mirror")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (holds(await (await cache.match(request)).text())) deleted += (await cache.delete(request)) ? 1 : 0;
    }
  }
  return deleted;
}
