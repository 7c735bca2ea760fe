// Paper beside the phone, the year's end, and the app on the home screen; without a network where nothing else is said.
import { rmSync } from "node:fs";
import { expect, newServer, onDisk, paste, readyWithoutNetwork, setClock, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

const LIST = ".list > li:visible";

async function toPaper(page, group) {
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).click();
  await page.getByRole("link", { name: `Paperilomake ${group}` }).click();
}

async function fromPaper(page, group) {
  await toPaper(page, group);
  await page.getByRole("link", { name: "Kirjaa paperista" }).click();
}

test("ten gatherings come from paper at once, and a wrong line keeps all of them on the screen", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  await fromPaper(page, "Maanantaikerho");
  await page.getByLabel("Päivä 1", { exact: true }).fill("7.9.");
  await page.getByLabel("Osallistujia 1", { exact: true }).fill("301");
  await page.getByLabel("Vapaaehtoisia 1", { exact: true }).fill("2");
  // From a spreadsheet, with one line that is wrong.
  await paste(page.getByLabel("Päivä 2", { exact: true }), "14.9.2026\t302\t1\t2,5\r\n31.9.2026\t303\t1\t1\r\n");
  await page.getByRole("button", { name: "Tallenna (3)" }).click();
  await expect(page.getByRole("alert")).toContainText("Mitään ei ole vielä tallennettu");
  await expect(page.locator(".error")).toContainText("kirjoita päivä");
  await expect(page.getByLabel("Päivä 3", { exact: true })).toHaveAccessibleDescription(/kirjoita päivä/);
  await expect(page.getByLabel("Osallistujia 3", { exact: true })).not.toHaveAttribute("aria-invalid");
  // A day that is there already is said, and allowed.
  await page.getByLabel("Päivä 4", { exact: true }).fill("7.9.");
  await expect(page.getByText("Sama päivä on monella rivillä.")).toHaveCount(2);
  await page.getByLabel("Päivä 4", { exact: true }).fill("");
  await expect(page.getByText("Sama päivä on monella rivillä.")).toHaveCount(0);
  // Left in the middle, all of it is there again.
  await onDisk(page, '"302"');
  await page.reload();
  await expect(page.getByText("Jatkat keskeneräistä kirjausta.")).toBeVisible();
  await expect(page.getByLabel("Osallistujia 2", { exact: true })).toHaveValue("302");
  await page.getByLabel("Päivä 3", { exact: true }).fill("21.9.2026");
  await page.getByRole("button", { name: "Tallenna (3)" }).click();
  await expect(page.locator(".undo")).toContainText("kertoja: 3");
  for (const count of [301, 302, 303]) {
    await expect(page.locator(LIST).filter({ hasText: `Osallistujia ${count}` })).toHaveCount(1);
  }
  await page.reload();
  await page.getByRole("button", { name: "Näytä lisää" }).click();
  await page.locator(LIST).filter({ hasText: "Osallistujia 302" }).getByRole("link", { name: "Korjaa" }).click();
  await expect(page.getByRole("textbox", { name: "Tunteja yhteensä" })).toHaveValue("2,5");
});

test("lines from paper say what is recorded already, and how many fit", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("17");
  await page.getByRole("button", { name: "Tänään" }).click();
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await fromPaper(page, "Maanantaikerho");
  const today = await page.evaluate(() => new Date().toLocaleDateString("fi-FI", { timeZone: "Europe/Helsinki" }));
  await page.getByLabel("Päivä 1", { exact: true }).fill(today);
  await expect(page.getByText(/Tästä ryhmästä on jo kirjattu .* \(osallistujia 17\)/)).toBeVisible();
  await paste(page.getByLabel("Päivä 2", { exact: true }), "1.1.2026\t5\r\n".repeat(201));
  await expect(page.getByText("Kerralla mahtuu 200 riviä")).toBeVisible();
  await expect(page.getByRole("button", { name: "Tallenna (201)" })).toBeVisible();
});

