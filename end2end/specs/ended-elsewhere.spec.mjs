// S10: a sign-in that is ended on another device ends on the phone too; what waited there is the association's to decide.
import { expect, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

/** Signs in on another device, and ends all other sign-ins there. */
async function endFromElsewhere(browser, server) {
  const elsewhere = await (await browser.newContext()).newPage();
  await signIn(elsewhere, server, "vapaaehtoinen");
  await elsewhere.goto(`${server.url}/oma`);
  await elsewhere.getByRole("button", { name: "Lopeta kaikki muut" }).click();
  await expect(elsewhere.getByText("Kirjautuminen on lopetettu.")).toBeVisible();
  return elsewhere;
}

test("a lost phone hands in what it holds and forgets the rest, and the association takes it in", async ({ server, page, browser }) => {
  await signIn(page, server, "vapaaehtoinen");
  // Nothing gets through but the question whether the sign-in still stands.
  await page.route("**/api/v1/sync/push", (route) => route.abort());
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("62");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.locator(".undo").waitFor();

  const elsewhere = await endFromElsewhere(browser, server);

  // Meanwhile a board stands open, and nobody touches it.
  const board = await (await browser.newContext({ viewport: { width: 1280, height: 844 } })).newPage();
  await signIn(board, server, "sihteeri");
  await board.locator(".board-cell .badge").first().waitFor();
  await elsewhere.goto(`${server.url}/app`);
  await elsewhere.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await elsewhere.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("71");
  await elsewhere.getByRole("button", { name: "Tallenna" }).click();

  // Within a minute, without a tap.
  await page.waitForURL(/lopetettu=1/, { timeout: 75_000 });
  await expect(board.locator(".board-cell").filter({ hasText: "71" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Kerrat on poistettu tältä laitteelta.")).toBeVisible();
  await page.goto(`${server.url}/app`);
  await expect(page.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();
  const holds = await page.evaluate(async () => {
    const got = (asked) => new Promise((yes, no) => Object.assign(asked, { onsuccess: () => yes(asked.result), onerror: () => no(asked.error) }));
    const counts = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await got(indexedDB.open(name));
      for (const store of ["records", "outbox"]) {
        if (database.objectStoreNames.contains(store)) counts.push(await got(database.transaction(store).objectStore(store).count()));
      }
      database.close();
    }
    return counts.filter((count) => count > 0);
  });
  expect(holds).toEqual([]);

  const secretary = await (await browser.newContext()).newPage();
  await signIn(secretary, server, "sihteeri");
  await secretary.goto(`${server.url}/app/yhdistys/ihmiset`);
  await expect(secretary.getByRole("heading", { name: "Poistetun jäsenen tai puhelimen kirjauksia: 1" })).toBeVisible();
  await secretary.getByRole("button", { name: /^Ota mukaan/ }).click();
  await expect(secretary.getByText("Otettu mukaan: 1")).toBeVisible();
  await secretary.goto(`${server.url}/app/kerrat`);
  await expect(secretary.locator(".list li").filter({ hasText: "Osallistujia 62" })).toHaveCount(1);
});

test("whose sign-in was ended hears why at the next contact, and not that it has run out", async ({ server, page, browser }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("64");
  await endFromElsewhere(browser, server);
  await page.getByRole("button", { name: "Tallenna" }).click();
  // When the ten seconds of Kumoa are over; the phone asks by itself every 45 seconds.
  await page.waitForURL(/lopetettu=1/, { timeout: 25_000 });
});
