// S10: signing out with something unsent asks what is to become of it, also where there is no network.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

async function recordWithoutNetwork(page, server, participants) {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await page.context().setOffline(true);
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.locator(".undo").waitFor();
  await page.getByRole("link", { name: "Asetukset" }).click();
  await page.getByRole("button", { name: "Kirjaudu ulos" }).click();
  await expect(page.getByText("Tässä puhelimessa on lähettämättömiä kirjauksia: 1.")).toBeVisible();
}

test("what is left on the phone is there again after signing in, and nobody was signed in meanwhile", async ({ server, page }) => {
  await recordWithoutNetwork(page, server, 58);
  await page.getByRole("button", { name: "Jätä ne tähän puhelimeen" }).click();
  await expect(page.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();
  await page.context().setOffline(false);
  // The sign-in ended with the first request that got through.
  await expect.poll(() => page.evaluate(async () => (await fetch("/api/v1/me")).status)).toBe(401);
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Kerrat" }).click();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 58" })).toContainText(/Perillä/, { timeout: 20_000 });
});

test("what somebody else than our server answers signs nobody out: the sign-in ends at the next contact", async ({ server, page }) => {
  for (const [status, body] of [
    [502, "<html>Bad Gateway</html>"],
    [200, "<html>Welcome to the hotel</html>"],
    [204, ""],
  ]) {
    await signIn(page, server, "vapaaehtoinen");
    await page.getByRole("link", { name: "Asetukset" }).click();
    await page.route("**/kirjaudu/ulos", (route) => route.fulfill({ status, body }));
    await page.getByRole("button", { name: "Kirjaudu ulos" }).click();
    await expect(page.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();
    await page.unroute("**/kirjaudu/ulos");
    await page.goto(`${server.url}/app`);
    await expect(page.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();
    expect(await page.evaluate(async () => (await fetch("/api/v1/me")).status)).toBe(401);
  }
});

test("sent first, and then signed out", async ({ server, page }) => {
  await recordWithoutNetwork(page, server, 59);
  await page.getByRole("button", { name: "Lähetä ne ensin" }).click();
  await expect(page.getByText("Sinut kirjataan ulos, kun kaikki on perillä.")).toBeVisible();
  await page.context().setOffline(false);
  await page.locator('button[value="vapaaehtoinen"]').waitFor({ timeout: 20_000 });
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Kerrat" }).click();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 59" })).toContainText(/Perillä/);
});

test("thrown away only by typing the word", async ({ server, page }) => {
  await recordWithoutNetwork(page, server, 60);
  await page.getByText("Heitä ne pois", { exact: true }).click();
  const really = page.getByRole("button", { name: "Heitä pois ja kirjaudu ulos" });
  await expect(really).toBeDisabled();
  await page.getByLabel(/kirjoita POIS/).fill("pois ");
  // Nobody is told that what is thrown away has arrived.
  const said = [];
  await page.exposeFunction("hear", (text) => said.push(text));
  await page.evaluate(() => {
    const hear = () => document.querySelectorAll('[role="status"]').forEach(({ textContent }) => window.hear(textContent));
    new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await really.click();
  await expect(page.getByRole("heading", { name: "Et ole vielä kirjautunut" })).toBeVisible();
  expect(said.length).toBeGreaterThan(0);
  expect(said.join(" ")).not.toContain("Kaikki on perillä");
  await page.context().setOffline(false);
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Kerrat" }).click();
  await page.locator(".list li").first().waitFor();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 60" })).toHaveCount(0);
});

test("whoever signs in next on the same phone never sees what the one before has recorded", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.route("**/api/v1/sync/push", (route) => route.abort());
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("61");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.locator(".undo").waitFor();
  // What is on the screen from the moment in which the app knows that another user is here.
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const all = document.body?.textContent ?? "";
      if (!document.querySelector('nav.frame-nav a[href="/app/vuosi"]')) window.before = (window.before ?? "") + all;
      else if (all.includes("Osallistujia 61")) window.leaked = all;
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  // The app begins as the one whom it remembers, until the server has said who is signed in now.
  let answer;
  await page.route("**/api/v1/me", (route) => (answer = () => route.continue()));
  await page.goto(`${server.url}/`);
  await page.locator('button[value="sihteeri"]').click();
  await page.getByRole("link", { name: "Kerrat" }).click();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 61" })).toHaveCount(1);
  await expect.poll(() => Boolean(answer)).toBe(true);
  await page.unroute("**/api/v1/me");
  // Nor what that one is typing in this very moment.
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("link", { name: /Muu kerta/ }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).evaluate((field) => {
    const typing = setInterval(() => {
      if (!field.isConnected) return clearInterval(typing);
      field.value = String(1 + ((Number(field.value) || 0) % 9));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, 40);
  });
  await answer();
  await page.getByRole("link", { name: "Vuosi" }).waitFor();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.locator("a.card.primary").waitFor();
  await expect(page.getByRole("link", { name: /^Kesken/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Kerrat" }).click();
  await page.locator(".list li").first().waitFor();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 61" })).toHaveCount(0);
  expect(await page.evaluate(() => [window.before.includes("Osallistujia 61"), window.leaked])).toEqual([true, undefined]);
  await page.unroute("**/api/v1/sync/push");
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Kerrat" }).click();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 61" })).toContainText(/Perillä/, { timeout: 20_000 });
});
