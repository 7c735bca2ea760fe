// The charts of the association's year: each has a name, its table beside it, and the table's numbers.
import AxeBuilder from "@axe-core/playwright";
import { expect, signIn, test } from "../fixtures/server.mjs";

async function year(browser, server, options) {
  const page = await (await browser.newContext({ locale: "fi-FI", ...options })).newPage();
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app/vuosi`);
  await page.locator(".charts").first().waitFor();
  return page;
}

/** What can be seen of the charts: each one's texts, how large they are, what leaves its drawing and what lies on another text. */
const drawings = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".charts svg")]
      .filter((svg) => svg.checkVisibility() && svg.getBoundingClientRect().width > 0)
      .map((svg) => {
        const view = svg.getBoundingClientRect();
        const scale = view.width / svg.viewBox.baseVal.width;
        const texts = [...svg.querySelectorAll("text")].map((text) => ({
          text: text.textContent,
          size: parseFloat(text.getAttribute("font-size") ?? svg.getAttribute("font-size")) * scale,
          box: text.getBoundingClientRect(),
        }));
        const outside = texts.filter(({ box }) => box.left < view.left - 1 || box.right > view.right + 1 || box.bottom > view.bottom + 1);
        const over = texts.flatMap(({ box: a, text }, at) =>
          texts.slice(at + 1).flatMap(({ box: b, text: other }) => {
            const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            return x > 1 && y > 4 ? [`${text} over ${other}`] : [];
          }),
        );
        return {
          title: svg.querySelector("title").textContent,
          texts: texts.map(({ text }) => text),
          smallest: Math.min(...texts.map(({ size }) => size)),
          wrong: [...outside.map(({ text }) => `${text} leaves the drawing`), ...over],
        };
      }),
  );

/** A table's column by its heading: the name of each row and its number. */
const column = (table, heading) =>
  table.evaluate((table, heading) => {
    const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === heading);
    return [...table.tBodies[0].rows].map((row) => [row.cells[0].textContent, row.cells[at].textContent]);
  }, heading);

/** Opens every fold, and waits until what is in it is drawn; the questions come after all tables. */
async function unfold(page) {
  await page.locator("#people").waitFor();
  await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => (details.open = true)));
  await expect(page.locator("main details:has(> summary > h2):not(:has(table))")).toHaveCount(0);
}

for (const [what, options] of [
  ["on a wide screen", { viewport: { width: 1280, height: 844 } }],
  ["on a phone", { viewport: { width: 390, height: 844 } }],
]) {
  test(`a chart stands over its table and has the table's numbers, ${what}`, async ({ server, browser }) => {
    const page = await year(browser, server, options);
    for (const [heading, title] of [
      ["Ryhmittäin", "Osallistumiskerrat ryhmittäin"],
      ["Kuukausittain", "Osallistumiskerrat kuukausittain"],
    ]) {
      const section = page.locator("section").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });
      const chart = section.getByRole("img", { name: title, exact: true });
      await expect(chart).toBeVisible();
      await expect(chart).toHaveAccessibleDescription(/^Eniten: .+\. Yhteensä [\d\s]+\./);
      const table = section.getByRole("table");
      const [above, below] = [await chart.boundingBox(), await table.boundingBox()];
      expect(above.y + above.height).toBeLessThanOrEqual(below.y);
      const rows = await column(table, "Osallistumiskerrat");
      expect(rows.length).toBeGreaterThan(2);
      const texts = await chart.locator("text").allTextContents();
      for (const [name, number] of rows) expect.soft(texts, `${heading}: ${name}`).toContain(number);
      // The sum of the rows is what the description says.
      const sum = rows.map(([, number]) => Number(number.replace(/\s/g, ""))).reduce((a, b) => a + b);
      await expect(chart).toHaveAccessibleDescription(new RegExp(`Yhteensä ${String(sum).replace(/\B(?=(\d{3})+$)/g, "\\s?")}\\.`));
    }
    await page.context().close();
  });
}

test("folded tables have their charts in the fold, and each group its months", async ({ server, browser }) => {
  const page = await year(browser, server, { viewport: { width: 1280, height: 844 } });
  const months = page.getByRole("img", { name: "Ryhmät kuukausittain: Osallistumiskerrat" });
  await expect(months).toBeHidden();
  await page.getByRole("heading", { name: "Ryhmät kuukausittain" }).click();
  await expect(months).toBeVisible();
  await page.getByRole("heading", { name: "Viikonpäivittäin" }).click();
  await expect(page.getByRole("img", { name: "Osallistumiskerrat viikonpäivittäin" })).toBeVisible();
  await unfold(page);
  const { violations } = await new AxeBuilder({ page }).include("main").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`)).toEqual([]);
  await page.context().close();
});

for (const lang of ["fi", "sv", "en"]) {
  test(`nothing of a chart is cut, covered or too small, in ${lang}`, async ({ server, browser }) => {
    for (const width of [320, 390, 1280]) {
      const page = await year(browser, server, { viewport: { width, height: 844 } });
      await page.context().addCookies([{ name: "kieli", value: lang, url: server.url }]);
      await page.reload();
      await page.locator(".charts").first().waitFor();
      await unfold(page);
      const all = await drawings(page);
      expect(all.length).toBeGreaterThan(4);
      expect(new Set(all.map(({ title }) => title)).size, "one drawing of each").toBe(all.length);
      for (const { title, wrong, smallest, texts } of all) {
        expect.soft(wrong, `${title}, ${width} px`).toEqual([]);
        expect.soft(smallest, `${title}, ${width} px`).toBeGreaterThanOrEqual(12);
        expect.soft(texts.join(""), title).not.toContain("{");
      }
      await page.context().close();
    }
  });
}

test("on paper the wide drawing is printed with its table, also from a phone", async ({ server, browser }) => {
  const page = await year(browser, server, { viewport: { width: 390, height: 844 } });
  await expect(page.locator(".charts svg.chart-wide").first()).toBeHidden();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".charts svg.chart-wide").first()).toBeVisible();
  await expect(page.locator(".charts svg.chart-narrow").first()).toBeHidden();
  const breaks = await page.locator(".charts").first().evaluate((charts) => {
    const { breakInside, breakAfter } = getComputedStyle(charts);
    return [breakInside, breakAfter];
  });
  expect(breaks).toEqual(["avoid", "avoid"]);
  await page.context().close();
});
