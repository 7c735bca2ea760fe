// A busy association's ten years, five thousand gatherings, on the reviewer's device: how soon the board has another month and the report
// its figures, with the processor slowed four times; and how soon the server has made, or read, a spreadsheet of as many.
import { median } from "../fixtures/figures.mjs";
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";
import { GATHERINGS, YEARS, heldIn, keptAsCsv, keptAsXlsx, pushTenYears, received } from "../fixtures/ten-years.mjs";

const SLOWER = 4;
/** Milliseconds, of the median: from the press to the new month on the screen, and to the first figures of another range. */
const MONTH_MS_MAX = 150;
const FIGURES_MS_MAX = 300;
/** No task keeps a tap waiting longer, until everything has been drawn. The browser tells of those over 50 only. */
const TASK_MS_MAX = 50;
/** On the server, until the whole file is here; and from the choice of a file to what would come of it. */
const XLSX_MS_MAX = 2_000;
const PREVIEW_MS_MAX = 3_000;
const ROWS = 10_000;

const spread = (values) => `median ${Math.round(median(values))} ms (${values.map(Math.round).join(", ")}; longest ${Math.round(Math.max(...values))})`;

/**
 * Does `act` to the element of `on`, whose event the page hears, and answers in milliseconds from that event: `first`, when the texts of all `selectors` had
 * changed and were painted; `whole`, when the last change of the screen was; and the `tasks` over 50 until then.
 */
async function measured(page, { event = "click", selectors, on, act = (element) => element.click() }) {
  // Looked for before, because a search by role is itself a long task of the slowed page.
  const element = await on.elementHandle();
  // What went before has come to rest, and its tasks are told.
  await page.waitForTimeout(600);
  await page.evaluate(
    ([event, selectors]) => {
      window.tasks ??= [];
      window.watching ??= new PerformanceObserver((list) => window.tasks.push(...list.getEntries())).observe({ type: "longtask" }) ?? true;
      const text = () => selectors.map((selector) => document.querySelector(selector)?.textContent ?? "");
      const before = text();
      window.measured = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`nothing came of it: ${selectors.map((one, at) => `${one}: ${text()[at].slice(0, 80)}`).join("; ")}`)), 15_000);
        const heard = ({ timeStamp: began }) => {
          const QUIET_MS = 1_000;
          let [isChanged, first, whole, last] = [false, undefined, undefined, began];
          const watch = new MutationObserver(() => (isChanged = true));
          watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          // A message is answered when the frame of this moment has been painted.
          const painted = (tell) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => tell(performance.now());
            port2.postMessage(undefined);
          };
          const look = () => {
            if (isChanged) {
              isChanged = false;
              last = performance.now();
              const isThere = first === undefined && text().every((now, at) => now && now !== before[at]);
              painted((now) => {
                whole = now;
                if (isThere) first ??= now;
              });
            }
            if (first === undefined || performance.now() - last < QUIET_MS) return requestAnimationFrame(look);
            watch.disconnect();
            const tasks = window.tasks.filter(({ startTime, duration }) => startTime + duration > began && startTime < whole);
            window.tasks.length = 0;
            resolve({ first: first - began, whole: whole - began, tasks: tasks.map(({ duration }) => Math.round(duration)) });
          };
          requestAnimationFrame(look);
        };
        addEventListener(event, heard, { capture: true, once: true });
      });
    },
    [event, selectors],
  );
  await act(element);
  return page.evaluate(() => window.measured);
}

/** Prints a series, and answers what of it is held: its median, and its longest task. */
function told(what, goal, runs) {
  const first = runs.map(({ first }) => first);
  const tasks = runs.flatMap(({ tasks }) => tasks).sort((a, b) => b - a);
  const longest = tasks.length ? `${tasks.length}, longest ${tasks.slice(0, 5).join(", ")} ms` : "none";
  console.log(`CPU ${SLOWER}x, ${what}: ${spread(first)}, ${runs.length} runs; goal ${goal}`);
  console.log(`  everything drawn: ${spread(runs.map(({ whole }) => whole))}; tasks over 50 ms: ${longest} (goal none)`);
  return { median: median(first), task: Math.max(0, ...tasks) };
}

/** A series, repeated where it is over a limit: what else the machine does counts too, and a product that is too slow is so three times. */
async function held(what, goal, series) {
  let seen;
  for (let tries = 0; tries < 3; tries++) {
    seen = told(what, goal, await series());
    if (seen.median <= goal && seen.task <= TASK_MS_MAX) break;
  }
  expect.soft(seen.median, what).toBeLessThanOrEqual(goal);
  expect.soft(seen.task, `${what}: the longest task`).toBeLessThanOrEqual(TASK_MS_MAX);
}

async function repeat(times, work) {
  const runs = [];
  for (let run = 0; run < times; run++) runs.push(await work(run));
  return runs;
}

