// Keeps the shell and its files so that /app opens with no network at all. The server fills in the version and the list.
//
// Install is all or nothing: every file is fetched and its digest checked before the new version counts. /api is never
// touched, and neither is any cache that is not the shell's own: the mirror of unsent records lives in another one.

const VERSION = "%VERSION%";
const FILES = "%FILES%";
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
  } else if (FILES.some(([path]) => path === url.pathname && path !== SHELL)) {
    event.respondWith(file(request));
  }
});

// The page says when the new version may take over; nobody is asked to change horses in a form.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

function isShell(path) {
  return path === "/app" || path.startsWith("/app/");
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    FILES.map(async ([path, digest]) => {
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
