// Keeps the shell and its files so that /app opens with no network at all. The server fills in the version and the list.
//
// Install is all or nothing: every file is fetched and its digest checked before the new version counts. A room that only some
// roles enter has files of its own, kept where the page says that its user has such a role. /api is never touched, and neither is any
// cache that is not the shell's own: the mirror of unsent records lives in another one.

const VERSION = "%VERSION%";
const FILES = "%FILES%";
// By room: the files that every phone's are not enough for.
const ROOMS = "%ROOMS%";
const OURS = new Set([...FILES, ...Object.values(ROOMS).flat()].map(([path]) => path));
// One change of rooms after the other: the last one counts.
let turn = Promise.resolve();
// Which rooms are kept here. Not the shell's: the next version installs them too, and its page may be opened without a network.
const KEPT = "hytevihko-rooms";
const PREFIX = "hytevihko-shell-";
const CACHE = PREFIX + VERSION;
const SHELL = "/app";

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    event.respondWith(isShell(url.pathname) ? shell() : page(request));
  } else if (OURS.has(url.pathname) && url.pathname !== SHELL) {
    event.respondWith(file(request));
  }
});

// The page says when the new version may take over; nobody is asked to change horses in a form.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  if (event.data?.rooms) event.waitUntil((turn = turn.then(() => keepRooms(event.data.rooms, event.ports[0]))));
});

// A reminder that its reader has asked for, written by the server in their language (docs/adr/0027).
self.addEventListener("push", (event) => {
  const { title, body } = event.data?.json() ?? {};
  if (title) event.waitUntil(self.registration.showNotification(title, { body, tag: "deadline", icon: "/icon-192.png" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/app/yhdistys"));
});

function isShell(path) {
  return path === "/app" || path.startsWith("/app/");
}

async function install() {
  await keep([...FILES, ...(await keptRooms()).flatMap((room) => ROOMS[room] ?? [])]);
}

// The rooms of whoever is signed in: theirs are fetched, all others' files go. Answers whether they are here.
async function keepRooms(rooms, answer) {
  try {
    await (await caches.open(KEPT)).put("/", new Response(JSON.stringify(rooms)));
    const wanted = rooms.flatMap((room) => ROOMS[room] ?? []);
    await keep(wanted);
    const cache = await caches.open(CACHE);
    const others = Object.values(ROOMS).flat().filter(([path]) => !wanted.some(([needed]) => needed === path));
    await Promise.all(others.map(([path]) => cache.delete(path)));
    answer?.postMessage(true);
  } catch {
    // Without a network: the page asks again when it is opened the next time.
    answer?.postMessage(false);
  }
}

async function keptRooms() {
  const kept = await caches.match("/", { cacheName: KEPT });
  if (kept) return kept.json();
  // A release before there were rooms had all of them in its shell; the page will say which ones are needed.
  const isUpdate = (await caches.keys()).some((name) => name.startsWith(PREFIX) && name !== CACHE);
  return isUpdate ? Object.keys(ROOMS) : [];
}

// All or nothing of what is not here yet.
async function keep(files) {
  const cache = await caches.open(CACHE);
  await Promise.all(
    files.map(async ([path, digest]) => {
      if (await cache.match(path)) return;
      const hashed = path.startsWith("/pkg/");
      // Named by content: the copy that the page has just loaded will do. The shell's name never changes: ask anew.
      const response = await fetch(path, { cache: hashed ? "default" : "reload", credentials: "same-origin" });
      if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
      const bytes = await response.clone().arrayBuffer();
      if ((await sha256(bytes)) !== digest) throw new Error(`${path}: not the file of this version`);
      await cache.put(path, response);
    }),
  );
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function shell() {
  const cached = await (await caches.open(CACHE)).match(SHELL);
  return cached ?? fetch(SHELL);
}

async function file(request) {
  const cached = await (await caches.open(CACHE)).match(new URL(request.url).pathname);
  return cached ?? fetch(request);
}

// Server-rendered pages come from the network; without one there is the shell, which says so.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cached = await (await caches.open(CACHE)).match(SHELL);
    if (cached) return cached;
    throw error;
  }
}

async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
