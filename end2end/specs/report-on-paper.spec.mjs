// What a funder is handed: the figures on paper, as a spreadsheet, and the annual report as a text.
import { readFileSync } from "node:fs";
import { expect, signIn, test } from "../fixtures/server.mjs";

async function figures(page, server, pack) {
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app/vuosi`);
  await page.getByRole("button", { name: pack, exact: true }).click();
  await expect(page.locator("dl.figures").first()).toBeVisible();
}

/** Prints from the page, without a printer. */
async function print(page) {
  await page.evaluate(() => {
    window.print = () => (window.printed = true);
  });
  await page.getByRole("button", { name: "Tulosta" }).click();
  await page.waitForFunction(() => window.printed);
  await page.emulateMedia({ media: "print" });
}

for (const isLarge of [false, true]) {
  test(`a funder is handed the figures on paper${isLarge ? ", in large print" : ""}`, async ({ server, page }) => {
    await figures(page, server, "STEA ja liitto");
    const notes = page.getByRole("heading", { name: "Mistä luvut tulevat" });
    await expect(notes).toBeHidden();
    await page.getByRole("checkbox", { name: "Suuri teksti" }).setChecked(isLarge);
    await print(page);
    const head = page.locator(".report-head");
    for (const text of ["STEA ja liitto", "Aurinkokellot", "1.1.", "31.12.", "Tulostettu"]) await expect(head).toContainText(text);
    await expect(notes).toBeVisible();
    await expect(page.locator(".report-notes")).toContainText("Osallistumiskerrat:");
    await expect(page.locator("table.report-whole tbody tr").first()).toBeVisible();
    for (const hidden of ["Tulosta", "Lataa kaikki kerrat (CSV)", "Kunta"]) {
      await expect(page.getByRole("button", { name: hidden, exact: true })).toBeHidden();
    }
    const [letters, repeats] = await page.evaluate(() => [
      parseFloat(getComputedStyle(document.querySelector(".report-whole tbody th")).fontSize),
      [...document.querySelectorAll("thead")].every((head) => getComputedStyle(head).display === "table-header-group"),
    ]);
    expect(letters).toBeGreaterThanOrEqual(((isLarge ? 12 : 8) * 96) / 72);
    expect(repeats, "a table's heading is on each of its pages").toBe(true);
    // Whole on A4, and nothing beside the page: a browser that has to shrink it would do so on every page.
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const pages = [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(([, width, height]) => [width, height].map(Number));
    expect(pages.length).toBeGreaterThan(0);
    for (const sides of pages) {
      const [short, long] = sides.sort((a, b) => a - b);
      expect(Math.abs(short - 595) + Math.abs(long - 842)).toBeLessThan(4);
    }
    await page.emulateMedia({ media: "screen" });
    await expect(head).toBeHidden();
    await expect(notes).toBeHidden();
  });
}

test("a funder's own figures stand first, and beside them what can still change; folded tables are on paper too", async ({ server, page }) => {
  await figures(page, server, "STEA ja liitto");
  const headings = page.locator("main h2:has(+ dl.figures)");
  await expect(headings).toHaveText(["Kunta 2026", "STEA 2026", "Yhteensä"]);
  const gatherings = async (at) => {
    const figure = page.locator("dl.figures").nth(at).locator("div").filter({ has: page.getByText("Kerrat", { exact: true }) });
    return Number((await figure.locator("dd").innerText()).replace(/\D/g, ""));
  };
  expect(await gatherings(0)).toBeGreaterThan(0);
  expect(await gatherings(0)).toBeLessThan(await gatherings(2));
  const open = page.locator(".notice").filter({ hasText: /Odottaa hyväksyntää: \d+\./ });
  await expect(open.getByRole("link", { name: "Kirjaamatta" })).toBeVisible();
  const folded = page.locator("details").filter({ has: page.getByRole("heading", { name: "Rahoittajittain" }) }).first();
  await expect(folded.locator("table")).toHaveCount(0);
  await print(page);
  await expect(folded.locator("table tbody tr").first()).toBeVisible();
});

test("the annual report is a text in another language, also without a network", async ({ server, page }) => {
  await figures(page, server, "Toimintakertomus");
  await server.stop();
  const file = page.waitForEvent("download");
  await page.getByRole("button", { name: "Lataa tekstinä: Svenska" }).click();
  const download = await file;
  expect(download.suggestedFilename()).toMatch(/^hytevihko-\d{4}-sv\.html$/);
  const text = readFileSync(await download.path(), "utf8");
  expect(text).toContain('<html lang="sv">');
  expect(text).toMatch(/Verksamhetsberättelse \d{4}/);
  const visits = await page.locator("dl.figures > div").filter({ hasText: "Osallistumiskerrat" }).locator("dd").innerText();
  expect(text).toContain(`Besöken var ${visits},`);
});

test("the figures are a spreadsheet of one pack, or of all", async ({ server, page }) => {
  await figures(page, server, "Kunta");
  for (const [name, file] of [
    ["Lataa tiedosto: Kunta (XLSX)", /^hytevihko-municipality-\d{4}-01-01-\d{4}-12-31\.xlsx$/],
    ["Kaikki luvut samaan tiedostoon (XLSX)", /^hytevihko-\d{4}-01-01-\d{4}-12-31\.xlsx$/],
  ]) {
    const started = page.waitForEvent("download");
    await page.getByRole("link", { name, exact: true }).click();
    const download = await started;
    expect(download.suggestedFilename()).toMatch(file);
    expect(readFileSync(await download.path()).subarray(0, 2).toString()).toBe("PK");
  }
});
