// axe, 320 px and 200 % text on every screen.
import AxeBuilder from "@axe-core/playwright";
import { SCREENS, open } from "../fixtures/screens.mjs";
import { expect, signIn, test } from "../fixtures/server.mjs";

/** Pairwise in an ordinary run; every combination with HYTEVIHKO_A11Y=long. */
const ORDINARY = [
  { lang: "fi", colorScheme: "light", width: 390 },
  { lang: "sv", colorScheme: "dark", width: 320 },
  { lang: "en", colorScheme: "light", width: 1280 },
];
const LONG = ["fi", "sv", "en"].flatMap((lang) =>
  ["light", "dark"].flatMap((colorScheme) => [320, 390, 1280].map((width) => ({ lang, colorScheme, width }))),
);
/** Finnish with words that are 40 % longer, as another language's may be: once, where there is least room. */
const PSEUDO = { lang: "qps-ploc", colorScheme: "light", width: 320 };
const COMBINATIONS = [...(process.env.HYTEVIHKO_A11Y === "long" ? LONG : ORDINARY), PSEUDO];

const ENHANCED = { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: false } };
/** Its tag is of no language that a screen reader speaks. */
const OF_A_LANGUAGE = { "html-lang-valid": { enabled: false }, "valid-lang": { enabled: false } };

