// A tap too many, a zero too many, a wrong day: what a trial with a volunteer of 75 found. Nothing vanishes and nothing doubles unsaid.
import { expect, onMonday as test, readyWithoutNetwork, signIn } from "../fixtures/server.mjs";

test.use({ viewport: { width: 360, height: 740 } });

/** Two taps on the same place, as far apart as those of an uncertain finger. */
async function tapsTwice(page, locator) {
  const box = await locator.boundingBox();
  const at = { x: box.x + box.width * 0.8, y: box.y + box.height / 2 };
  await page.mouse.click(at.x, at.y);
  await page.waitForTimeout(350);
  await page.mouse.click(at.x, at.y);
  return at;
}

const SAVE = { name: "Tallenna" };
const COUNT = { name: "Montako osallistujaa?" };

test("a second tap on Save or on Delete does nothing more", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("67");
  const tapped = await tapsTwice(page, page.getByRole("button", SAVE));
  // The second one has met the bar with "Kumoa".
  const { x, y, width, height } = await page.getByRole("button", { name: "Kumoa" }).boundingBox();
  expect(tapped.x > x && tapped.x < x + width && tapped.y > y && tapped.y < y + height).toBe(true);
  await page.waitForTimeout(1_500);
  await expect(page.locator(".list > li").filter({ hasText: "67 osallistujaa" })).toHaveCount(1);
  await expect(page.locator(".undo")).toContainText("67 osallistujaa");

  const cards = page.locator("main > .list > li");
  const before = await cards.allInnerTexts();
  await cards.nth(1).getByRole("button", { name: "Poista" }).scrollIntoViewIfNeeded();
  await tapsTwice(page, cards.nth(1).getByRole("button", { name: "Poista" }));
  await page.waitForTimeout(1_500);
  await expect(page.getByText("Poistetut (1)")).toHaveCount(1);
  expect((await cards.allInnerTexts())[1]).toBe(before[2]);
});

test("what was taken back or thrown away is open again, and not gone", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("68");
  await page.getByRole("button", SAVE).click();
  // On its way to the server, as when the phone has rung in between.
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.waitForTimeout(400);
  await page.reload();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.getByRole("link", { name: "Koti" }).click();
  const unfinished = page.getByRole("link", { name: /Kesken: Maanantaikerho .* \(68\)/ });
  await expect(unfinished).toBeVisible();
  await page.getByRole("button", { name: "Poista keskeneräinen" }).click();
  await expect(unfinished).toHaveCount(0);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.getByRole("button", SAVE).click();
  await expect(page.locator(".list > li").filter({ hasText: "68 osallistujaa" })).toHaveCount(1);

  // A whole sheet from paper too.
  await page.goto(`${server.url}/app/ryhmat`);
  await page.getByRole("link", { name: "Paperilomake Kävelykaverit" }).click();
  await page.getByRole("link", { name: "Kirjaa paperista" }).click();
  for (const line of [1, 2]) {
    await page.getByLabel(`Päivä ${line}`, { exact: true }).fill(`${line}.9.2026`);
    await page.getByLabel(`Osallistujia ${line}`, { exact: true }).fill("69");
  }
  await page.getByRole("button", { name: "Tallenna (2)" }).click();
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("heading", { name: "Kävelykaverit: kerrat paperista" })).toBeVisible();
  await expect(page.getByLabel("Osallistujia 2", { exact: true })).toHaveValue("69");

  // What a form goes on with is thrown away only after a question, and a cancelled edit can be taken up again.
  page.on("dialog", (dialog) => dialog.accept());
  await page.reload();
  await page.getByRole("button", { name: "Aloita alusta" }).click();
  await expect(page.getByLabel("Osallistujia 2", { exact: true })).toHaveValue("");
  await page.getByRole("link", { name: "Kerrat" }).click();
  await page.locator(".list > li").filter({ hasText: "68 osallistujaa" }).getByRole("link", { name: "Korjaa" }).click();
  await page.getByRole("textbox", COUNT).fill("86");
  await page.getByRole("button", { name: "Peruuta" }).click();
  await expect(page.locator(".undo")).toContainText("Muutoksia ei tallennettu");
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("86");
});

test("the day and the numbers are in sight beside Save, and what is odd about them", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  const card = page.locator("a.card.primary");
  const asked = await card.locator("strong").innerText();
  await card.click();
  const last = Number((await page.locator(".chip", { hasText: "viime kerralla" }).innerText()).match(/\d+/)[0]);
  await page.getByRole("textbox", COUNT).fill(`${last}0`);
  const bar = page.locator(".save-bar");
  await expect(bar).toContainText(`${last}0 osallistujaa · vapaaehtoisia`);
  await expect(bar).toContainText(`Viime kerralla ${last}. Onko ${last}0 oikein?`);
  await page.getByRole("textbox", COUNT).fill(String(last + 1));
  await expect(bar).not.toContainText("oikein?");
  const day = (await bar.locator("p").first().innerText()).split(" · ")[0];
  await page.getByRole("button", SAVE).click();
  await expect(page.locator(".undo")).toContainText(`${asked} ${day} · ${last + 1} osallistujaa`);

  // Home does not ask for it again, and whoever records it again is told where it can be seen.
  await page.getByRole("link", { name: "Koti" }).click();
  const quiet = page.locator("a.card:not(.primary)").filter({ hasText: asked });
  await expect(quiet).toBeVisible();
  const path = await quiet.getAttribute("href");
  const [, date, month] = day.match(/(\d+)\.(\d+)\./);
  await page.goto(`${server.url}${path}/2026-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  await expect(bar).toContainText(`Tästä ryhmästä on jo kirjattu ${day}: ${last + 1} osallistujaa.`);
  await bar.getByRole("link", { name: "Katso se" }).click();
  await expect(page.getByText(`Korjaat kertaa ${day}`)).toBeVisible();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue(String(last + 1));
});

test("a complaint goes when what it was about is mended, and the rest of a breakdown has a button", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("30");
  await page.getByText("Lisää tietoa").click();
  await page.getByText("Iät ja sukupuolet").click();
  await page.getByLabel("64–74 v").fill("25");
  await page.getByRole("button", SAVE).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("yhteensä 25, pitäisi olla 30");
  await page.getByRole("textbox", COUNT).fill("26");
  await expect(alert).toContainText("yhteensä 25, pitäisi olla 26");
  await page.getByRole("button", { name: "Loput 1: ei tiedossa" }).click();
  await expect(alert).toHaveCount(0);
  await expect(page.locator(".error")).toHaveCount(0);
  // As people write hours.
  for (const [typed, hours] of [["4:30", "4,5"], ["3½", "3,5"], ["2.30", "2,5"], ["2,25", "2,25"]]) {
    await page.getByRole("textbox", { name: "Tunteja yhteensä" }).fill(typed);
    await page.getByRole("textbox", { name: "Tunteja yhteensä" }).blur();
    await expect(page.getByRole("textbox", { name: "Tunteja yhteensä" })).toHaveValue(hours);
  }
  await page.getByRole("button", SAVE).click();
  await expect(page.locator(".undo")).toContainText("26 osallistujaa");
});
