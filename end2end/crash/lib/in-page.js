// Runs in the page before the app does. It presses what a volunteer presses, tells the harness what the screen says the
// moment it says it, and reads the lists. `%SETTINGS%` is filled in by page.mjs.
(() => {
  const settings = "%SETTINGS%";
  const words = Object.fromEntries(Object.entries(settings).map(([name, source]) => [name, new RegExp(source, "i")]));
  const tell = (what) => globalThis.hytevihkoTells?.(JSON.stringify({ ...what, at: Date.now() }));
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function until(what, condition, ms = 15_000) {
    const end = Date.now() + ms;
    for (;;) {
      const value = condition();
      if (value) return value;
      if (Date.now() > end)
        throw new Error(`waited for ${what} on ${location.pathname}: ${document.body?.innerText.slice(0, 300)}`);
      await pause(2);
    }
  }

  /** A gathering of the list: its count is its mark, for the harness gives every gathering another one. */
  function item(li) {
    const [, count] = all("p", li);
    return {
      count: Number(count?.textContent.replace(/\D/g, "") ?? 0),
      state: li.querySelector(".badge")?.textContent ?? "",
    };
  }
  const items = () => (location.pathname === "/app/kerrat" ? all("#content .list > li").map(item) : []);

  // What the screen calls saved, told at once: the observer is called in the very task that drew it.
  const begun = new Set();
  const saved = new Set();
  new MutationObserver(() => {
    if (begun.size === saved.size) return;
    for (const { count, state } of items()) {
      if (begun.has(count) && !saved.has(count) && words.saved.test(state)) {
        saved.add(count);
        tell({ saved: count });
      }
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });

  async function go(path) {
    if (location.pathname.replace(/\/$/, "") === path) return;
    const link = await until(`a link to ${path}`, () => document.querySelector(`a[href="${path}"]`));
    link.click();
    await until(path, () => location.pathname.replace(/\/$/, "") === path);
  }

  function type(selector, value) {
    const field = document.querySelector(selector);
    field.value = value;
    for (const event of ["input", "change"]) field.dispatchEvent(new Event(event, { bubbles: true }));
  }

  /** Records an outing under "Muu kerta" by the real form, and waits until the list says that it is saved. */
  async function record(count, note) {
    await go("/app");
    await go("/app/kirjaa/muu");
    const chip = () => all("form.edit-form .chip").find((button) => words.form.test(button.textContent));
    (await until("the form", chip)).click();
    type("#participants", String(count));
    type("form.edit-form textarea", note);
    begun.add(count);
    tell({ begun: count });
    document.querySelector("form.edit-form button[type=submit]").click();
    await until(`gathering ${count} to be called saved`, () => saved.has(count));
  }

  /** One after the other until the browser is killed or `times` are done. */
  async function recordMany(first, times, run) {
    try {
      for (let n = 0; n < times; n++) await record(first + n, `${run} ${first + n}`);
    } catch (error) {
      tell({ failed: String(error) });
    }
  }

  /**
   * Keeps the browser's database busy beside the app: the origin's databases share one LevelDB, and a kill is worst while that
   * begins a new log or packs old ones together. Writes until the browser is killed.
   */
  async function press() {
    const opening = indexedDB.open("crash-harness-press", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows");
    await new Promise((resolve, reject) => ((opening.onsuccess = resolve), (opening.onerror = reject)));
    for (let n = 0; ; n++) {
      const transaction = opening.result.transaction("rows", "readwrite");
      transaction.objectStore("rows").put(crypto.getRandomValues(new Uint8Array(65_536)), n % 64);
      await new Promise((resolve) => (transaction.oncomplete = transaction.onabort = resolve));
    }
  }

  /** What is said about the whole phone; not what the association asks about one gathering. */
  const notices = () =>
    all("[role=alert], .notice, .status-line")
      .filter((element) => !element.closest(".home-came-back"))
      .map((element) => element.textContent.trim());

  /** Until the app has drawn itself from what it holds. */
  async function opened(ms = 20_000) {
    const content = () => document.querySelector("#content")?.textContent ?? "";
    try {
      await until("the app", () => document.querySelector("nav.frame-nav") || words.signedOut.test(content()), ms);
    } catch (error) {
      // What had come by then tells a slow machine from an app that hangs.
      const loaded = performance
        .getEntriesByType("resource")
        .map((entry) => `${entry.name} ${Math.round(entry.responseEnd)}`);
      const databases = await Promise.race([indexedDB.databases(), pause(2_000)]);
      const names = databases?.map(({ name }) => name) ?? "no answer";
      throw new Error(`${error.message} | ${document.readyState}, ${loaded.join(", ")}, databases: ${names}`);
    }
  }

  /** Whether the browser has thrown the origin's databases away since it was asked last: ours, which holds nothing, tells. */
  async function wiped() {
    const canary = "crash-harness";
    if ((await indexedDB.databases()).some(({ name }) => name === canary)) return false;
    await new Promise((resolve, reject) => {
      const opening = indexedDB.open(canary);
      opening.onsuccess = () => resolve(opening.result.close());
      opening.onerror = () => reject(opening.error);
    });
    return true;
  }

  /** Everything that the list of gatherings shows, with the number that waits by the navigation. */
  async function read() {
    await opened();
    const nav = document.querySelector("nav.frame-nav");
    const about = { notices: notices(), wiped: await wiped() };
    if (!nav) return { ...about, signedOut: true, items: [], waiting: 0 };
    await go("/app/kerrat");
    await until("the list", () => document.querySelector("#content .list > li, #content .empty"));
    for (;;) {
      const more = document.querySelector("#content > button.quiet");
      if (!more) break;
      const shown = all("#content .list > li").length;
      more.click();
      await until("more of the list", () => all("#content .list > li").length > shown);
    }
    const waiting = Number(
      /\((\d+)\)/.exec(document.querySelector('nav.frame-nav a[href="/app/lahtevat"]')?.textContent)?.[1] ?? 0,
    );
    return { ...about, signedOut: false, items: items(), waiting };
  }

  /** *Lähetä nyt*, where anything waits. */
  async function sendNow() {
    await go("/app/lahtevat");
    document.querySelector("#content > button.big, #content button.big")?.click();
  }

  /** The state of one gathering in the list, in the screen's words. */
  async function state(count) {
    await go("/app/kerrat");
    return items()
      .filter((found) => found.count === count)
      .map((found) => found.state);
  }

  /** As when the phone finds a network again. */
  const online = () => dispatchEvent(new Event("online"));

  async function ready() {
    await navigator.serviceWorker.ready;
    await until(
      "the groups",
      () =>
        document.querySelector("nav.frame-nav") &&
        !document.querySelector(".bone") &&
        words.ready.test(document.body.textContent),
      30_000,
    );
  }

  globalThis.hytevihko = { record, recordMany, read, opened, go, sendNow, state, online, ready, notices, press };
})();
