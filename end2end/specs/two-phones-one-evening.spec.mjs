// S14: two phones record the same evening. Both records are kept, the form says so before saving, and the association settles it.
import { expect, signIn, test } from "../fixtures/server.mjs";

const phone = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };

async function record(page, participants) {
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: `Osallistujia ${participants}` })).toContainText(/Perillä/, { timeout: 20_000 });
}

test("S14: the same evening from two phones is asked about and settled", async ({ server, browser }) => {
  const first = await (await browser.newContext(phone)).newPage();
  await signIn(first, server, "vapaaehtoinen");
  await record(first, 61);

  const secretarys = await (await browser.newContext(phone)).newPage();
  await signIn(secretarys, server, "sihteeri");
  await secretarys.goto(`${server.url}/app`);
  await secretarys.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await expect(secretarys.getByText(/Tästä ryhmästä on jo kirjattu .* \(osallistujia 61\)/)).toBeVisible();
  await secretarys.goto(`${server.url}/app`);
  await record(secretarys, 62);

  await secretarys.goto(`${server.url}/app/yhdistys`);
  const pair = secretarys.locator("section.month-pair");
  await expect(pair).toContainText("Osallistujia 61");
  await expect(pair).toContainText("Osallistujia 62");
  // Neither is approved with the others.
  const group = secretarys.locator("section.card").filter({ has: secretarys.getByRole("heading", { name: "Maanantaikerho" }) });
  const lines = group.locator("li").filter({ hasText: / Osallistujia 6[12] · / });
  await expect(lines).toHaveCount(2);
  const others = (await group.locator(".badge.recorded").count()) - 2;
  if (others > 0) await expect(group.getByRole("button", { name: /^Hyväksy kerrat \(\d/ })).toContainText(String(others));
  else await expect(group.getByRole("button", { name: /^Hyväksy kerrat \(\d/ })).toHaveCount(0);

  await pair.locator(".columns > div").filter({ hasText: "Osallistujia 61" }).getByRole("button", { name: "Sama kerta: pidä tämä" }).click();
  await expect(pair).toHaveCount(0);
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("61");
  // It reaches the server: the first phone sees one.
  await expect(async () => {
    await secretarys.reload();
    await first.goto(`${server.url}/app/kerrat`);
    await expect(first.locator(".list li").filter({ hasText: /Osallistujia 6[12]/ })).toHaveCount(1, { timeout: 10_000 });
  }).toPass({ timeout: 40_000 });
});

test("S11: two answers about one group's people are asked about and settled, with how they were counted", async ({ server, browser }) => {
  const people = { volunteer: ["vapaaehtoinen", "/app/vuoteni", "30"], secretary: ["sihteeri", "/app/vuosi", "40"] };
  const pages = {};
  for (const [name, [who, path]] of Object.entries(people)) {
    pages[name] = await (await browser.newContext(phone)).newPage();
    await signIn(pages[name], server, who);
    await pages[name].goto(`${server.url}${path}`);
    await pages[name].getByLabel("Eri ihmisiä: Maanantaikerho").waitFor();
  }
  // Both without a network, and neither knows of the other.
  for (const [name, [, , count]] of Object.entries(people)) {
    const page = pages[name];
    await page.context().setOffline(true);
    const question = page.locator("li").filter({ has: page.getByLabel("Eri ihmisiä: Maanantaikerho") });
    await page.getByLabel("Eri ihmisiä: Maanantaikerho").fill(count);
    if (name === "secretary") await question.getByRole("button", { name: "Laskettu" }).click();
    await question.getByRole("button", { name: /^Tallenna/ }).click();
    await expect(page.locator(".undo")).toContainText(`eri ihmisiä ${count}`);
  }
  await pages.secretary.context().setOffline(false);
  await pages.secretary.goto(`${server.url}/app/lahtevat`);
  await expect(pages.secretary.locator("main").getByText("Kaikki on perillä.")).toBeVisible({ timeout: 20_000 });
  await pages.volunteer.context().setOffline(false);
  await pages.volunteer.goto(`${server.url}/app/lahtevat`);
  await expect(pages.volunteer.locator("main").getByText("Kaikki on perillä.")).toBeVisible({ timeout: 20_000 });

  const clash = pages.secretary.locator("section.notice").filter({ hasText: "Kaksi eri tietoa" });
  await expect(async () => {
    await pages.secretary.goto(`${server.url}/app/yhdistys`);
    await expect(clash).toContainText(/Eri ihmisiä \d{4}: Maanantaikerho/, { timeout: 10_000 });
  }).toPass({ timeout: 40_000 });
  // The number and how it was counted go together.
  const versions = clash.locator(".columns > div");
  await expect(versions.first().locator("li")).toHaveText(["Eri ihmisiä: 40", "Miten laskettiin: Laskettu"]);
  await expect(versions.last().locator("li")).toHaveText(["Eri ihmisiä: 30", "Miten laskettiin: Arvio"]);
  await clash.getByRole("button", { name: "Ota tämä" }).click();
  await expect(clash).toHaveCount(0);
  await pages.secretary.getByRole("link", { name: "Vuosi" }).click();
  await expect(pages.secretary.getByText("Eri ihmisiä: 30 (Arvio)")).toBeVisible();
});