for (const { lang, colorScheme, width } of COMBINATIONS) {
  test(`no axe violations in ${lang}, ${colorScheme}, ${width} px @a11y`, async ({ server, browser }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, locale: "fi-FI" });
    const page = await context.newPage();
    for (const screen of SCREENS) {
      await open(page, server, screen, lang);
      // Its ordinary rules, and a contrast of 7:1 (4.5:1 of large text).
      const rules = lang === PSEUDO.lang ? { ...ENHANCED, ...OF_A_LANGUAGE } : ENHANCED;
      const { passes, violations } = await new AxeBuilder({ page }).options({ rules, resultTypes: ["violations"] }).analyze();
      // How much of a control happens to look out from under a bar is chance; for its size it is scrolled out from there.
      const bars = (position) =>
        page.evaluate((position) => document.querySelectorAll(".save-bar, .frame-nav").forEach((bar) => (bar.style.position = position)), position);
      await bars("static");
      const sizes = await new AxeBuilder({ page }).withRules(["target-size"]).analyze();
      await bars("");
      const found = [...violations, ...sizes.violations].map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      expect.soft(found, screen.name).toEqual([]);
      expect.soft(passes.map(({ id }) => id), screen.name).toContain("color-contrast-enhanced");
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(sideways, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}

test("with letters twice as large on a small phone the first screenful is for what one came for @a11y", async ({ server, browser }) => {
  test.setTimeout(240_000);
  // 360 × 740 px, enlarged to 200 %.
  const context = await browser.newContext({ viewport: { width: 180, height: 370 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const screen of SCREENS.filter(({ path }) => path.startsWith("/app"))) {
    await open(page, server, screen, "fi");
    await page.locator("nav.frame-nav a").first().waitFor();
    await page.locator(".bone").first().waitFor({ state: "detached" });
    const top = await page.evaluate(() => {
      const seen = [...document.querySelectorAll("main > *, main > form > *")].find((part) => part.getBoundingClientRect().height > 2);
      return seen.getBoundingClientRect().top + scrollY;
    });
    expect.soft(top, `the content of ${screen.name} begins`).toBeLessThanOrEqual((370 * 2) / 3);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(sideways, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  await context.close();
});

test("at 320 px and 200 % text nothing scrolls sideways or overlaps @a11y", async ({ server, browser }) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const screen of SCREENS) {
    await open(page, server, screen, "fi");
    await page.evaluate(() => (document.documentElement.style.fontSize = "225%"));
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(sideways, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
    const overlaps = await page.evaluate(() => {
      const controls = [...document.querySelectorAll("main button, main a, main input, main select, main textarea")];
      const seen = controls.filter((c) => c.checkVisibility() && !c.closest(".save-bar")).map((c) => [c, c.getBoundingClientRect()]);
      const hits = [];
      for (const [a, ra] of seen) {
        for (const [b, rb] of seen) {
          if (a === b || a.contains(b) || b.contains(a)) continue;
          const x = Math.min(ra.right, rb.right) - Math.max(ra.left, rb.left);
          const y = Math.min(ra.bottom, rb.bottom) - Math.max(ra.top, rb.top);
          if (x > 1 && y > 1) hits.push(`${a.outerHTML.slice(0, 80)} over ${b.outerHTML.slice(0, 80)}`);
        }
      }
      return hits;
    });
    expect.soft(overlaps, screen.name).toEqual([]);
  }
  await context.close();
});

test("every control of the phone is at least 48 px, counting and saving 64 px", async ({ server, browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const screen of SCREENS.filter(({ path }) => path.startsWith("/app"))) {
    await open(page, server, screen, "fi");
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, a, select, summary, textarea, input:not([type=hidden])")]
        // What stands in a sentence is as high as its line; of a file's or a box's input its label is pressed.
        .filter((c) => c.checkVisibility() && !c.closest("p:not(.row), .skip, .visually-hidden") && !c.matches("[type=file], [type=checkbox], [type=radio]"))
        .map((c) => [c.outerHTML.slice(0, 90), c.getBoundingClientRect()])
        .filter(([, { width, height }]) => Math.round(height) < 48 || Math.round(width) < 48)
        .map(([html, { width, height }]) => `${Math.round(width)} × ${Math.round(height)}: ${html}`),
    );
    expect.soft(small, screen.name).toEqual([]);
  }
  await open(page, server, SCREENS.find(({ name }) => name === "record"), "fi");
  for (const control of await page.locator(".counter-step, .save-bar button").all()) {
    const box = await control.boundingBox();
    expect.soft(Math.round(box?.height ?? 64)).toBeGreaterThanOrEqual(64);
  }
  await context.close();
});

test("without motion nothing moves, and otherwise only what stands for something that comes", async ({ server, browser }) => {
  for (const reducedMotion of ["reduce", "no-preference"]) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI", reducedMotion });
    const page = await context.newPage();
    const moving = () => page.evaluate(() => document.getAnimations().map(({ effect }) => effect.target.classList[0]));
    await signIn(page, server, "vapaaehtoinen");
    // The program does not come: its place is kept.
    await page.route("**/*.wasm", () => {});
    await page.goto(`${server.url}/app`);
    await page.locator(".bone").first().waitFor();
    const bones = await moving();
    if (reducedMotion === "reduce") expect(bones).toEqual([]);
    else expect(new Set(bones)).toEqual(new Set(["bone"]));
    await page.unrouteAll();
    for (const screen of SCREENS) {
      await open(page, server, screen, "fi");
      expect.soft(await moving(), screen.name).toEqual([]);
    }
    await context.close();
  }
});

test("whoever goes through a form with the keyboard sees where they are, over the Save bar", async ({ server, browser }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const name of ["record with all its fields", "new group"]) {
    await open(page, server, SCREENS.find((screen) => screen.name === name), "fi");
    await page.locator("main h1").focus();
    const met = new Set();
    for (const key of ["Tab", "Shift+Tab"]) {
      for (let n = 0; n < 90; n += 1) {
        await page.keyboard.press(key);
        const at = await page.evaluate(() => {
          const on = document.activeElement;
          const bar = document.querySelector(".save-bar");
          if (!on.closest("form") || bar.contains(on)) return null;
          // A text of many lines is higher than what is left: its beginning counts.
          const { top, bottom, height } = (on.closest("label.check, .calendar-days button") ?? on).getBoundingClientRect();
          return { id: on.id || on.textContent.slice(0, 30) || on.type, under: Math.min(bottom, top + Math.min(height, 80)) - bar.getBoundingClientRect().top };
        });
        if (!at) continue;
        met.add(at.id);
        expect.soft(at.under, `${name}, ${key}: ${at.id}`).toBeLessThanOrEqual(1);
      }
    }
    expect(met.size).toBeGreaterThan(10);
  }
  await context.close();
});

test("on a screen of 320 × 256, which is 400 % of a desktop, every screen can be read", async ({ server, browser }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 256 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const screen of SCREENS) {
    await open(page, server, screen, "fi");
    const [sideways, fixed] = await page.evaluate(() => {
      const stuck = [...document.querySelectorAll("body *")].filter((e) => ["fixed", "sticky"].includes(getComputedStyle(e).position) && e.checkVisibility());
      const heights = stuck.map((e) => e.getBoundingClientRect()).filter(({ top, bottom }) => bottom > 0 && top < innerHeight);
      return [document.documentElement.scrollWidth - innerWidth, heights.reduce((sum, { height }) => sum + height, 0)];
    });
    expect.soft(sideways, screen.name).toBeLessThanOrEqual(0);
    // What stays in its place leaves half of the screen to what is read.
    expect.soft(fixed, screen.name).toBeLessThanOrEqual(128);
  }
  await context.close();
});

test("in forced colours what is chosen and what has the focus is outlined", async ({ server, browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI", forcedColors: "active" });
  const page = await context.newPage();
  await open(page, server, SCREENS.find(({ name }) => name === "record"), "fi");
  const outline = (locator) => locator.evaluate((element) => getComputedStyle(element).outline.replace(/rgba?\([^)]*\) /, ""));
  await expect.poll(() => outline(page.locator("[aria-pressed=true]").first())).toBe("solid 3px");
  await expect.poll(() => outline(page.locator("[aria-pressed=false]").first())).not.toBe("solid 3px");
  await expect.poll(() => outline(page.locator("nav [aria-current=page], header [aria-current]").first())).toBe("solid 3px");
  await page.keyboard.press("Tab");
  await expect.poll(() => outline(page.locator(":focus"))).toBe("solid 3px");
  await context.close();
});
