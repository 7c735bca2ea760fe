// What the association's secretary fills in: different people of a year, many gatherings as a table, and a spreadsheet's columns.
import { expect, onDisk, paste, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 1280, height: 900 } });

async function secretary(page, server, path) {
  await signIn(page, server, "sihteeri");
  await page.goto(server.url + path);
  await page.locator("main h1").first().waitFor();
}

/** Opens the table of the first group. */
async function table(page, server) {
  await secretary(page, server, "/app/yhdistys/taulukko");
  await page.locator('main .list a[href^="/app/yhdistys/taulukko/"]').first().click();
  await page.getByLabel("Päivä 1", { exact: true }).waitFor();
}

test("a figure that lacks an answer leads to its question, and the answer leads back", async ({ server, page }) => {
  await secretary(page, server, "/app/vuosi");
  await page.locator(".figures").first().waitFor();
  await page.getByText("Mistä luvut ovat", { exact: true }).click();
  const figure = page.locator('li[id^="asked-"]').filter({ hasText: "Eri vapaaehtoiset:" });
  await figure.getByRole("button", { name: /^Vastaa/ }).click();
  const field = page.getByLabel("Eri vapaaehtoisia: Koko yhdistys");
  await expect(field).toBeFocused();
  const question = page.locator("li").filter({ has: field });
  // More than ever helped together is asked about, and not refused.
  await field.fill("9999");
  await page.getByLabel("Eri ihmisiä: Koko yhdistys").fill("0");
  await question.getByRole("button", { name: /^Tallenna/ }).click();
  await expect(figure).toBeFocused();
  await expect(figure).toContainText(/9[\s\u00a0]?999/);
  await expect(figure.getByRole("button", { name: /^Vastaa/ })).toHaveCount(0);
  const whole = page.locator("li").filter({ has: page.locator("strong", { hasText: /^Koko yhdistys$/ }) });
  await expect(whole).toContainText("Onko koko yhdistyksen luku oikein?");
  await expect(whole).toContainText("Suurimmassa ryhmässä luku on");
  // What is changed and not saved is there again.
  await whole.getByRole("button", { name: /^Muuta/ }).click();
  await page.getByLabel("Eri ihmisiä: Koko yhdistys").fill("120");
  await onDisk(page, "?120 ");
  await page.reload();
  await expect(page.getByLabel("Eri ihmisiä: Koko yhdistys")).toHaveValue("120");
  await expect(page.getByLabel("Eri vapaaehtoisia: Koko yhdistys")).toHaveValue(/9[\s\u00a0]?999/);
});

