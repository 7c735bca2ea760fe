// A group is set up, changed and ended on the phone, and the weeks that nobody recorded are answered; all without a network.
import { expect, onDisk, readyWithoutNetwork, setClock, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

test("a new group gives its details to its gatherings, and is ended without losing them", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).click();
  await page.getByRole("link", { name: "Uusi ryhmä" }).click();
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.getByRole("alert")).toContainText("Ryhmän nimi: täytä tämä");
  await page.getByLabel("Ryhmän nimi").fill("Lankakerho");
  await page.getByLabel("Mitä ryhmä tekee").selectOption({ label: "Kerho" });
  await page.getByRole("button", { name: "keskiviikko" }).click();
  await page.getByLabel("Alkaa kello").fill("17:30");
  await page.getByLabel("Kesto tunteina").fill("1,5");
  await page.getByRole("textbox", { name: "Paikka" }).fill("Kylätalo");
  await page.getByText("Lisää tietoa").click();
  const places = await page.getByRole("combobox", { name: "Kunta", exact: true }).locator("option").allInnerTexts();
  expect(places.length).toBeGreaterThan(300);
  expect(places).toEqual(places.toSorted((a, b) => a.localeCompare(b, "fi")));
  await page.getByRole("checkbox", { name: /kaikki/i }).first().check();
  await page.getByRole("button", { name: "Lisää rahoittaja" }).click();
  await page.getByLabel("Rahoittaja", { exact: true }).fill("STEA");
  // Left in the middle, it goes on where it was.
  await onDisk(page, '"STEA"');
  await page.goto(`${server.url}/app/ryhma/uusi`);
  await expect(page.getByLabel("Ryhmän nimi")).toHaveValue("Lankakerho");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.getByRole("heading", { name: "Ryhmät" })).toBeVisible();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.locator("a.card", { hasText: "Lankakerho" }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("7");
  // One volunteer for as long as the group meets.
  await expect(page.getByRole("textbox", { name: "Tunteja yhteensä" })).toHaveValue("1,5");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list > li:visible").filter({ hasText: "Lankakerho" })).toContainText("Osallistujia 7");

  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).click();
  await page.getByRole("link", { name: "Korjaa Lankakerho" }).click();
  await expect(page.getByLabel("Alkaa kello")).toHaveValue("17:30");
  await page.getByRole("button", { name: "Lopeta ryhmä" }).click();
  await page.getByText("Lopetetut (1)").click();
  await page.getByRole("button", { name: "Ota takaisin käyttöön" }).click();
  await expect(page.getByRole("link", { name: "Korjaa Lankakerho" })).toBeVisible();

  await server.start();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByRole("link", { name: "Kerrat" }).click();
  await expect(page.locator(".list > li:visible").filter({ hasText: "Lankakerho" })).toContainText("Perillä", { timeout: 30_000 });
});

test("a week that nobody recorded is answered with one tap", async ({ server, page }) => {
  // Nine days on, and nobody has recorded anything.
  await setClock(page, "2026-11-25T13:30:00Z");
  await signIn(page, server, "vapaaehtoinen");
  const missing = page.locator("section", { has: page.getByRole("heading", { name: "Kirjaamatta?" }) });
  await missing.waitFor();
  const first = await missing.locator("li p:has(strong)").first().innerText();
  await missing.getByRole("button", { name: /Ei pidetty/ }).first().click();
  await expect(page.locator(".undo")).toContainText("ettei pidetty");
  await expect(missing.locator("li p:has(strong)").filter({ hasText: first })).toHaveCount(0);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(missing.locator("li p:has(strong)").first()).toHaveText(first);
  await missing.getByRole("link", { name: /Kirjaa/ }).first().click();
  // The form is of that day.
  await expect(page.locator(".calendar-days .chip[aria-pressed=true]")).not.toHaveText(/Tänään|Eilen|Muu päivä/);
});
