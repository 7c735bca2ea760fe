// Starts the app in the browser. `cargo xtask` puts the addresses in and names the result by its content.

const script = "%CLIENT_JS%";
const wasm = "%CLIENT_WASM%";
// The files of texts by their languages' tags; a demo has more than it offers.
const languages = "%LANGUAGES%";
const trials = "%TRIALS%";
// By room: the files of texts that a late room has beside these, by language.
const rooms = "%ROOM_TEXTS%";

// Where the browser offers it, a transaction counts as committed once the disk has it and not only the system's memory. The
// store's library has no such setting.
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, mode, options) {
  return transaction.call(this, stores, mode, mode === "readwrite" ? { durability: "strict", ...options } : options);
};

// The browser offers to install the app at a moment of its own; the app does it when there is a reason to.
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  window.hytevihkoInstall = event;
  dispatchEvent(new Event("hytevihko-install"));
});

// The browser opens what lies on its disk while the files are read.
indexedDB.databases?.().catch(() => {});

// A first visit has to know who is signed in before it can draw: it asks while its files come.
try {
  if (!localStorage.getItem("hytevihko-me")) {
    const question = { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: "/api/v1/me" };
    document.head.append(Object.assign(document.createElement("link"), question));
  }
} catch {
  // Storage is forbidden: the app says so itself.
}

/** Has the service worker keep the rooms of the user's roles; answers whether they are here. */
window.hytevihkoKeep = async (rooms) => {
  const { active, waiting } = await navigator.serviceWorker.ready;
  // A version that waits may be the one that is opened next, without a network.
  waiting?.postMessage({ rooms });
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  active.postMessage({ rooms }, [port2]);
  return answer;
};

/** The texts of a language, those of a late room where one is named. */
const texts = (window.hytevihkoTexts = async (tag, room) => {
  const response = await fetch((rooms[room] ?? { ...languages, ...trials })[tag]);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return response.text();
});

/** The language that the pages and the app share by a cookie, else the browser's, with its texts; Finnish where they cannot be had. */
async function language() {
  const chosen = /(?:^|; )kieli=([^;]*)/.exec(document.cookie)?.[1];
  const own = (navigator.language ?? "").split(/[-_]/)[0].toLowerCase();
  const tag = chosen in { ...languages, ...trials } ? chosen : own in languages ? own : "fi";
  try {
    return [tag, await texts(tag)];
  } catch {
    return ["fi", await texts("fi")];
  }
}

/** A task of its own, so many milliseconds later. */
const after = (ms) => new Promise((next) => setTimeout(next, ms));

async function start() {
  // All at once: the WebAssembly is the larger part, and need not wait for the glue. Not a static import, which would
  // fail before anybody could say so.
  const [client, response, [tag, words]] = await Promise.all([import(script), fetch(wasm), language()]);
  await client.default({ module_or_path: response });
  // A tap or a scroll may come between.
  await after(0);
  if (!client.mount(tag, words)) throw new Error(`${tag}: the texts are of another version`);
}

function registerWorker() {
  navigator.serviceWorker
    .register("/sw.js", { scope: "/", updateViaCache: "none" })
    // Private windows may refuse it. Everything but starting without a network works all the same.
    .catch((error) => console.warn("no service worker:", error));
}

// Usually Home is drawn and its groups are here by then: a slow phone has one thing to do at a time, and a first visit would download
// the files twice. Also when the start fails or does not end: a newer worker may be what mends it.
const WORKER_AFTER_MS = 1_500;
const WORKER_AT_LAST_MS = 15_000;

const started = start().catch((error) => {
  console.error("the app could not start:", error);
  document.getElementById("boot-error")?.removeAttribute("hidden");
});
if ("serviceWorker" in navigator) {
  Promise.race([started.then(() => after(WORKER_AFTER_MS)), after(WORKER_AT_LAST_MS)]).then(registerWorker);
}
