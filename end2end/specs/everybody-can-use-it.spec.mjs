// axe, 320 px and 200 % text on every screen.
import AxeBuilder from "@axe-core/playwright";
import { SCREENS, open } from "../fixtures/screens.mjs";
import { expect, test } from "../fixtures/server.mjs";

/** Pairwise in an ordinary run; every combination with HYTEVIHKO_A11Y=long. */
const ORDINARY = [
  { lang: "fi", colorScheme: "light", width: 390 },
  { lang: "sv", colorScheme: "dark", width: 320 },
  { lang: "en", colorScheme: "light", width: 1280 },
];
const LONG = ["fi", "sv", "en"].flatMap((lang) =>
  ["light", "dark"].flatMap((colorScheme) => [320, 390, 1280].map((width) => ({ lang, colorScheme, width }))),
);
const COMBINATIONS = process.env.HYTEVIHKO_A11Y === "long" ? LONG : ORDINARY;

for (const { lang, colorScheme, width } of COMBINATIONS) {
  test(`no axe violations in ${lang}, ${colorScheme}, ${width} px @a11y`, async ({ server, browser }) => {
    test.setTimeout(120_000);
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, locale: "fi-FI" });
    const page = await context.newPage();
    for (const screen of SCREENS) {
      await open(page, server, screen, lang);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      expect.soft(found, screen.name).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(sideways, `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
    }
    await context.close();
  });
}

test("with letters twice as large on a small phone the first screenful is for what one came for @a11y", async ({ server, browser }) => {
  test.setTimeout(120_000);
  // 360 × 740 px, enlarged to 200 %.
  const context = await browser.newContext({ viewport: { width: 180, height: 370 }, locale: "fi-FI" });
  const page = await context.newPage();
  for (const screen of SCREENS.filter(({ path }) => path.startsWith("/app"))) {
    await open(page, server, screen, "fi");
    await page.locator("nav.bottom a").first().waitFor();
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
  test.setTimeout(120_000);
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
      [...document.querySelectorAll("main button, main a, main select, nav.bottom a")]
        .filter((c) => c.checkVisibility() && !c.closest("p:not(.row)") && !c.closest(".calendar"))
        .map((c) => [c.outerHTML.slice(0, 90), Math.round(c.getBoundingClientRect().height)])
        .filter(([, height]) => height < 48),
    );
    expect.soft(small, screen.name).toEqual([]);
  }
  await open(page, server, SCREENS.find(({ name }) => name === "record"), "fi");
  for (const control of await page.locator(".step, .save-bar button").all()) {
    const box = await control.boundingBox();
    expect.soft(Math.round(box?.height ?? 64)).toBeGreaterThanOrEqual(64);
  }
  await context.close();
});
