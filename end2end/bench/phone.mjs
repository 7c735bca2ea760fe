// What a cheap phone waits for, in Chromium with the processor slowed four times: a second visit on a slow network and on none, a
// save until it is committed in both places, a cold start without a network until the form can be used, and the list of five
// thousand gatherings. Prints a table and writes what it measured as JSON. `cargo xtask bench --phone` builds the server and calls it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { at } from "../fixtures/figures.mjs";
import { MONDAY, newServer, readyWithoutNetwork, setClock, signIn } from "../fixtures/server.mjs";
import settings from "../playwright.config.mjs";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "30" },
    gatherings: { type: "string", default: "5000" },
    slower: { type: "string", default: "4" },
    json: { type: "string", default: join(import.meta.dirname, "../../target/bench-phone.json") },
  },
});
const runs = Number(options.runs);
/** Opening the app takes seconds. */
const opens = Math.min(runs, 15);
const slower = Number(options.slower);
const wanted = Number(options.gatherings);

const server = await newServer();
const profile = mkdtempSync(join(tmpdir(), "hytevihko-bench-"));
let context;

async function open() {
  context = await chromium.launchPersistentContext(profile, {
    ...settings.use.launchOptions,
    locale: "fi-FI",
    viewport: { width: 390, height: 844 },
  });
  await setClock(context, MONDAY);
  const page = context.pages()[0] ?? (await context.newPage());
  const slow = async () => {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  };
  return { page, slow };
}

/** Pushes gatherings as the demo's volunteer, of the last twelve months, so that a phone holds as many. */
async function fill(page, count) {
  return page.evaluate(async ([count, ids]) => {
    const me = await (await fetch("/api/v1/me")).json();
    const association = me.associations[0].id;
    const first = await (await fetch(`/api/v1/sync/pull?association=${association}&after=0&limit=500`)).json();
    const series = first.records.find((record) => record.kind === "series" && !record.deleted);
    const day = (back) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    let held = 0;
    for (let after = 0, more = true; more;) {
      const page = await (await fetch(`/api/v1/sync/pull?association=${association}&after=${after}&limit=500`)).json();
      held += page.records.filter((record) => record.kind === "gathering" && !record.deleted).length;
      ({ next: after, more } = page);
    }
    const { municipality } = series.content;
    for (let made = held; made < count;) {
      const changes = [];
      for (; changes.length < 50 && made < count; made++) {
        const content = {
          series: series.id, form: series.content.form, date: day(1 + (made % 360)), municipality,
          participants: 10 + (made % 20), volunteers: 2, volunteer_quarter_hours: 8,
        };
        changes.push({ change: ids.pop(), record: ids.pop(), kind: "gathering", base: 0, content, made_at: Date.now() });
      }
      const body = JSON.stringify({
        magic: "hytevihko-push-1", user: me.user, association, device: me.device.id, schema: 1, epoch: first.epoch,
        counter: 0, waiting: 0, thrown: 0, changes,
      });
      const answer = await fetch("/api/v1/sync/push", { method: "POST", headers: { "content-type": "application/json" }, body });
      const { results } = await answer.json();
      const refused = results.find((result) => result.outcome !== "stored");
      if (refused) throw new Error(JSON.stringify(refused));
    }
  }, [count, Array.from({ length: 2 * count + 200 }, () => randomUUID())]);
}

/** From the click on `button` until `selector` is drawn, in the page's own clock. */
async function clickUntil(page, button, selector) {
  const handle = await button.elementHandle();
  return page.evaluate(
    ([button, selector]) =>
      new Promise((resolve) => {
        const began = performance.now();
        const look = () => {
          if (!document.querySelector(selector)) return requestAnimationFrame(look);
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
        };
        button.click();
        look();
      }),
    [handle, selector],
  );
}

/** What `work` gives, so many times one after the other. */
async function repeat(times, work) {
  const values = [];
  for (let run = 0; run < times; run++) values.push(await work(run));
  return values;
}

const table = [];
function tell(what, goal, values) {
  const row = { what, goal, median: at(values, 0.5), p95: at(values, 0.95), least: Math.min(...values), most: Math.max(...values) };
  for (const name of ["median", "p95", "least", "most"]) row[name] = Math.round(row[name]);
  table.push({ ...row, runs: values.length });
  console.log(`${what}: median ${row.median} ms, p95 ${row.p95} (${row.least}–${row.most}, ${values.length} runs; goal ${goal})`);
}

