// A repeated gathering takes at most six taps and no keyboard, a new one at most twelve; nothing jumps, and every tap answers soon.
import { at } from "../fixtures/figures.mjs";
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

const TAPS_MAX = 6;
const TAPS_MAX_OF_NEW = 12;
/** From a tap to the next frame, of 95 in a hundred, milliseconds. */
const TAP_MS_MAX = 100;
/** No task keeps a tap waiting longer; the goal is 50. */
const TASK_MS_MAX = 150;
const SLOWER = 4;

/** Taps, counted. */
function finger() {
  let taps = 0;
  return {
    get taps() {
      return taps;
    },
    async on(locator) {
      taps += 1;
      await locator.click();
    },
  };
}

/** The next one begins as this one did: taken back, it is an unfinished one, which goes too. */
async function beginsAnew(page) {
  await page.getByRole("button", { name: "Kumoa" }).click();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("button", { name: "Poista keskeneräinen" }).click();
}

test("a repeated gathering within three of last time takes at most six taps and no keyboard", async ({ server, page }) => {
  await page.addInitScript(() => {
    addEventListener("keydown", () => (window.keys = (window.keys ?? 0) + 1), true);
    addEventListener("focusin", ({ target }) => target.matches("input:not([type=checkbox]), textarea") && (window.keyboard = true), true);
  });
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  const counted = [];
  for (const more of [0, 1, 2, 3, -1, -2, -3]) {
    await page.goto(`${server.url}/app`);
    await page.locator("a.card.primary").waitFor();
    const tap = finger();
    await tap.on(page.locator("a.card.primary"));
    const chip = page.locator(".chips .chip", { hasText: "viime kerralla" });
    const last = Number((await chip.innerText()).match(/\d+/)[0]);
    await tap.on(chip);
    const step = page.getByRole("button", { name: `${more < 0 ? "Vähemmän" : "Enemmän"}: Osallistujia` });
    for (let n = 0; n < Math.abs(more); n++) await tap.on(step);
    await tap.on(page.getByRole("button", { name: "Tallenna" }));
    const saved = page.locator(".list > li:visible").first();
    await expect(saved).toContainText(`Osallistujia ${last + more}`);
    await expect(saved).toContainText("Tallessa tässä puhelimessa");
    expect(tap.taps).toBeLessThanOrEqual(TAPS_MAX);
    counted.push(tap.taps);
    expect(await page.evaluate(() => [window.keys ?? 0, window.keyboard ?? false])).toEqual([0, false]);
    await beginsAnew(page);
  }
  console.log(`a repeated gathering: ${counted.join(", ")} taps`);
});

test("a step that is held repeats, and one that is pressed counts once", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.locator("a.card.primary").click();
  const count = page.getByRole("textbox", { name: "Montako osallistujaa?" });
  const more = page.getByRole("button", { name: "Enemmän: Osallistujia" });
  await more.click();
  await expect(count).toHaveValue("1");
  await more.press("Enter");
  await expect(count).toHaveValue("2");
  const { x, y, width, height } = await more.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await expect.poll(async () => Number(await count.inputValue())).toBeGreaterThan(8);
  await page.mouse.up();
  const held = Number(await count.inputValue());
  await page.waitForTimeout(1_000);
  await expect(count).toHaveValue(String(held));
  // Hours to a quarter, by half hours.
  const hours = page.getByRole("textbox", { name: "Tunteja yhteensä" });
  await hours.fill("4,25");
  await page.getByRole("button", { name: "Enemmän: Tunteja yhteensä" }).click();
  await expect(hours).toHaveValue("4,75");
});

test("an outing outside any group takes at most twelve taps, its digits among them", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  const tap = finger();
  await tap.on(page.getByRole("link", { name: /Muu kerta/ }));
  await tap.on(page.getByRole("button", { name: "Retki" }));
  await tap.on(page.getByRole("textbox", { name: "Montako osallistujaa?" }));
  await page.keyboard.type("23");
  await tap.on(page.getByRole("button", { name: "Enemmän: Vapaaehtoisia" }));
  await tap.on(page.getByRole("button", { name: "Eilen" }));
  await tap.on(page.getByRole("button", { name: "Tallenna" }));
  await expect(page.locator(".list > li:visible").filter({ hasText: "Retki" }).filter({ hasText: "Osallistujia 23" })).toHaveCount(1);
  expect(tap.taps + "23".length).toBeLessThanOrEqual(TAPS_MAX_OF_NEW);
});

