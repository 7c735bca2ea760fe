// S14: two phones record the same evening. Both records are kept, the form says so before saving, and the association settles it.
import { expect, signIn, test } from "../fixtures/server.mjs";

const phone = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };

async function record(page, participants) {
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await expect(page.locator(".list li").filter({ hasText: `${participants} osallistujaa` })).toContainText(/Perillä/, { timeout: 20_000 });
}

test("S14: the same evening from two phones is asked about and settled", async ({ server, browser }) => {
  const first = await (await browser.newContext(phone)).newPage();
  await signIn(first, server, "vapaaehtoinen");
  await record(first, 61);

  const secretarys = await (await browser.newContext(phone)).newPage();
  await signIn(secretarys, server, "sihteeri");
  await secretarys.goto(`${server.url}/app`);
  await secretarys.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await expect(secretarys.getByText(/Tästä ryhmästä on jo kirjattu .*: 61 osallistujaa/)).toBeVisible();
  await secretarys.goto(`${server.url}/app`);
  await record(secretarys, 62);

  await secretarys.goto(`${server.url}/app/yhdistys`);
  const pair = secretarys.locator("section.pair");
  await expect(pair).toContainText("61 osallistujaa");
  await expect(pair).toContainText("62 osallistujaa");
  // Neither is approved with the others.
  const group = secretarys.locator("section.card").filter({ has: secretarys.getByRole("heading", { name: "Maanantaikerho" }) });
  const lines = group.locator("li").filter({ hasText: / 6[12] osallistujaa · / });
  await expect(lines).toHaveCount(2);
  const others = (await group.locator(".badge.recorded").count()) - 2;
  if (others > 0) await expect(group.getByRole("button", { name: /^Hyväksy \d/ })).toContainText(String(others));
  else await expect(group.getByRole("button", { name: /^Hyväksy \d/ })).toHaveCount(0);

  await pair.locator("div").filter({ hasText: "61 osallistujaa" }).getByRole("button", { name: "Sama: jätä tämä" }).last().click();
  await expect(pair).toHaveCount(0);
  await expect(lines).toHaveCount(1);
  await expect(lines).toContainText("61");
  // It reaches the server: the first phone sees one.
  await expect(async () => {
    await secretarys.reload();
    await first.goto(`${server.url}/app/kerrat`);
    await expect(first.locator(".list li").filter({ hasText: /6[12] osallistujaa/ })).toHaveCount(1, { timeout: 2_000 });
  }).toPass({ timeout: 40_000 });
});
