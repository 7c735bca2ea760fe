// The main job from end to end: recorded without a network, received, approved, counted, protected.
import { chromium } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, leave, readyWithoutNetwork, signIn, today as test } from "../fixtures/server.mjs";

/** A browser that can be closed and opened again with what it had kept. */
async function openBrowser(profile, launchOptions) {
  return chromium.launchPersistentContext(profile, {
    ...launchOptions,
    locale: "fi-FI",
    timezoneId: "Europe/Helsinki",
    viewport: { width: 390, height: 844 },
  });
}

/** Records a gathering of a group by its name on Home, or of a form under "Muu kerta". */
async function record(page, { group, form, participants }) {
  if (group) {
    await page.getByRole("link", { name: new RegExp(group) }).first().click();
  } else {
    await page.getByRole("link", { name: /Muu kerta/ }).click();
    await page.getByRole("button", { name: form, exact: true }).click();
  }
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tänään" }).click();
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
}

const counted = (text) => Number(text.replace(/\s/g, ""));

/** The municipality's figures: as CSV, and its ordinary rows of this month. */
async function figures(page, server, year) {
  const csv = await (await page.request.get(`${server.url}/kunta/csv?vuosi=${year}`)).text();
  const rows = csv.trim().split("\r\n").map((line) => line.split(";"));
  const value = (...key) => {
    const row = rows.find((cells) => key.every((part, index) => cells[index + 1] === part));
    return row && row[5];
  };
  return { csv, value };
}

async function asCoordinator(browser, server) {
  const context = await browser.newContext({ locale: "fi-FI" });
  const page = await context.newPage();
  await signIn(page, server, "koordinaattori");
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

test("three gatherings recorded without a network reach the association and the municipality", async ({
  server,
  browser,
  launchOptions,
}) => {
  test.setTimeout(300_000);
  const profile = mkdtempSync(join(tmpdir(), "hytevihko-profile-"));
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Helsinki" }).format(new Date());
  const [year, month] = today.split("-");
  const period = `${year}-${month}`;
  const quarter = `${year}-Q${Math.ceil(Number(month) / 3)}`;

  const coordinator = await asCoordinator(browser, server);
  const before = await figures(coordinator, server, year);
  await coordinator.context().close();

  // The volunteer signs in once with a network; then the server is gone.
  let context = await openBrowser(profile, launchOptions);
  let page = context.pages()[0] ?? (await context.newPage());
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  expect(await server.stop()).toBe(0);

  await page.reload();
  await page.getByRole("heading", { name: "Ryhmät" }).waitFor();
  await record(page, { group: "Maanantaikerho", participants: 14 });
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 14" }).first()).toContainText(
    /Tallessa tässä puhelimessa\. Lähtee(, kun verkko löytyy| hetken päästä)\./,
  );
  await page.getByRole("link", { name: "Etusivu" }).click();
  await record(page, { form: "Retki", participants: 22 });
  await page.getByRole("link", { name: "Etusivu" }).click();
  await record(page, { group: "vertaistuki", participants: 6 });
  await context.close();

  // Opened again, still without the server: all three are there.
  context = await openBrowser(profile, launchOptions);
  page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${server.url}/app/kerrat`);
  for (const participants of [14, 22, 6]) {
    const item = page.locator(".list li").filter({ hasText: new RegExp(`Osallistujia ${participants}(\\D|$)`) }).first();
    await expect(item).toContainText("Tallessa tässä puhelimessa");
  }

  // The server is back: all three arrive without a touch.
  await server.start();
  for (const participants of [14, 22, 6]) {
    const item = page.locator(".list li").filter({ hasText: new RegExp(`Osallistujia ${participants}(\\D|$)`) }).first();
    await expect(item).toContainText(/Perillä .+ klo/, { timeout: 60_000 });
  }
  await context.close();
  rmSync(profile, { recursive: true, force: true });

  // The reviewer sees and approves them.
  const reviewing = await browser.newContext({ locale: "fi-FI", timezoneId: "Europe/Helsinki" });
  const review = await reviewing.newPage();
  await signIn(review, server, "sihteeri");
  const group = (name) => review.getByRole("row", { name: new RegExp(name) });
  await expect(group("Maanantaikerho")).toContainText("14");
  for (const name of ["Maanantaikerho", "vertaistuki", "Muut kerrat"]) {
    await group(name).getByRole("button", { name: /^Hyväksy kerrat \(\d/ }).click();
    await expect(group(name).locator(".badge.recorded")).toHaveCount(0);
    await expect(group(name).locator(".badge.received").first()).toContainText("Hyväksytty");
  }
  await review.getByRole("link", { name: "Vuosi" }).click();
  await expect(review.getByRole("heading", { name: `Vuosi ${year}` })).toBeVisible();
  // The undo time of the last approval goes by, and it is sent.
  await leave(review);
  await review.goto(`${server.url}/app/lahtevat`);
  await expect(review.locator("main").getByText("Kaikki on perillä.")).toBeVisible({ timeout: 30_000 });
  await reviewing.close();

  // Ordinary counts move by the right amounts; the peer-support gathering moves nothing that is published.
  const page2 = await asCoordinator(browser, server);
  const after = await figures(page2, server, year);
  const moved = (...key) => counted(after.value(...key) ?? "0") - counted(before.value(...key) ?? "0");
  expect(moved("ordinary", period, "kerho", "gatherings")).toBe(1);
  expect(moved("ordinary", period, "kerho", "visits")).toBe(14);
  expect(moved("ordinary", period, "retki", "gatherings")).toBe(1);
  expect(moved("ordinary", period, "retki", "visits")).toBe(22);
  expect(moved("ordinary_total", period, "", "gatherings")).toBe(2);
  expect(moved("ordinary_total", period, "", "visits")).toBe(36);
  const published = (csv) => csv.split("\r\n").filter((line) => line.includes(";sensitive")).join("\n");
  expect(published(after.csv)).toBe(published(before.csv));
  // The page says the same as the CSV.
  const month_total = after.value("ordinary_total", period, "", "gatherings");
  await expect(page2.locator("table.dense tfoot")).toContainText(`${month_total} (`);
  await page2.context().close();
  await server.stop();

  // Past the quarter's end it is counted in the protected table, once and for all.
  const release = new Date(Date.UTC(Number(year), Math.ceil(Number(month) / 3) * 3, 16, 12));
  await server.start(release.toISOString());
  const later = await asCoordinator(browser, server);
  const frozen = await figures(later, server, year);
  const row = frozen.csv.split("\r\n").find((line) => line.includes(`;sensitive;${quarter};;gatherings;`));
  expect(row, "the quarter has been released").toBeTruthy();
  expect(row).toMatch(/;(rounded to 5|exact|suppressed);\d+$/);
  await later.goto(`${server.url}/kunta?vuosi=${year}`);
  await expect(later.locator("section", { has: later.locator("#sensitive-title") })).toContainText(/nro \d+/);
  await later.context().close();
});
