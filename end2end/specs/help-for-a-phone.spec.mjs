// What helps when a phone cannot send: its file, taken up by the secretary; the list of the recorders' phones; and what a user of
// a new or cleared phone is told of the one before it.
import { readFileSync } from "node:fs";
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const phone = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };

/** What the secretary sees of the phones, folded out. */
async function openDevices(page, server) {
  await page.goto(`${server.url}/app/yhdistys/ihmiset`);
  await page.locator("summary h2", { hasText: "Laitteet" }).click();
}

async function record(page, participants) {
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: `Osallistujia ${participants}` })).toHaveCount(1);
}

test("a file from a phone that cannot send is taken up by the secretary, and nothing is there twice", async ({ server, browser }) => {
  const helpers = await (await browser.newContext(phone)).newPage();
  await signIn(helpers, server, "vapaaehtoinen");
  await readyWithoutNetwork(helpers);
  const offline = (is) => helpers.context().setOffline(is);
  await offline(true);
  await record(helpers, 58);
  await helpers.getByRole("link", { name: /Lähtevät/ }).first().click();
  const saved = helpers.waitForEvent("download");
  await helpers.getByRole("button", { name: "Tallenna tiedostoksi" }).click();
  const file = await (await saved).path();
  await expect(helpers.getByText("Kirjauksia tiedostossa: 1")).toBeVisible();
  // It stays here, too.
  await expect(helpers.locator(".list li")).toHaveCount(1);

  const secretarys = await (await browser.newContext(phone)).newPage();
  await signIn(secretarys, server, "sihteeri");
  await openDevices(secretarys, server);
  const input = secretarys.getByLabel("Valitse tiedosto");
  const upload = (text, name = "x.json") => input.setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  await upload("tämä ei ole tiedosto");
  await expect(secretarys.getByText("Tämä ei ole vihkon tiedosto")).toBeVisible();
  await upload(readFileSync(file));
  await expect(secretarys.getByText("Tiedostossa on tälle yhdistykselle: 1")).toBeVisible();
  await expect(secretarys.getByText("Osallistujia 58")).toBeVisible();
  await secretarys.getByRole("button", { name: "Lisää", exact: true }).click();
  await expect(secretarys.getByText("Lisätty: 1.")).toBeVisible();
  await secretarys.goto(`${server.url}/app/yhdistys`);
  const day = secretarys.locator(".month-grid li").filter({ hasText: /^\S+ \S+ Osallistujia 58 / });
  await expect(day).toContainText("Odottaa hyväksyntää");

  // The phone finds its network: its change is known, and the phone has nothing to answer for.
  await offline(false);
  await expect(helpers.locator("main").getByText("Kaikki on perillä.")).toBeVisible({ timeout: 20_000 });
  await secretarys.reload();
  await expect(day).toHaveCount(1);
  await openDevices(secretarys, server);
  await secretarys.locator("details details summary").filter({ hasText: "Muut puhelimet" }).waitFor();
  await secretarys.goto(`${server.url}/app/yhdistys`);
  await expect(day).toHaveCount(1);
  await expect(secretarys.getByText(/on kadonnut/)).toHaveCount(0);
});

test("the secretary sees which phone still holds something, and which one has lost it", async ({ server, browser }) => {
  const context = await browser.newContext(phone);
  const helpers = await context.newPage();
  await signIn(helpers, server, "vapaaehtoinen");
  await readyWithoutNetwork(helpers);
  // A change that was taken back is not one that was lost.
  await record(helpers, 57);
  await helpers.getByRole("button", { name: "Kumoa" }).click();
  await expect(helpers.locator(".list li").filter({ hasText: "Osallistujia 57" })).toHaveCount(0);
  await helpers.goto(`${server.url}/app`);
  await record(helpers, 58);
  // While "Kumoa" is offered it waits, and a contact tells so.
  const told = helpers.waitForResponse((response) => response.request().postData()?.includes('"waiting":1'));
  await helpers.evaluate(() => dispatchEvent(new Event("online")));
  await told;
  // It stays at that.
  await context.setOffline(true);

  const secretarys = await (await browser.newContext(phone)).newPage();
  await signIn(secretarys, server, "sihteeri");
  const open = () => secretarys.goto(`${server.url}/app/yhdistys`);
  await expect(async () => {
    await openDevices(secretarys, server);
    await expect(secretarys.getByText(/Lähettämättä: 1, viimeksi yhteydessä/)).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await expect(secretarys.getByText(/on kadonnut/)).toHaveCount(0);

  // Everything of the site is cleared but its cookies.
  const devtools = await context.newCDPSession(helpers);
  await helpers.goto("about:blank");
  await devtools.send("Storage.clearDataForOrigin", {
    origin: server.url,
    storageTypes: "indexeddb,local_storage,cache_storage,service_workers",
  });
  await context.setOffline(false);
  await helpers.goto(`${server.url}/app`);
  await expect(helpers.getByRole("alert")).toContainText("Silloin odotti lähettämättömiä kirjauksia: 1");
  await expect(async () => {
    await open();
    await expect(secretarys.getByText(/Puhelimesta on kadonnut kirjauksia.*: 1/)).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await secretarys.locator(".notice.ask").getByRole("button", { name: "Selvä" }).click();
  await expect(secretarys.getByText(/on kadonnut/)).toHaveCount(0);
  await openDevices(secretarys, server);
  await secretarys.locator("details details summary").filter({ hasText: "Muut puhelimet" }).waitFor();
  await open();
  await secretarys.locator("main h1").waitFor();
  await expect(secretarys.getByText(/on kadonnut/)).toHaveCount(0);
});

test("a phone that was cleared with its cookies hears of the phone before it", async ({ server, browser }) => {
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await expect(page.getByText("Tämä puhelin on vihkolle uusi")).toHaveCount(0);
  await page.close();
  const after = await (await browser.newContext(phone)).newPage();
  await signIn(after, server, "vapaaehtoinen");
  await expect(after.getByText(/Tämä puhelin on vihkolle uusi. Toinen puhelimesi oli viimeksi .* yhteydessä. Silloin kaikki oli perillä/)).toBeVisible();
  await after.getByRole("button", { name: "Selvä" }).click();
  await after.reload();
  await after.getByText("Ryhmäni").or(after.locator("#groups")).first().waitFor();
  await expect(after.getByText("Tämä puhelin on vihkolle uusi")).toHaveCount(0);
});
