// The association's review board: by keyboard alone on a wide screen, as a list on a phone, and what has happened to a gathering.
import { expect, leave, signIn, test } from "../fixtures/server.mjs";

const wide = { viewport: { width: 1280, height: 844 }, locale: "fi-FI" };
const narrow = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };

async function secretary(browser, server, options) {
  const page = await (await browser.newContext(options)).newPage();
  await signIn(page, server, "sihteeri");
  // Everything has come: the cells still change until then.
  const last = page.waitForResponse(async (reply) => reply.url().includes("/sync/pull") && !(await reply.json()).more);
  await page.goto(`${server.url}/app/yhdistys`);
  await last;
  await page.locator(".board-cell .badge, .month-grid .list > li").first().waitFor();
  await expect(page.locator("#receiving")).toHaveCount(0);
  return page;
}

/** What has the focus, as a screen reader says it. */
const focused = (page) => page.evaluate(() => document.activeElement.textContent.replace(/\s+/g, " ").trim());

test("a month is reviewed by keyboard alone", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  const grid = page.getByRole("grid");
  await expect(grid).toBeVisible();
  await expect(page.getByText("Näppäimillä: nuolet siirtävät")).toBeVisible();
  // One stop for Tab, and the arrows from there.
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await grid.locator('[tabindex="0"]').focus();
  const rows = await grid.getByRole("row").count();
  await page.keyboard.press("Control+Home");
  const place = () =>
    page.evaluate(() => {
      const cell = document.activeElement.closest("td");
      return cell && [cell.parentElement.rowIndex, cell.cellIndex];
    });
  await expect.poll(place).toEqual([1, 1]);
  await page.keyboard.press("ArrowRight");
  await expect.poll(place).toEqual([1, 2]);
  await page.keyboard.press("ArrowDown");
  await expect.poll(place).toEqual([2, 2]);
  await page.keyboard.press("End");
  await expect.poll(() => focused(page)).toMatch(/^(Hyväksy kerrat|Kaikki hyväksytty|–)/);
  expect((await place())[0]).toBe(2);
  await page.keyboard.press("Control+End");
  await expect.poll(async () => (await place())[0]).toBe(rows - 1);
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => (await place())[0]).toBe(rows - 1);

  // To the group that met, by its row.
  const club = grid.getByRole("row", { name: /Maanantaikerho/ });
  const row = await club.evaluate((element) => element.rowIndex);
  await page.keyboard.press("Control+Home");
  for (let at = 1; at < row; at++) {
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => (await place())[0]).toBe(at + 1);
  }
  const find = async (text) => {
    await page.keyboard.press("Home");
    for (let step = 0; step < 7; step++) {
      await page.waitForTimeout(50);
      if ((await focused(page)).includes(text)) return;
      await page.keyboard.press("ArrowRight");
    }
    throw new Error(`no cell says ${text}`);
  };
  // K asks: the question's field has the focus. Esc leads back to the cell.
  await find("Odottaa");
  const cell = await place();
  await page.keyboard.press("k");
  await expect(page.getByRole("textbox", { name: /Mitä pitäisi tarkistaa/ })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect.poll(place).toEqual(cell);
  await expect(page.locator("#board-open")).toHaveCount(0);
  // Enter opens, Esc closes.
  await page.keyboard.press("Enter");
  await expect(page.locator("#board-open h2")).toBeFocused();
  await expect(page.locator("#board-open")).toContainText("Odottaa hyväksyntää");
  await page.keyboard.press("Escape");
  await expect.poll(place).toEqual(cell);
  // A approves what is in the cell, and the focus stays.
  await page.keyboard.press("a");
  await expect.poll(() => focused(page)).toContain("Hyväksytty");
  await expect.poll(place).toEqual(cell);
  // Once more there is nothing to approve, and it is said.
  await page.keyboard.press("a");
  await expect(page.getByText("Tässä ruudussa ei ole hyväksyttävää.")).toBeAttached();
  // Another month, and the focus is in its grid.
  const title = await page.locator("main h1").textContent();
  await page.keyboard.press("PageUp");
  await expect(page.locator("main h1")).not.toHaveText(title);
  await expect.poll(place).not.toBeNull();
  await page.keyboard.press("PageDown");
  await expect(page.locator("main h1")).toHaveText(title);
});

test("one press approves the month, without a network, and is taken back", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await page.context().setOffline(true);
  const waiting = page.locator(".board .badge.recorded");
  const before = await waiting.count();
  expect(before).toBeGreaterThan(1);
  const all = page.getByRole("button", { name: /^Hyväksy koko kuukausi \(\d+\)/ });
  await all.click();
  await expect(waiting).toHaveCount(0);
  await expect(all).toHaveCount(0);
  // What was asked stays asked, and what is missing missing.
  await expect(page.locator(".board .badge.returned").first()).toBeVisible();
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(waiting).toHaveCount(before);
  await page.context().setOffline(false);
});

