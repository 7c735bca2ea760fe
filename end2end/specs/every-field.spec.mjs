// Every field that can be filled in is saved, sent, and there again when the form is opened; of gatherings and of groups.
import { expect, leave, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

const hours = (value) => String(value).replace(".", ",");
const COUNT = { name: "Montako osallistujaa?" };

/** The contents of the records of a kind that go to the server now, what can still be taken back with them. */
async function sent(page, kind) {
  const pushed = page.waitForRequest((request) => request.url().endsWith("/sync/push"));
  await leave(page);
  return (await pushed).postDataJSON().changes.filter((change) => change.kind === kind).map(({ content }) => content);
}

async function save(page, heading) {
  await page.getByRole("button", { name: "Tallenna", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

test("every field of a gathering is sent and found again, and who came by age and by gender sums", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  const number = (name) => page.getByRole("textbox", { name, exact: true });
  await number("Montako osallistujaa?").fill("30");
  // Hours follow the number of volunteers, and how many each of them gives.
  const volunteers = Number(await number("Vapaaehtoisia").inputValue());
  await number("Tunteja yhteensä").fill(hours(1.5 * volunteers));
  await page.getByRole("button", { name: "Enemmän: Vapaaehtoisia" }).click();
  await expect(number("Tunteja yhteensä")).toHaveValue(hours(1.5 * (volunteers + 1)));
  await number("Tunteja yhteensä").fill(hours(2.25 * (volunteers + 1)));
  await page.getByRole("button", { name: "Enemmän: Vapaaehtoisia" }).click();
  await expect(number("Tunteja yhteensä")).toHaveValue(hours(2.25 * (volunteers + 2)));
  await page.getByRole("button", { name: "Eilen" }).click();
  await page.getByText("Lisää tietoa").click();
  await page.getByText("Iät ja sukupuolet").click();
  await page.getByRole("button", { name: "Molemmilla tavoilla" }).click();
  const numbers = {
    "Heistä ensimmäistä kertaa": "3",
    "Heistä kunnan asukkaita": "28",
    "Heistä etänä": "4",
    "Palkattuja työntekijöitä": "1",
    "Heidän tuntejaan yhteensä": "2,5",
    "Päiviä (retki tai leiri)": "2",
    Öitä: "1",
    "64–74 v": "20",
    "75+ v": "10",
    Naisia: "25",
  };
  for (const [name, value] of Object.entries(numbers)) await number(name).fill(value);
  const choices = { Yhteistyökumppani: "Seurakunta" };
  for (const [name, label] of Object.entries(choices)) await page.getByRole("combobox", { name }).selectOption({ label });
  await page.getByRole("button", { name: "Otos" }).click();
  await page.getByRole("textbox", { name: "Paikka" }).fill("Leirikeskus");
  await page.getByRole("textbox", { name: /^Muistiinpano/ }).fill("Satoi");
  await page.getByRole("button", { name: "Tallenna", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("yhteensä 25, pitäisi olla 30");
  await page.getByRole("button", { name: "Loput 5: ei tiedossa" }).click();
  await save(page, "Kerrat");
  await expect(page.locator(".list > li:visible").filter({ hasText: "Osallistujia 30" })).toContainText("su 15.11.");

  const [content] = await sent(page, "gathering");
  expect(content).toMatchObject({
    date: "2026-11-15",
    participants: 30,
    first_timers: 3,
    residents: 28,
    volunteers: volunteers + 2,
    volunteer_quarter_hours: 9 * (volunteers + 2),
    mode: "both",
    digital_participants: 4,
    staff: 1,
    staff_quarter_hours: 10,
    days: 2,
    nights: 1,
    ages: { "64_74": 20, 75: 10 },
    genders: { women: 25, unknown: 5 },
    partner: "parish",
    place: "Leirikeskus",
    note: "Satoi",
    basis: "sample",
  });

  await page.locator(".list > li:visible").filter({ hasText: "Osallistujia 30" }).getByRole("link", { name: "Korjaa" }).click();
  await page.getByText("Lisää tietoa").click();
  if (!(await number("64–74 v").isVisible())) await page.getByText("Iät ja sukupuolet").click();
  for (const [name, value] of Object.entries(numbers)) await expect(number(name)).toHaveValue(value);
  for (const [name, label] of Object.entries(choices)) {
    await expect(page.getByRole("combobox", { name }).locator("option:checked")).toHaveText(label);
  }
  await expect(page.getByRole("button", { name: "Otos" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "Molemmilla tavoilla" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("textbox", { name: "Paikka" })).toHaveValue("Leirikeskus");
  await expect(page.getByRole("textbox", { name: /^Muistiinpano/ })).toHaveValue("Satoi");

  // Moved to another group it is what that group's gatherings are.
  await page.getByRole("combobox", { name: "Ryhmä" }).selectOption({ label: "Kävelykaverit" });
  await save(page, "Kerrat");
  await expect(page.locator(".list > li:visible").filter({ hasText: "Osallistujia 30" })).toContainText("Kävelykaverit");
  const [moved] = await sent(page, "gathering");
  expect(moved.series).not.toBe(content.series);
  expect(moved.form).not.toBe(content.form);
  expect(moved.participants).toBe(30);
});

test("every field of a group is sent and found again, and its gatherings have them", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).click();
  await page.getByRole("link", { name: "Uusi ryhmä" }).click();
  const yesOrNo = (name) => page.getByRole("group", { name, exact: true });
  await page.getByLabel("Ryhmän nimi").fill("Toivonkipinä");
  await page.getByLabel("Millainen ryhmä").selectOption({ label: "Vertaistukiryhmä" });
  await page.getByRole("button", { name: "keskiviikko" }).click();
  await page.getByLabel("Alkaa kello").fill("17:30");
  await page.getByLabel("Kesto tunteina").fill("1,5");
  await page.getByRole("textbox", { name: "Paikka" }).fill("Kylätalo");
  await page.getByText("Lisää tietoa").click();
  await page.getByRole("checkbox", { name: "Omaishoitajat ja läheiset" }).check();
  await page.getByRole("checkbox", { name: "Ravitsemus ja uni" }).check();
  await yesOrNo("Maksuton osallistujille?").getByRole("button", { name: "Kyllä" }).click();
  await yesOrNo("Avoin kaikille?").getByRole("button", { name: "Ei", exact: true }).click();
  await yesOrNo("Kunnan maksuttomissa tiloissa?").getByRole("button", { name: "Kyllä" }).click();
  await page.getByRole("combobox", { name: "Ryhmän kieli" }).selectOption({ label: "ruotsi" });
  await page.getByRole("button", { name: "Lisää rahoittaja" }).click();
  await page.getByLabel("Rahoittaja", { exact: true }).fill("STEA");
  await page.getByRole("checkbox", { name: /kertoo terveydestä/ }).check();
  await save(page, "Ryhmät");
  const given = {
    form: "vertaistuki",
    sensitive: true,
    target_groups: ["omaiset"],
    themes: ["ravitsemus"],
    free: true,
    open: false,
    municipal_premises: true,
    language: "sv",
    funders: [expect.objectContaining({ funder: "STEA" })],
  };
  const [series] = await sent(page, "series");
  expect(series).toMatchObject({ name: "Toivonkipinä", weekday: 2, start: "17:30", ...given });

  await page.getByRole("link", { name: "Korjaa Toivonkipinä" }).click();
  await expect(page.getByRole("button", { name: "keskiviikko" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("textbox", { name: "Paikka" })).toHaveValue("Kylätalo");
  await page.getByText("Lisää tietoa").click();
  for (const name of ["Omaishoitajat ja läheiset", "Ravitsemus ja uni", /kertoo terveydestä/]) {
    await expect(page.getByRole("checkbox", { name })).toBeChecked();
  }
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(3);
  await expect(yesOrNo("Avoin kaikille?").getByRole("button", { name: "Ei", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("combobox", { name: "Ryhmän kieli" }).locator("option:checked")).toHaveText("ruotsi");
  await expect(page.getByLabel("Rahoittaja", { exact: true })).toHaveValue("STEA");
  // One thing changed, and nothing else.
  await page.getByRole("button", { name: "maanantai" }).click();
  await save(page, "Ryhmät");
  const [changed] = await sent(page, "series");
  expect(changed).toEqual({ ...series, weekday: 0 });

  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("link", { name: /Toivonkipinä/ }).click();
  await page.getByRole("textbox", COUNT).fill("9");
  await save(page, "Kerrat");
  const [gathering] = await sent(page, "gathering");
  expect(gathering).toMatchObject({ participants: 9, volunteer_quarter_hours: 6, place: "Kylätalo", ...given });

  // Ended, it is asked for no more.
  await page.goto(`${server.url}/app/ryhmat`);
  await page.getByRole("link", { name: "Korjaa Toivonkipinä" }).click();
  await page.getByRole("button", { name: "Lopeta ryhmä" }).click();
  await page.getByText("Lopetetut (1)").waitFor();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.locator("a.card").first().waitFor();
  await expect(page.locator("a.card", { hasText: "Toivonkipinä" })).toHaveCount(0);
});