test("the form is drawn ahead while Home is read, and nothing of it is seen or kept", async ({ server, page }) => {
  await page.addInitScript(() => {
    window.drawn = [];
    const create = Document.prototype.createElement;
    Document.prototype.createElement = function (name, ...rest) {
      window.drawn.push(name);
      return create.call(this, name, ...rest);
    };
  });
  await signIn(page, server, "vapaaehtoinen");
  await page.locator("a.card.primary").waitFor();
  // The form, and what of it comes a frame later.
  await page.waitForFunction(() => ["form", "fieldset"].every((name) => window.drawn.includes(name)));
  await expect(page.locator("form.edit-form, .undo")).toHaveCount(0);
  await page.waitForTimeout(1_000);
  await expect(page.locator("form.edit-form, .undo")).toHaveCount(0);
  await page.reload();
  await page.locator("a.card.primary").waitFor();
  await expect(page.getByRole("button", { name: "Poista keskeneräinen" })).toHaveCount(0);
});

test("nothing jumps on the way through a record, and taps answer soon on a slow phone", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await page.locator("a.card.primary").waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.addInitScript(() => {
    window.shift = 0;
    window.taps = [];
    window.longest = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "click") window.taps.push([entry.duration, entry.target?.textContent.slice(0, 20) ?? "?"]);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
    new PerformanceObserver((list) => window.longest.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: "longtask" });
  });
  await page.goto(`${server.url}/app`);
  await page.locator("a.card.primary").waitFor();
  await page.waitForTimeout(3_000);
  const ofStart = await page.evaluate(() => window.longest.splice(0));
  /** Six records, and what they took. */
  const series = async () => {
    for (let round = 0; round < 6; round++) {
      await page.locator("a.card.primary").click();
      await page.locator(".chips .chip", { hasText: "viime kerralla" }).click();
      for (const name of ["Enemmän: Osallistujia", "Enemmän: Vapaaehtoisia", "Vähemmän: Tunteja yhteensä", "Eilen"]) {
        await page.getByRole("button", { name }).click();
        await page.waitForTimeout(120);
      }
      await page.getByRole("button", { name: "Tallenna" }).click();
      await page.locator(".undo").waitFor();
      await beginsAnew(page);
      await page.locator("a.card.primary").waitFor();
      await page.waitForTimeout(300);
    }
    const { shift, taps, longest } = await page.evaluate(() => ({ shift: window.shift, taps: window.taps.splice(0), longest: window.longest.splice(0) }));
    const all = taps.map(([duration]) => duration);
    longest.sort((a, b) => b - a);
    const slowest = taps.toSorted(([a], [b]) => b - a).slice(0, 8);
    console.log(`the slowest: ${slowest.map(([duration, what]) => `${what} ${duration}`).join(", ")}`);
    console.log(`CPU ${SLOWER}x: ${all.length} taps over 16 ms: median ${at(all, 0.5)} ms, 95 % ${at(all, 0.95)} ms, longest ${at(all, 1)} ms (goal 100 at 95 %)`);
    console.log(`long tasks on the way: ${longest.length}, longest ${longest.slice(0, 5)} ms (goal 50); of the start: ${ofStart}; layout shift ${shift.toFixed(4)}`);
    return { tap: at(all, 0.95), task: Math.max(0, ...longest), shift };
  };
  // What else the machine does counts, too: a product that is too slow is so three times.
  let seen;
  for (let tries = 0; tries < 3; tries++) {
    seen = await series();
    if (seen.tap <= TAP_MS_MAX && seen.task <= TASK_MS_MAX) break;
  }
  expect(seen.tap).toBeLessThanOrEqual(TAP_MS_MAX);
  expect(seen.task).toBeLessThanOrEqual(TASK_MS_MAX);
  expect(seen.shift).toBeLessThanOrEqual(0.02);
});