/** The reviewer's device with ten years on it, before its processor is slowed. */
async function secretary(page, server) {
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app`);
  await readyWithoutNetwork(page);
  await page.goto(`${server.url}/oma`);
  const made = await pushTenYears(page);
  await page.goto(`${server.url}/app/yhdistys`);
  await received(page, made.count);
  return made;
}

async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** The first of the figures: the gatherings that were held. */
const gatherings = async (page) => Number((await page.locator("dl.figures dd").first().innerText()).replace(/\D/g, ""));

for (const [what, options, grid] of [
  ["a phone", { viewport: { width: 390, height: 844 }, hasTouch: true }, ".month-grid"],
  ["a laptop", { viewport: { width: 1280, height: 844 } }, "table.board"],
]) {
  test.describe(what, () => {
    test.use(options);

    test("the board has another month soon, and the report its figures, of ten years", async ({ server, page }) => {
      test.setTimeout(900_000);
      const made = await secretary(page, server);
      await server.stop();

      await page.goto(`${server.url}/app/yhdistys`);
      await page.locator(grid).waitFor();
      await slow(page);
      // What the phone does behind its first screen.
      await page.waitForTimeout(3_000);
      const step = (name) => measured(page, { selectors: ["main h1", grid], on: page.getByRole("button", { name }) });
      await held(`${what}, the board's month`, MONTH_MS_MAX, () => repeat(8, () => step(/Edellinen kuukausi/)));
      await page.getByRole("button", { name: "Koko vuosi" }).click();
      const years = await repeat(4, () => step(/^‹ \d{4}$/));
      told(`${what}, the board's year, of which no goal is set`, MONTH_MS_MAX, years);

      const selectors = ["dl.figures"];
      const link = (path) => page.locator(`nav a[href="${path}"]`).first();
      const opens = await repeat(3, async () => {
        const year = await measured(page, { selectors, on: link("/app/vuosi") });
        await link("/app/yhdistys").click();
        await page.locator(grid).waitFor();
        return year;
      });
      told(`${what}, the report is opened, of which no goal is set`, FIGURES_MS_MAX, opens);

      await page.goto(`${server.url}/app/vuosi`);
      await page.locator("dl.figures").waitFor();
      await page.waitForTimeout(3_000);
      const another = () => measured(page, { selectors, on: page.getByRole("button", { name: /^‹ \d{4}$/ }) });
      await held(`${what}, another year's figures`, FIGURES_MS_MAX, async () => {
        const runs = await repeat(6, another);
        const year = Number(await page.locator("main h1").innerText().then((text) => text.match(/\d{4}/)[0]));
        // Before the demo's own gatherings, so that the figures are ours alone.
        if (year < YEARS.last - 3) expect(await gatherings(page)).toBe(heldIn(made.gatherings, year, year));
        for (let back = year; back < YEARS.last; back++) await page.getByRole("button", { name: /^\d{4} ›$/ }).click();
        await expect(page.locator("main h1")).toContainText(String(YEARS.last));
        return runs;
      });

      await page.getByRole("button", { name: "Päivästä päivään" }).click();
      const first = page.getByLabel("Ensimmäinen päivä");
      const days = (day) => measured(page, { event: "change", selectors, on: first, act: (element) => element.fill(day) });
      await held(`${what}, the figures of ten years`, FIGURES_MS_MAX, () =>
        repeat(4, async () => {
          await days(`${YEARS.last}-01-01`);
          return days(`${YEARS.first}-01-01`);
        }),
      );
      expect(await gatherings(page)).toBeGreaterThanOrEqual(heldIn(made.gatherings, YEARS.first, YEARS.last));
    });
  });
}

test("a spreadsheet of ten years is made soon", async ({ server, page }) => {
  test.setTimeout(300_000);
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/oma`);
  const { association } = await pushTenYears(page);
  const days = `from=${YEARS.first}-01-01&to=${YEARS.last}-12-31`;
  for (const [what, path] of [
    ["the figures of every pack", `/api/v1/report.xlsx?association=${association}&${days}`],
    ["the figures of the year's pack", `/api/v1/report.xlsx?association=${association}&pack=year&${days}`],
    [`${GATHERINGS} gatherings, one a row`, `/api/v1/gatherings.xlsx?association=${association}`],
  ]) {
    let bytes;
    const times = await repeat(5, async () => {
      const began = performance.now();
      const answer = await page.request.get(server.url + path);
      const body = await answer.body();
      const ms = performance.now() - began;
      expect(answer.status(), body.toString("utf8", 0, 200)).toBe(200);
      expect(body.toString("latin1", 0, 2)).toBe("PK");
      bytes = body.length;
      return ms;
    });
    console.log(`ten years as XLSX, ${what}: ${spread(times)}, ${bytes} bytes, ${times.length} runs; goal ${XLSX_MS_MAX}`);
    expect.soft(median(times), what).toBeLessThanOrEqual(XLSX_MS_MAX);
  }
});

test("what would come of ten thousand rows is shown soon, and that the file is being read before it", async ({ server, page }) => {
  test.setTimeout(300_000);
  await secretary(page, server);
  await page.goto(`${server.url}/app/yhdistys/tuonti`);
  await page.locator(".file").waitFor();
  await slow(page);
  await page.waitForTimeout(2_000);
  for (const file of [keptAsCsv(ROWS), keptAsXlsx(ROWS)]) {
    const runs = await repeat(3, async () => {
      // The last preview is gone.
      await page.goto(`${server.url}/app/yhdistys/tuonti`);
      await page.locator(".file").waitFor();
      await page.evaluate(() => {
        window.progress = [];
        const note = () => window.progress.push(document.querySelector('main [role="status"]')?.textContent ?? "");
        new MutationObserver(() => requestAnimationFrame(note)).observe(document.querySelector("main"), { subtree: true, childList: true });
      });
      const run = await measured(page, {
        event: "change",
        selectors: ["#import-found"],
        on: page.locator('input[type="file"]'),
        act: (element) => element.setInputFiles(file),
      });
      await expect(page.locator("#import-found")).toContainText(/Tuotavia kertoja: 10\s?000,/);
      const said = await page.evaluate(() => window.progress);
      expect(said.some((text) => text.includes("Luetaan tiedostoa…")), "that it is being read is on the screen meanwhile").toBe(true);
      return run;
    });
    const { median } = told(`${file.name} of ${ROWS} rows, ${file.buffer.length} bytes, is looked at`, PREVIEW_MS_MAX, runs);
    expect.soft(median, file.name).toBeLessThanOrEqual(PREVIEW_MS_MAX);
  }
});
