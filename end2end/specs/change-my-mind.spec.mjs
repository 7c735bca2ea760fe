// "Kumoa" and "Poista", without a network: nothing that was called saved is lost by changing one's mind.
import { expect, onDisk, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

test("undo after an edit and after a deletion brings the gathering back", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();

  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const participants = page.getByRole("textbox", { name: "Montako osallistujaa?" });
  await participants.fill("61");
  await page.getByRole("button", { name: "Tallenna" }).click();
  const first = page.locator(".list li:visible").filter({ hasText: "Osallistujia 61" }).first();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await first.getByRole("link", { name: "Korjaa" }).click();
  await participants.fill("62");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: "Osallistujia 62" })).toHaveCount(1);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await first.getByRole("button", { name: "Poista" }).click();
  await expect(first).toHaveCount(0);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(first).toContainText("Tallessa tässä puhelimessa");

  await page.reload();
  await expect(first).toContainText("Tallessa tässä puhelimessa");
});

test("what was saved is in sight in the list, whatever its day", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  const group = await page.locator("a.card", { hasText: "Maanantaikerho" }).first().getAttribute("href");
  await page.goto(`${server.url}${group}/2026-03-04`);
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("61");
  await page.getByRole("button", { name: "Tallenna" }).click();
  const saved = page.locator(".list > .gatherings-saved");
  await expect(saved).toContainText("Osallistujia 61");
  await expect(saved).toBeInViewport({ ratio: 1 });
  await expect(page.locator("main h1")).toBeFocused();
  // Later it is where its day is.
  await page.reload();
  await expect(page.locator(".list > li").first()).not.toContainText("Osallistujia 61");
});

test("an unfinished gathering is offered again after the app was closed", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("button", { name: "Enemmän: Osallistujia" }).click();
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
  await expect(alert).toContainText("Mitä järjestettiin: täytä tämä");
  await expect(alert).toContainText("enintään 100000");
  const count = page.getByRole("textbox", { name: "Montako osallistujaa?" });
  await expect(count).toHaveValue("9999999");
  // Each point leads to its field, and the field says what is wrong with it.
  await alert.getByRole("button", { name: /Osallistujia:/ }).click();
  await expect(count).toBeFocused();
  await expect(count).toHaveAccessibleDescription(/Vapaaehtoisia ei lasketa tähän\. .*enintään 100000/);
  await count.fill("12");
  await expect(count).toHaveAccessibleDescription("Vapaaehtoisia ei lasketa tähän.");
  await page.getByRole("button", { name: "Retki" }).click();
  await expect(alert).toHaveCount(0);
  await page.getByText("Lisää tietoa").click();
  await page.getByRole("textbox", { name: "Paikka" }).fill("x".repeat(300));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(alert.getByRole("listitem")).toHaveCount(1);
  await alert.getByRole("button", { name: /Paikka/ }).click();
  await expect(page.getByRole("textbox", { name: "Paikka" })).toBeFocused();
  await expect(page.getByRole("textbox", { name: "Paikka" })).toHaveAttribute("aria-invalid", "true");
});

test("what is typed and is no number is neither saved nor lost", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const volunteers = page.getByRole("textbox", { name: "Vapaaehtoisia" });
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("14");
  for (const nonsense of ["abc", "-5", "12.7"]) {
    await volunteers.fill(nonsense);
    await page.getByRole("button", { name: "Tallenna" }).click();
    await expect(page.getByRole("alert")).toContainText("Vapaaehtoisia: kirjoita kokonaisluku numeroina");
    await expect(volunteers).toHaveValue(nonsense);
  }
  await page.getByRole("button", { name: "Enemmän: Vapaaehtoisia" }).click();
  await expect(volunteers).toHaveValue("1");
  const hours = page.getByRole("textbox", { name: "Tunteja yhteensä" });
  await hours.click();
  await page.keyboard.type("2,3");
  await expect(hours).toHaveValue("2,3");
  await hours.press("Tab");
  await expect(hours).toHaveValue("2,25");
  await hours.fill("1000");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.getByRole("alert")).toContainText("enintään 24 tuntia");
});

test("a form goes on where it was, also in another language and of a gathering that was there before", async ({ server, page }) => {
  page.on("dialog", (dialog) => dialog.accept());
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const participants = page.getByRole("textbox", { name: "Montako osallistujaa?" });
  // Nobody has to leave the field first.
  await participants.pressSequentially("37");
  await page.getByRole("button", { name: "Svenska" }).first().click();
  await expect(page.getByRole("textbox", { name: "Hur många deltagare?" })).toHaveValue("37");
  await page.getByRole("button", { name: "Suomi" }).first().click();
  await onDisk(page, '"participants":37');
  await page.goto(`${server.url}/app`);
  await page.locator("a.card", { hasText: "Maanantaikerho" }).click();
  await expect(participants).toHaveValue("37");
  await page.getByRole("button", { name: "Aloita alusta" }).click();
  await expect(participants).toHaveValue("");
  await onDisk(page, '"participants":37', false);
  await page.goto(`${server.url}/app/kerrat`);

  const first = page.locator(".list li").first();
  await first.getByRole("link", { name: "Korjaa" }).click();
  const before = await participants.inputValue();
  await participants.fill("41");
  await onDisk(page, '"participants":41');
  await page.reload();
  await expect(participants).toHaveValue("41");
  await page.getByRole("button", { name: "Palauta ennalleen" }).click();
  await expect(participants).toHaveValue(before);
  await participants.fill("42");
  await page.getByRole("button", { name: "Peruuta" }).click();
  await onDisk(page, '"participants":42', false);
  await page.goto(`${server.url}/app`);
  await expect(page.locator("a.card.primary")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Kesken/ })).toHaveCount(0);
});

test("what was deleted can be brought back for thirty days", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("63");
  await page.getByRole("button", { name: "Tallenna" }).click();
  const saved = page.locator(".list > li:visible").filter({ hasText: "Osallistujia 63" });
  await expect(saved).toContainText("Perillä", { timeout: 20_000 });
  await saved.getByRole("button", { name: "Poista" }).click();
  // Taken back at once, it is not among the deleted.
  await expect(page.getByText("Poistetut (1)")).toBeVisible();
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByText("Poistetut (1)")).toHaveCount(0);
  await saved.getByRole("button", { name: "Poista" }).click();
  await page.waitForTimeout(11_000);
  await page.reload();
  await page.getByText("Poistetut (1)").click();
  await page.getByRole("button", { name: "Palauta" }).click();
  await expect(saved).toHaveCount(1);
  await expect(page.getByText("Poistetut (1)")).toHaveCount(0);
  await expect(saved).toContainText("Perillä", { timeout: 20_000 });
});