/** Saves a gathering of the first series, and what it took: until something is drawn, and until it is called saved. */
async function save(page, path, count) {
  await page.goto(`${server.url}/app`);
  await page.locator(`a[href="${path}"]`).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(count));
  // Nobody saves in the moment in which the app was opened.
  await page.waitForTimeout(1_000);
  const button = page.getByRole("button", { name: "Tallenna" });
  await page.evaluate(() => {
    window.drawn = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "click") window.drawn.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16 });
  });
  // A real click, so that the browser measures its own answer. The witness is written when both copies are committed; then the
  // screen says so, with the bar that offers to undo.
  await page.evaluate(() => {
    const set = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
      if (key.endsWith("-waits")) window.committed ??= performance.now();
      return set.call(this, key, value);
    };
    addEventListener("click", () => (window.clicked = performance.now()), { capture: true, once: true });
    new MutationObserver((_, observer) => {
      if (!document.querySelector(".undo")) return;
      observer.disconnect();
      window.saved = performance.now();
    }).observe(document.body, { childList: true, subtree: true });
  });
  await button.click();
  await page.waitForFunction(() => window.saved);
  const { committed, saved } = await page.evaluate(() => ({
    committed: window.committed - window.clicked,
    saved: window.saved - window.clicked,
  }));
  await page.waitForTimeout(300);
  const drawn = await page.evaluate(() => Math.max(16, ...window.drawn));
  return { committed, saved, drawn };
}

/** Opens a page, until `selector` is drawn and the page is idle enough to answer. */
async function usable(page, path, selector) {
  await page.addInitScript((selector) => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.usable = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  }, selector);
  await page.goto(server.url + path, { waitUntil: "commit" });
  // Nobody asks the page anything meanwhile: on a slow processor the question would cost what is measured.
  await page.waitForTimeout(2_500);
  await page.waitForFunction(() => window.usable);
  return page.evaluate(() => window.usable);
}

/** The app opened from nothing, until its form answers. */
async function coldStart(path, selector) {
  await context.close();
  const { page, slow } = await open();
  await slow();
  return { page, ms: await usable(page, path, selector) };
}

/** 1.6 Mbit/s and 150 ms, as a phone has at the edge of a village. */
const SLOW_NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

/** Home opened again in a browser that is running. */
async function secondVisit(network) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await session.send("Network.enable");
  if (network) await session.send("Network.emulateNetworkConditions", network);
  const ms = await usable(page, "/app", "a.card");
  await page.close();
  return ms;
}

try {
  await server.start(MONDAY);
  const { page, slow } = await open();
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await page.locator(".card.primary").waitFor();
  const series = (await page.locator(".card.primary").getAttribute("href")).split("/").at(-1);
  const form = { path: `/app/kirjaa/${series}`, selector: ".save-bar button:not([disabled])" };
  await page.goto("about:blank");
  tell("second visit, slow network → usable Home", "1000", await repeat(opens, () => secondVisit(SLOW_NETWORK)));
  await server.stop();
  tell("second visit without network → usable Home", "1000", await repeat(opens, () => secondVisit()));
  await slow();

  const saves = await repeat(runs, (run) => save(page, form.path, 10 + run));
  tell("save → committed in both places", "150 p95", saves.map(({ committed }) => committed));
  tell("save → the screen says so, and shows the list", "–", saves.map(({ saved }) => saved));
  tell("save: the tap itself answers", "100", saves.map(({ drawn }) => drawn));

  const start = async () => (await coldStart(form.path, form.selector)).ms;
  tell("cold start without network → usable form", "1000", await repeat(opens, start));

  await server.start(MONDAY);
  await context.close();
  const again = await open();
  await again.page.goto(`${server.url}/app`);
  await fill(again.page, wanted);
  await again.page.reload();
  const total = `${wanted} gatherings`;
  // All pages are here when a pull from the cursor brings nothing more.
  await again.page.waitForTimeout(1_000);
  await again.page.waitForFunction(() => !document.querySelector(".bone"), undefined, { timeout: 60_000 });
  await again.page.waitForTimeout(10_000);
  await server.stop();

  tell(`cold start without network, ${total} → usable form`, "1000", await repeat(opens, start));

  const lists = await repeat(opens, async () => {
    const { page } = await coldStart("/app", "a.card");
    return clickUntil(page, page.locator('nav.frame-nav a[href="/app/kerrat"]'), ".list li");
  });
  tell(`opening the list of ${total}`, "–", lists);

  console.table(table);
  writeFileSync(options.json, JSON.stringify({ slower, table }, undefined, 2) + "\n");
} finally {
  await context?.close();
  await server.stop();
  rmSync(server.data, { recursive: true, force: true });
  rmSync(profile, { recursive: true, force: true });
}
