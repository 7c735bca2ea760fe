// S3: what the screen called saved survives the loss of the whole database, and a cleared storage is told.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

async function record(page, participants) {
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: `Osallistujia ${participants}` })).toHaveCount(1);
}

test("a lost database is healed from the second copy, and the screen says so", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await record(page, 61);
  // A page that holds no database open: then the browser deletes it at once.
  await page.goto("about:blank");
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin: server.url, storageTypes: "indexeddb" });
  await page.goto(`${server.url}/app/kerrat`);
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 61" })).toContainText("Tallessa tässä puhelimessa");
  const notice = page.getByRole("alert").filter({ hasText: "palautettiin varakopiosta" });
  await expect(notice).toBeVisible();
  await notice.getByRole("button", { name: "Selvä" }).click();
  await expect(notice).toHaveCount(0);
  // And it reaches the server as if nothing had happened.
  await server.start();
  await page.reload();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 61" })).toContainText("Perillä");
});

test("a storage that was cleared is told, with what the server knows", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  // Never sent: the server knows the phone by its first look at the groups only.
  await record(page, 62);
  await server.start();
  const session = await page.context().newCDPSession(page);
  await page.goto(`${server.url}/healthz`);
  await session.send("Storage.clearDataForOrigin", {
    origin: server.url,
    storageTypes: "indexeddb,local_storage,cache_storage,service_workers",
  });
  await page.goto(`${server.url}/app`);
  const notice = page.getByRole("alert").filter({ hasText: "muisti on tyhjennetty" });
  await expect(notice).toContainText("viimeksi yhteydessä");
  // Until it was seen.
  await page.reload();
  await notice.getByRole("button", { name: "Selvä" }).click();
  await page.reload();
  await page.getByRole("heading", { name: "Ryhmät" }).waitFor();
  await expect(notice).toHaveCount(0);
});