test("fifty gatherings are pasted, moved through with the keyboard and saved at once", async ({ server, page }) => {
  await secretary(page, server, "/app");
  await readyWithoutNetwork(page);
  await table(page, server);
  await server.stop();
  const day = (at) => `${(at % 28) + 1}.${Math.floor(at / 28) + 1}.2024`;
  const rows = Array.from({ length: 50 }, (_, at) => `${day(at)}\t${400 + at}\t2\tkerta ${at}`);
  await paste(page.getByLabel("Päivä 1", { exact: true }), ["Pvm\tOsallistujia\tVapaaehtoisia\tHuom", ...rows].join("\r\n"));
  await expect(page.getByRole("status").filter({ hasText: "Liitettyjä rivejä: 50. Korjattavia: 0. Otsikkorivi jäi pois." })).toBeVisible();
  // Without a column of hours the note follows the volunteers.
  await expect(page.getByLabel("Muistiinpano 50", { exact: true })).toHaveValue("kerta 49");
  await expect(page.getByLabel("Tunteja 50", { exact: true })).toHaveValue("");

  await page.getByLabel("Osallistujia 1", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Osallistujia 2", { exact: true })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByLabel("Päivä 2", { exact: true })).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByLabel("Vapaaehtoisia 2", { exact: true })).toBeFocused();
  // Within a text the arrows are the text's own.
  await page.keyboard.press("End");
  await page.keyboard.type("1");
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByLabel("Vapaaehtoisia 2", { exact: true })).toBeFocused();
  await page.getByLabel("Vapaaehtoisia 2", { exact: true }).fill("2");
  // Below the last line there is another one.
  await page.getByLabel("Päivä 50", { exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Päivä 51", { exact: true })).toBeFocused();

  await page.getByRole("button", { name: "Tallenna (50)" }).click();
  await expect(page.locator(".undo")).toContainText("kertoja: 50");
});

test("of what is pasted nothing is lost, whatever is wrong with it", async ({ server, page }) => {
  await table(page, server);
  await page.getByLabel("Osallistujia 2", { exact: true }).fill("77");
  await paste(page.getByLabel("Päivä 1", { exact: true }), "7.9.2026\t12\t2\t3\t\tylimääräinen\r\n31.9.2026\t13\t1\t2\r\n14.9.2026\tpaljon\t1\t2");
  await expect(page.getByRole("status").filter({ hasText: "Liitettyjä rivejä: 3. Korjattavia: 2." })).toBeVisible();
  const left = page.getByRole("region", { name: "Näille ei ollut paikkaa taulukossa" });
  await expect(left.getByRole("listitem")).toHaveText(["Rivi 1, sarakkeita oli liikaa: ylimääräinen", "Rivi 2, tässä oli ennen liittämistä: 77"]);
  await expect(page.getByLabel("Päivä 2", { exact: true })).toHaveAccessibleDescription(/kirjoita päivä/);
  await expect(page.getByLabel("Osallistujia 3", { exact: true })).toHaveValue("paljon");
  // All of it is there again.
  await onDisk(page, '"paljon"');
  await page.reload();
  await expect(page.getByText("Jatkat keskeneräistä kirjausta.")).toBeVisible();
  await expect(page.getByLabel("Osallistujia 3", { exact: true })).toHaveValue("paljon");
  await expect(left.getByRole("listitem")).toHaveCount(2);
  // It would go with what is saved: first somebody says that it may.
  await page.getByRole("button", { name: "Tallenna (3)" }).click();
  await expect(page.locator("#left")).toBeFocused();
  await page.getByRole("button", { name: "Selvä, poista nämä" }).click();
  await page.getByRole("button", { name: "Tallenna (3)" }).click();
  await expect(page.getByRole("alert")).toContainText("Mitään ei ole vielä tallennettu");
  await page.getByLabel("Päivä 2", { exact: true }).fill("30.9.2026");
  await page.getByLabel("Osallistujia 3", { exact: true }).fill("14");
  await page.getByRole("button", { name: "Tallenna (3)" }).click();
  await expect(page.locator(".undo")).toContainText("kertoja: 3");
});

test("the paper of a group leads its secretary to the table and to the import, which remembers columns", async ({ server, page }) => {
  await secretary(page, server, "/app/ryhmat");
  await page.locator('a[href^="/app/paperi/"]').first().click();
  await expect(page.getByRole("link", { name: "Kirjaa taulukkona" })).toHaveAttribute("href", /\/app\/yhdistys\/taulukko\/.+/);
  await page.getByRole("link", { name: "Tuo taulukosta" }).click();
  const choose = async (name, heading) => {
    const file = `${heading};Montako\n13.1.2024;14\n`;
    await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(file) });
    await expect(page.locator("#import-found")).toBeVisible();
  };
  await choose("kerhot-2024.csv", "Koska");
  await page.getByRole("combobox", { name: "Koska", exact: true }).selectOption("date");
  await expect(page.getByRole("combobox", { name: "Koska", exact: true })).toHaveValue("date");
  await page.getByRole("combobox", { name: "Montako", exact: true }).selectOption("participants");
  await expect(page.getByRole("button", { name: "Tuo kerrat (1)" })).toBeVisible();
  const remembered = page.getByText("Sarakkeet ovat niin kuin viime kerralla valittiin tällä laitteella.");
  await expect(remembered).toHaveCount(0);
  // Another day, another file with the same columns.
  await page.reload();
  await choose("kerhot-2025.csv", "KOSKA");
  await expect(remembered).toBeVisible();
  await expect(page.getByRole("combobox", { name: "KOSKA", exact: true })).toHaveValue("date");
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain("Montako");
  await page.getByRole("button", { name: "Lue sarakkeet otsikoista" }).click();
  await expect(page.getByRole("combobox", { name: "KOSKA", exact: true })).toHaveValue("");
  await expect(remembered).toHaveCount(0);
});
