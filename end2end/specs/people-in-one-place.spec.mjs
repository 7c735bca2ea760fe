// The association's people in one place: a lost phone's sign-in is ended by the secretary, what waited there comes in, and the log says so.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const wide = { viewport: { width: 1280, height: 900 }, locale: "fi-FI" };
const narrow = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };
const PEOPLE = "/app/yhdistys/ihmiset";

const part = (page, name) => page.locator("main .month-grid > details").filter({ has: page.locator("summary h2", { hasText: name }) });

async function secretary(browser, server, options) {
  const page = await (await browser.newContext(options)).newPage();
  await signIn(page, server, "sihteeri");
  await page.goto(server.url + PEOPLE);
  await page.getByRole("heading", { level: 1, name: "Ihmiset" }).waitFor();
  return page;
}

test("the secretary ends a lost phone's sign-in: it hands in what it holds and says why, and the log has the sentence", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await page.getByRole("button", { name: "Kutsu kirjaaja", exact: true }).click();
  const url = await page.locator(".invitation").getByRole("textbox", { name: "Linkki" }).inputValue();

  const phone = await (await browser.newContext(narrow)).newPage();
  await phone.goto(url);
  await phone.getByRole("textbox", { name: "Nimesi (ei pakollinen)" }).fill("Testi Kuusi");
  await phone.getByRole("button", { name: "Liity", exact: true }).click();
  await phone.locator("a.card.primary").waitFor();
  await phone.getByRole("link", { name: /Maanantaikerho/ }).first().waitFor();
  // Nothing gets through but the question whether the sign-in still stands.
  await phone.route("**/api/v1/sync/push", (route) => route.abort());
  await phone.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await phone.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("61");
  await phone.getByRole("button", { name: "Tallenna" }).click();
  await phone.locator(".undo").waitFor();

  await page.goto(server.url + PEOPLE);
  const signIns = part(page, "Kirjautumiset");
  await expect(signIns.locator("summary h2")).toHaveText("Kirjautumiset: 1");
  const row = signIns.locator(".list > li").filter({ hasText: "Testi Kuusi" });
  await expect(row).toContainText(/Puhelin \S+, käytetty viimeksi ma 16\.11\./);
  await row.getByRole("button", { name: /^Lopeta kirjautuminen/ }).click();
  await expect(row).toContainText("odottavat kirjaukset tulevat ensin yhdistykselle.");
  await row.getByRole("button", { name: "Peruuta" }).click();
  await expect(row.getByRole("button", { name: "Lopeta: Testi Kuusi" })).toHaveCount(0);
  await row.getByRole("button", { name: /^Lopeta kirjautuminen/ }).click();
  await row.getByRole("button", { name: "Lopeta: Testi Kuusi" }).click();
  await expect(page.getByText("Lopetettu: Testi Kuusi. Puhelin tyhjenee")).toBeVisible();
  await expect(signIns.locator("summary h2")).toHaveText("Kirjautumiset: 0");
  await expect(signIns).toContainText("Yksikään kirjaajan puhelin ei ole kirjautunut yhdistyksen kutsulla.");

  // Within a minute, without a tap.
  await phone.waitForURL(/lopetettu=1/, { timeout: 75_000 });
  await expect(phone.getByText("Kerrat on poistettu tältä laitteelta.")).toBeVisible();
  await phone.goto(`${server.url}/app`);
  await expect(phone.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "Poistetun jäsenen tai puhelimen kirjauksia: 1" })).toBeVisible();
  await page.getByRole("button", { name: /^Ota mukaan/ }).click();
  await expect(page.getByText("Otettu mukaan: 1")).toBeVisible();

  // The newest stand on the page, and all of them on their own.
  const newest = part(page, "Loki").locator(".list > li");
  await expect(newest.first()).toContainText("Nämä kirjaukset otettiin mukaan, tekijä");
  await page.getByRole("link", { name: "Koko loki" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Loki");
  const lines = page.locator("main .list > li");
  await expect(lines.filter({ hasText: /Puhelimen kirjautuminen lopetettiin: Testi Kuusi, tekijä .+ \(sinä\)\./ })).toHaveCount(1);
  await expect(lines.filter({ hasText: "Testi Kuusi liittyi kutsulla." })).toHaveCount(1);
  await expect(lines.filter({ hasText: "Puhelimesta, joka ei enää saa kirjata, tuli kirjauksia: Testi Kuusi." })).toHaveCount(1);
  expect(await lines.allInnerTexts()).not.toContainEqual(expect.stringMatching(/[0-9a-f]{8}-[0-9a-f]{4}/));
});

test("the parts stand in order with their counts: side by side where there is room, folded on a phone", async ({ server, browser }) => {
  const names = [/^Jäsenet: \d+$/, /^Avoimet kutsut: 0$/, /^Laitteet ja mitä siellä odottaa: \d+$/, /^Kirjautumiset: 0$/, /^Ohjelmien hakutunnukset$/, /^Loki: \d+$/];
  for (const [options, open] of [
    [wide, 6],
    [narrow, 0],
  ]) {
    const page = await secretary(browser, server, options);
    const headings = page.locator("main .month-grid > details > summary h2");
    await expect(headings).toHaveCount(names.length);
    for (const [index, name] of names.entries()) await expect(headings.nth(index)).toHaveText(name);
    await expect(page.locator("main .month-grid > details[open]")).toHaveCount(open);
    // By the keyboard.
    if (open === 0) {
      await part(page, "Jäsenet").locator("summary").first().focus();
      await page.keyboard.press("Enter");
    }
    await expect(part(page, "Jäsenet").locator(".list > li").first()).toBeVisible();
    const boxes = await Promise.all([0, 1].map((index) => page.locator("main .month-grid > details").nth(index).boundingBox()));
    expect(boxes[0].y === boxes[1].y).toBe(open > 0);
  }
});

test("without a network the server's parts say so, and what this device has is there", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await page.goto(`${server.url}/app`);
  await readyWithoutNetwork(page);
  await page.context().setOffline(true);
  await page.goto(server.url + PEOPLE);
  for (const name of ["Jäsenet", "Avoimet kutsut", "Kirjautumiset", "Loki"]) {
    await expect(part(page, name)).toContainText("Tämä näkyy, kun verkko löytyy.");
  }
  await expect(part(page, "Laitteet")).toContainText("Puhelimet näkyvät, kun verkko löytyy.");
  await expect(part(page, "Laitteet").getByLabel("Valitse tiedosto")).toBeAttached();
  await expect(part(page, "Jäsenet")).toContainText("Tässä laitteessa:");
  await page.context().setOffline(false);
  await part(page, "Jäsenet").getByRole("button", { name: "Yritä uudelleen" }).click();
  await expect(part(page, "Jäsenet").locator(".list > li").first()).toBeVisible();
});
