// A tap too many, a zero too many, a wrong day: what a trial with a volunteer of 75 found. Nothing vanishes and nothing doubles unsaid.
import { expect, leave, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 360, height: 740 } });

/** Two taps on the same place, as far apart as those of an uncertain finger. */
async function tapsTwice(page, locator) {
  const box = await locator.boundingBox();
  const at = { x: box.x + box.width * 0.8, y: box.y + box.height / 2 };
  // The second one by the page's own clock, or a busy machine makes it come too late.
  await page.evaluate(
    ({ x, y }) => addEventListener("click", () => setTimeout(() => document.elementFromPoint(x, y)?.click(), 350), { once: true, capture: true }),
    at,
  );
  await page.mouse.click(at.x, at.y);
  await page.waitForTimeout(500);
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
  await expect(page.locator(".list > li").filter({ hasText: "Osallistujia 67" })).toHaveCount(1);
  await expect(page.locator(".undo")).toContainText("Osallistujia 67");

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
  await leave(page);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.waitForTimeout(400);
  await page.reload();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.getByRole("link", { name: "Etusivu" }).click();
  const unfinished = page.getByRole("link", { name: /Kesken: Maanantaikerho .* \(68\)/ });
  await expect(unfinished).toBeVisible();
  await page.getByRole("button", { name: "Poista keskeneräinen" }).click();
  await expect(unfinished).toHaveCount(0);
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("68");
  await page.getByRole("button", SAVE).click();
  await expect(page.locator(".list > li").filter({ hasText: "Osallistujia 68" })).toHaveCount(1);

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
  await page.locator(".list > li").filter({ hasText: "Osallistujia 68" }).getByRole("link", { name: "Korjaa" }).click();
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
  await expect(bar).toContainText(`Osallistujia ${last}0 · vapaaehtoisia`);
  await expect(bar).toContainText(`Viime kerralla ${last}. Onko ${last}0 oikein?`);
  await page.getByRole("textbox", COUNT).fill(String(last + 1));
  await expect(bar).not.toContainText("oikein?");
  const day = (await bar.locator("p").first().innerText()).split(" · ")[0];
  await page.getByRole("button", SAVE).click();
  await expect(page.locator(".undo")).toContainText(`${asked} ${day} · Osallistujia ${last + 1}`);

  // Home does not ask for it again, and whoever records it again is told where it can be seen.
  await page.getByRole("link", { name: "Etusivu" }).click();
  const quiet = page.locator("a.card:not(.primary)").filter({ hasText: asked });
  await expect(quiet).toBeVisible();
  const path = await quiet.getAttribute("href");
  const [, date, month] = day.match(/(\d+)\.(\d+)\./);
  await page.goto(`${server.url}${path}/2026-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  await expect(bar).toContainText(`Tästä ryhmästä on jo kirjattu ${day} (osallistujia ${last + 1}).`);
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
  await expect(page.locator(".undo")).toContainText("Osallistujia 26");
});

test("Save is never under the bar with Kumoa", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("17");
  await page.getByRole("button", SAVE).click();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("link", { name: /Kävelykaverit/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("9");
  await expect(page.getByRole("button", { name: "Kumoa" })).toBeVisible();
  const box = await page.getByRole("button", SAVE).boundingBox();
  await page.mouse.click(box.x + box.width * 0.8, box.y + box.height / 2);
  for (const count of [17, 9]) {
    await expect(page.locator(".list > li", { hasText: new RegExp(`Osallistujia ${count}(\\D|$)`) }).first()).toBeVisible();
  }
});

test("the calendar opens whole, and a second tap on its day presses nothing else", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("button", { name: "Muu päivä" }).click();
  const earlier = page.getByRole("button", { name: "Edellinen kuukausi" });
  await expect(earlier).toBeInViewport({ ratio: 1 });
  // November 2026 has six rows.
  const last = await page.getByRole("button", { name: "30.11.2026" }).boundingBox();
  const bar = await page.locator(".save-bar").boundingBox();
  expect(last.y + last.height).toBeLessThanOrEqual(bar.y);
  await tapsTwice(page, page.getByRole("button", { name: "12.11.2026" }));
  await expect(earlier).toHaveCount(0);
  await expect(page.getByRole("button", { name: "12.11.2026" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator("details[open]")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Maanantaikerho" })).toBeVisible();
});

test("whoever comes back to a form finds the unfinished one of another day", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("17");
  await page.getByRole("button", { name: "Muu päivä" }).click();
  await page.getByRole("button", { name: "12.11.2026" }).click();
  await page.getByRole("link", { name: "Muuta ryhmän tietoja" }).click();
  await page.waitForURL("**/app/ryhma/*");
  await page.getByRole("textbox", COUNT).waitFor({ state: "detached" });
  await page.goBack();
  await page.getByRole("link", { name: "Kesken: Maanantaikerho to 12.11. (17) – jatka" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("17");
});

test("what waits is called by its name, and does not wait for a network that is there", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  for (const group of [/Maanantaikerho/, /Kävelykaverit/]) {
    await page.getByRole("link", { name: "Etusivu" }).click();
    await page.getByRole("link", { name: group }).first().click();
    await page.getByRole("textbox", COUNT).fill("17");
    await page.getByRole("button", SAVE).click();
    await page.locator(".list > .gatherings-saved").waitFor();
  }
  await expect(page.getByText("Lähtee hetken päästä.")).toHaveCount(2);
  await server.stop();
  const cards = page.locator("main > .list > li");
  const [name, day] = [await cards.nth(2).locator("strong").innerText(), await cards.nth(2).locator("p:has(strong) > span").innerText()];
  await cards.nth(2).getByRole("button", { name: "Poista" }).click();
  await page.getByRole("link", { name: /Lähtevät/ }).click();
  await expect(page.locator("strong", { hasText: `Poistettu: ${name} ${day}` })).toHaveCount(1);
});
