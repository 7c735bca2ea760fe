// An association comes in: at an evening by the coordinator's QR code, or by asking on the front page. Without JavaScript too.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, signIn, test } from "../fixtures/server.mjs";

const folder = join(import.meta.dirname, "../../target/screenshots");
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, locale: "fi-FI" };
const small = { viewport: { width: 320, height: 640 }, locale: "fi-FI", colorScheme: "dark" };
const desktop = { viewport: { width: 1280, height: 844 }, locale: "fi-FI" };

const picture = async (page, name) => {
  mkdirSync(folder, { recursive: true });
  const { width } = page.viewportSize();
  await page.screenshot({ path: join(folder, `association-${name}-${width}.png`), fullPage: true });
};

/** No violation of axe, and nothing that scrolls sideways. */
const isAccessible = async (page) => {
  const rules = { "color-contrast-enhanced": { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
};

const press = (page, name) => page.getByRole("button", { name }).click();

/** Fills in the four steps, after a mistake in the first two, and stops at the summary. */
async function fillIn(page, name, pause = async () => {}) {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Yhdistys ja kotikunta");
  await press(page, "Jatka");
  await expect(page.getByRole("alert")).toContainText("Yhdistyksen nimi: täytä tämä");
  await page.getByLabel("Yhdistyksen nimi").fill(name);
  await page.getByLabel("Kotikunta").selectOption({ label: "Siuntio" });
  await press(page, "Jatka");
  await page.getByLabel("Y-tunnus", { exact: true }).fill("1234567-2");
  await press(page, "Jatka");
  await expect(page.getByRole("alert")).toContainText("numerot eivät täsmää");
  await expect(page.getByLabel("Y-tunnus", { exact: true })).toHaveValue("1234567-2");
  await pause("to-be-mended");
  await page.getByLabel("Yhdistyksellä ei ole Y-tunnusta").check();
  await press(page, "Jatka");
  await page.getByLabel("Yhteystieto").fill("Sihteeri, toimisto 09 123 456");
  await page.getByLabel("Millä nimellä yhdistys tuntee sinut?").fill("Maija");
  await press(page, "Jatka");
  await pause("groups");
  await page.getByLabel("Kävelyryhmä").check();
  await page.getByLabel("Perhekahvila").check();
  await press(page, "Jatka");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tarkista tiedot");
  await expect(page.locator("main")).toContainText("Kävelyryhmä, Perhekahvila");
  await pause("summary");
}

test("at an association evening a secretary brings in their association on their phone", async ({ server, browser }) => {
  const coordinators = await (await browser.newContext(desktop)).newPage();
  await signIn(coordinators, server, "koordinaattori");
  await coordinators.getByRole("link", { name: "Yhdistykset ja kutsut" }).click();
  await isAccessible(coordinators);
  await picture(coordinators, "associations");
  await press(coordinators, "Tee illan kutsu");
  await expect(coordinators.locator(".invite-qr")).toBeVisible();
  await isAccessible(coordinators);
  await picture(coordinators, "evening");
  const link = await coordinators.getByLabel("Linkki").inputValue();

  const maijas = await (await browser.newContext(phone)).newPage();
  await maijas.goto(link);
  await maijas.getByRole("button", { name: "Liity", exact: true }).click();
  await maijas.waitForURL(`${server.url}/yhdistys/mukaan`);
  await fillIn(maijas, "Kylän Uusi Väki ry", async (name) => {
    await isAccessible(maijas);
    await picture(maijas, name);
  });
  // She leaves, and comes back where she was.
  await maijas.goto("about:blank");
  await maijas.goto(`${server.url}/yhdistys/mukaan`);
  await expect(maijas.getByRole("heading", { level: 1 })).toHaveText("Tarkista tiedot");
  await maijas.getByLabel("Vain minä").check();
  await press(maijas, "Ota yhdistys mukaan");
  await expect(maijas.getByRole("heading", { level: 1 })).toHaveText("Valmis");
  await isAccessible(maijas);
  await picture(maijas, "done");
  await maijas.getByRole("link", { name: "Avaa vihko" }).click();
  await maijas.waitForURL(`${server.url}/app/yhdistys`);
  await expect(maijas.locator("main h1")).toBeVisible();

  await coordinators.goto(`${server.url}/kunta/yhdistykset`);
  await expect(coordinators.getByRole("row", { name: /Kylän Uusi Väki ry/ })).toBeVisible();
  await expect(coordinators.locator("main")).not.toContainText("Maija");
});

test("an association asks, without JavaScript on the smallest phone, and the coordinator says yes", async ({ server, browser }) => {
  const maijas = await (await browser.newContext({ ...small, javaScriptEnabled: false })).newPage();
  await maijas.goto(server.url);
  await maijas.getByRole("link", { name: "Yhdistys mukaan" }).click();
  await fillIn(maijas, "Pyytävä ry", (name) => picture(maijas, `asking-${name}`));
  await press(maijas, "Lähetä pyyntö");
  await expect(maijas.getByRole("heading", { level: 1 })).toHaveText("Pyyntö odottaa vastausta");
  await picture(maijas, "waiting");

  const coordinators = await (await browser.newContext({ ...desktop, javaScriptEnabled: false })).newPage();
  await signIn(coordinators, server, "koordinaattori");
  await coordinators.getByRole("link", { name: "Yhdistykset ja kutsut" }).click();
  await picture(coordinators, "request");
  await coordinators.getByRole("link", { name: "Ota mukaan: Pyytävä ry" }).click();
  await expect(coordinators.getByRole("heading", { level: 1 })).toHaveText("Otetaanko yhdistys mukaan?");
  await press(coordinators, "Kyllä, ota mukaan");
  await expect(coordinators.getByRole("row", { name: /Pyytävä ry/ })).toBeVisible();

  await maijas.reload();
  await expect(maijas.getByRole("heading", { level: 1 })).toHaveText("Yhdistys on hyväksytty");
  await maijas.getByLabel("Muutkin").check();
  await press(maijas, "Jatka");
  await expect(maijas.getByRole("heading", { level: 1 })).toHaveText("Valmis");
});

test("the demo's tour leads from a gathering to the municipality's count", async ({ server, browser }) => {
  const page = await (await browser.newContext(phone)).newPage();
  await page.goto(server.url);
  const tour = page.getByRole("region", { name: "Kierros kolmessa vaiheessa" });
  const count = async () => Number((await tour.textContent()).match(/Kertoja tässä kuussa: (\d+)/)[1]);
  const before = await count();
  await tour.getByRole("button", { name: "Kirjaa kerta vapaaehtoisena" }).click();
  await page.locator("a.card.primary").first().click();
  await page.locator(".counter-row").first().locator(".counter-step").last().click();
  await page.locator(".save-bar button").click();
  await expect(page.locator(".list > li:visible").first()).toContainText(/Perillä/, { timeout: 30_000 });
  await expect(page.getByRole("link", { name: "Lähtevät", exact: true })).toBeVisible();
  await page.goto(server.url);
  await expect(tour.getByText("Tehty")).toHaveCount(1);
  expect(await count()).toBe(before + 1);
  await picture(page, "tour");
  await tour.getByRole("button", { name: "Katso kunnan luvut koordinaattorina" }).click();
  await page.waitForURL(`${server.url}/kunta`);
});
