// "Kumoa" and "Poista", without a network: nothing that was called saved is lost by changing one's mind.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

test("undo after an edit and after a deletion brings the gathering back", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();

  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const participants = page.getByRole("textbox", { name: "Montako osallistujaa?" });
  await participants.fill("61");
  await page.getByRole("button", { name: "Tallenna" }).click();
  const first = page.locator(".list li").filter({ hasText: "61 osallistujaa" }).first();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await first.getByRole("link", { name: "Korjaa" }).click();
  await participants.fill("62");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: "62 osallistujaa" })).toHaveCount(1);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await first.getByRole("button", { name: "Poista" }).click();
  await expect(first).toHaveCount(0);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await page.reload();
  await expect(first).toContainText("Tallessa tässä puhelimessa");
});

test("an unfinished gathering is offered again after the app was closed", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("button", { name: "Enemmän: Montako osallistujaa?" }).click();
  await page.waitForTimeout(400);
  await page.goto(`${server.url}/app`);
  await page.getByRole("link", { name: /Kesken: Maanantaikerho/ }).click();
  await expect(page.getByRole("textbox", { name: "Montako osallistujaa?" })).toHaveValue("1");
});

test("a form that cannot be saved says what to mend and keeps what was typed", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Muu kerta/ }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("9999999");
  await page.getByRole("button", { name: "Tallenna" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Mitä järjestettiin?: puuttuu");
  await expect(alert).toContainText("enintään 100000");
  await expect(page.getByRole("textbox", { name: "Montako osallistujaa?" })).toHaveValue("9999999");
});