test("the year leads to its months, on both widths", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await page.getByRole("button", { name: "Koko vuosi" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(13);
  const row = page.getByRole("row", { name: /Maanantaikerho/ });
  await row.getByRole("button").nth(8).click();
  await expect(page.locator("main h1")).toHaveText(/^syyskuu \d{4}$/i);
  await expect(page.locator("main h1")).toBeFocused();

  const phone = await secretary(browser, server, narrow);
  await phone.getByRole("button", { name: "Koko vuosi" }).click();
  const card = phone.locator("section.card").filter({ has: phone.getByRole("heading", { name: "Maanantaikerho" }) });
  await card.locator("summary").click();
  await card.getByRole("button", { name: /^syyskuu/ }).click();
  await expect(phone.locator("main h1")).toHaveText(/^syyskuu \d{4}$/i);
});

test("a gathering's history says who changed what, and that it needs the network", async ({ server, browser }) => {
  const helpers = await (await browser.newContext(narrow)).newPage();
  await signIn(helpers, server, "vapaaehtoinen");
  await helpers.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const count = helpers.getByRole("textbox", { name: "Montako osallistujaa?" });
  await count.fill("51");
  await helpers.getByRole("button", { name: "Tallenna" }).click();
  const item = helpers.locator(".list li").filter({ hasText: "Osallistujia 51" });
  await expect(item).toContainText(/Perillä/, { timeout: 20_000 });

  const page = await secretary(browser, server, narrow);
  const line = page.locator("section.card li").filter({ hasText: /Osallistujia 51\b/ });
  await line.getByRole("button", { name: /^Historia/ }).click();
  const history = line.locator(".history");
  await expect(history).toContainText("Kirjattiin");
  await expect(history).toContainText(/klo \d+\.\d\d · .+, puhelin \w{4}-\w\w/);

  await page.goto(`${server.url}/app/kerrat`);
  await page.locator(".list li").filter({ hasText: "Osallistujia 51" }).getByRole("link").first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("53");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await leave(page);
  await expect(async () => {
    await page.goto(`${server.url}/app/yhdistys`);
    const changed = page.locator("section.card li").filter({ hasText: /Osallistujia 53\b/ });
    await changed.getByRole("button", { name: /^Historia/ }).click({ timeout: 5_000 });
    await expect(changed.locator(".history")).toContainText("Osallistujia: 51 → 53", { timeout: 3_000 });
  }).toPass({ timeout: 40_000 });

  await page.context().setOffline(true);
  const other = page.locator("section.card li").filter({ hasText: "Odottaa hyväksyntää" }).last();
  await other.getByRole("button", { name: /^Historia/ }).click();
  await expect(other.locator(".history")).toContainText("Historia näkyy, kun verkko löytyy.");
  await page.context().setOffline(false);
});

test("a pair is settled one field at a time", async ({ server, browser }) => {
  const record = async (page, participants, note) => {
    await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
    await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
    await page.locator("main form summary").first().click();
    await page.locator("#note").fill(note);
    await page.getByRole("button", { name: "Tallenna" }).click();
    await expect(page.locator(".list li").filter({ hasText: `Osallistujia ${participants}` })).toContainText(/Perillä/, { timeout: 20_000 });
  };
  const helpers = await (await browser.newContext(narrow)).newPage();
  await signIn(helpers, server, "vapaaehtoinen");
  await record(helpers, 41, "Satoi koko illan");
  const page = await (await browser.newContext(wide)).newPage();
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app`);
  await record(page, 42, "Kahvit loppuivat");
  await page.goto(`${server.url}/app/yhdistys`);
  const pair = page.locator("section.month-pair");
  await expect(pair).toContainText("Satoi koko illan");
  await expect(page.locator(".board .badge.refused")).toContainText("Sama kerta?");
  await pair.getByText("Valitse kohta kerrallaan").click();
  // The heads of one, the note of the other.
  await pair.getByRole("radio", { name: "Osallistujia: 41" }).check();
  await pair.getByRole("radio", { name: "Muistiinpano: Kahvit loppuivat" }).check();
  await pair.getByRole("button", { name: "Tallenna valitut" }).click();
  await expect(pair).toHaveCount(0);
  await page.locator(".board-cell").filter({ hasText: "41" }).click();
  const opened = page.locator("#board-open");
  await expect(opened).toContainText("Osallistujia 41");
  await expect(opened).toContainText("Kahvit loppuivat");
  await expect(opened).not.toContainText("Satoi koko illan");
});

test("a gathering is mended from the board, and the same month is there again", async ({ server, browser }) => {
  const page = await secretary(browser, server, narrow);
  await page.getByRole("button", { name: /Edellinen kuukausi/ }).click();
  await expect(page.locator("main h1")).toHaveText(/^lokakuu \d{4}$/i);
  const line = page.locator(".month-grid li").filter({ hasText: "Hyväksytty" }).first();
  await line.getByRole("link", { name: /^Korjaa/ }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("47");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.waitForURL("**/app/yhdistys");
  await expect(page.locator("main h1")).toHaveText(/^lokakuu \d{4}$/i);
  await expect(page.locator(".month-grid li").filter({ hasText: /Osallistujia 47\b/ })).toHaveCount(1);
  // From the list of gatherings it is the list to which one comes back.
  await page.goto(`${server.url}/app/kerrat`);
  await page.locator(".list li").filter({ hasText: "Osallistujia 47" }).getByRole("link").first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("46");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.waitForURL("**/app/kerrat");
});

test("figures that still grow say so", async ({ server, browser }) => {
  const context = await browser.newContext({ ...narrow, serviceWorkers: "block" });
  const page = await context.newPage();
  let let_through;
  const held = new Promise((resolve) => (let_through = resolve));
  let pulls = 0;
  await context.route("**/api/v1/sync/pull*", async (route) => {
    pulls += 1;
    if (pulls > 1) await held;
    await route.continue();
  });
  await signIn(page, server, "sihteeri");
  await expect(page.getByText("Kirjauksia haetaan vielä. Luvut voivat kasvaa.")).toBeVisible();
  let_through();
  await expect(page.locator("#receiving")).toHaveCount(0);
});