test("the blank form of a group prints on one page", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await toPaper(page, "Maanantaikerho");
  await expect(page.getByRole("heading", { name: "Maanantaikerho" })).toBeVisible();
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await page.getByRole("button", { name: "Tulosta" }).click();
  expect(await page.evaluate(() => window.printed)).toBe(true);
  await page.emulateMedia({ media: "print" });
  // Large print, and room for a hand that writes large: 12 mm a line.
  const [letters, line] = await page.evaluate(() => [
    parseFloat(getComputedStyle(document.querySelector("table.paper-blank th")).fontSize),
    document.querySelector("table.paper-blank tbody tr").getBoundingClientRect().height,
  ]);
  expect(letters).toBeGreaterThanOrEqual((12 * 96) / 72);
  expect(line).toBeGreaterThanOrEqual((12 * 96) / 25.4);
  await expect(page.locator("nav.frame-nav")).toBeHidden();
  await expect(page.getByRole("button", { name: "Tulosta" })).toBeHidden();
  const pdf = (await page.pdf({ format: "A4", margin: { top: "1cm", bottom: "1cm", left: "1.5cm", right: "1.5cm" } })).toString("latin1");
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test("my year is shared without a name, and different people are asked once", async ({ server, page }) => {
  await page.addInitScript(() => {
    navigator.canShare = () => true;
    navigator.share = async (what) => void (window.shared = { text: what.text, files: (what.files ?? []).map(({ type, size }) => [type, size > 1000]) });
  });
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await page.locator("a.card.primary").waitFor();
  await server.stop();
  await page.goto(`${server.url}/app/vuoteni`);
  const picture = page.locator("img.my-year-picture");
  await expect(picture).toHaveJSProperty("complete", true);
  await expect(picture).toHaveJSProperty("naturalWidth", 1080);
  const gatherings = await page.locator(".figures dd").first().innerText();
  await page.getByRole("button", { name: "Jaa vuoteni" }).click();
  await page.waitForFunction(() => window.shared);
  const shared = await page.evaluate(() => window.shared);
  expect(shared.files).toEqual([["image/png", true]]);
  expect(shared.text).toMatch(new RegExp(`^\\d{4}: kertoja ${gatherings}, osallistumiskertoja [\\d\u00a0]+, vapaaehtoistunteja [\\d\u00a0,]+\\.$`));
  for (const secret of ["kerho", "Aino", "vertais"]) expect(shared.text.toLowerCase()).not.toContain(secret.toLowerCase());
  // A month as words.
  await page.evaluate(() => delete window.shared);
  await page.getByRole("button", { name: /^Jaa (?!vuoteni)/ }).first().click();
  await page.waitForFunction(() => window.shared);
  const month = await page.evaluate(() => window.shared);
  expect(month.files ?? []).toEqual([]);
  expect(month.text).toMatch(/^\p{L}+kuu \d{4}: kertoja \d+, osallistumiskertoja [\d\u00a0]+, vapaaehtoistunteja [\d\u00a0,]+\.$/u);

  const questions = page.locator("section", { has: page.getByRole("heading", { name: /Montako eri ihmistä/ }) });
  const group = questions.locator("li").filter({ has: page.getByRole("textbox") }).first();
  const name = await group.locator("p:has(strong)").innerText();
  const answered = questions.locator("li").filter({ hasText: name });
  // What is typed and not saved is there again when the screen is.
  await answered.getByRole("textbox").fill("27");
  await answered.getByRole("button", { name: "Laskettu" }).click();
  await page.getByRole("link", { name: "Kerrat" }).click();
  await onDisk(page, "?27 counted");
  await page.goto(`${server.url}/app/vuoteni`);
  await expect(answered.getByRole("textbox")).toHaveValue("27");
  await expect(answered.getByRole("button", { name: "Laskettu" })).toHaveAttribute("aria-pressed", "true");
  await answered.getByRole("button", { name: "Arvio" }).click();
  // Fewer than came at once, and more than all visits: asked, not refused.
  for (const [odd, asked] of [
    ["1", /Suurimmalla kerralla osallistujia oli \d+\. Onko luku oikein\?/],
    ["99999", /Osallistumiskertoja oli yhteensä [\d\u00a0]+\. Onko luku oikein\?/],
  ]) {
    await answered.getByRole("textbox").fill(odd);
    await answered.getByRole("button", { name: /Tallenna/ }).click();
    await expect(answered).toContainText(asked);
    await answered.getByRole("button", { name: /Muuta/ }).click();
  }
  await answered.getByRole("textbox").fill("34");
  await answered.getByRole("button", { name: /Tallenna/ }).click();
  await expect(answered).not.toContainText("Onko luku oikein?");
  await expect(answered).toContainText("Eri ihmisiä: 34 (Arvio)");
  await page.reload();
  await expect(answered).toContainText("Eri ihmisiä: 34 (Arvio)");
});

test("at the year's end Home asks how many different people came, until it is answered", async ({ page }) => {
  const server = await newServer();
  const DECEMBER = "2026-12-14T13:30:00Z";
  await server.start(DECEMBER);
  await setClock(page, DECEMBER);
  await signIn(page, server, "vapaaehtoinen");
  const asked = page.locator(".notice", { has: page.getByRole("link", { name: "Oma vuoteni" }) });
  await expect(asked).toContainText("2026");
  // In January of the year that has ended; in November of none.
  for (const [moment, count] of [["2026-11-30T13:30:00Z", 0], ["2027-01-10T13:30:00Z", 1], [DECEMBER, 1]]) {
    await setClock(page, moment);
    await page.goto(`${server.url}/app`);
    await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).waitFor();
    await expect(asked.filter({ hasText: "2026" })).toHaveCount(count);
  }
  await asked.getByRole("link").click();
  const unanswered = page.locator("form", { has: page.getByRole("button", { name: /^Tallenna Eri ihmisiä/ }) });
  await unanswered.first().waitFor();
  for (let left = await unanswered.count(); left > 0; left -= 1) {
    await unanswered.first().getByRole("textbox").fill("40");
    await unanswered.first().getByRole("button", { name: /^Tallenna/ }).click();
    await expect(unanswered).toHaveCount(left - 1);
  }
  // Who looks again and wants nothing changed.
  await page.getByRole("button", { name: /^Muuta/ }).first().click();
  await unanswered.getByRole("textbox").fill("41");
  await page.getByRole("button", { name: /^Peruuta/ }).click();
  await expect(unanswered).toHaveCount(0);
  await expect(page.getByText("Eri ihmisiä: 40").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Muuta/ }).first()).toBeFocused();
  await onDisk(page, "?41 ", false);
  await page.reload();
  await expect(page.getByText("Eri ihmisiä: 40").first()).toBeVisible();
  await expect(unanswered).toHaveCount(0);
  for (const again of [() => page.getByRole("link", { name: "Etusivu" }).click(), () => page.reload()]) {
    await again();
    await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).waitFor();
    await expect(asked).toHaveCount(0);
  }
  await setClock(page, "2027-01-10T13:30:00Z");
  await page.goto(`${server.url}/app/vuoteni`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/2026/);
  await server.stop();
  rmSync(server.data, { recursive: true, force: true });
});

test("installing is offered when there is a reason to", async ({ server, page, browser }) => {
  // What a phone is told; a computer has words of its own (on-a-laptop.spec.mjs).
  await page.setViewportSize({ width: 390, height: 844 });
  await page.addInitScript(() => {
    addEventListener("load", () => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = () => (window.prompted = true);
      dispatchEvent(event);
    });
  });
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).waitFor();
  await expect(page.getByRole("button", { name: "Lisää kotinäytölle" })).toHaveCount(0);
  await page.getByRole("link", { name: /Muu kerta/ }).click();
  await page.getByRole("button", { name: "Retki" }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("9");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(LIST).filter({ hasText: /Osallistujia 9(\D|$)/ }).first()).toContainText("Perillä", { timeout: 20_000 });
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("button", { name: "Lisää kotinäytölle" }).click();
  expect(await page.evaluate(() => window.prompted)).toBe(true);
  await expect(page.getByRole("button", { name: "Lisää kotinäytölle" })).toHaveCount(0);

  // An iPhone's browser says of itself that it is not installed; somebody who has recorded nothing yet is told before they do.
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI" });
  const iphone = await context.newPage();
  await iphone.addInitScript(() => Object.defineProperty(navigator, "standalone", { value: false }));
  await signIn(iphone, server, "sihteeri");
  await iphone.goto(`${server.url}/app`);
  await expect(iphone.getByText("Valitse Lisää Koti-valikkoon.")).toBeVisible();
  await expect(iphone.locator("ol.install-steps > li svg")).toHaveCount(3);
  await iphone.getByRole("button", { name: "Ei nyt" }).click();
  await iphone.reload();
  await iphone.locator("a.card.primary").waitFor();
  await expect(iphone.getByText("Valitse Lisää Koti-valikkoon.")).toHaveCount(0);
  await context.close();
});

test("the shortcut of the installed app opens the form of the group in turn", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  const name = await page.locator("a.card.primary strong").innerText();
  await readyWithoutNetwork(page);
  await server.stop();
  await page.goto(`${server.url}/app/kirjaa/nyt`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
});
