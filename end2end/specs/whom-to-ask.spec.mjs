// Whom to ask: said by the reviewer once, at the foot of every screen of every phone.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const foot = (page) => page.locator("footer", { hasText: "Kysyttävää?" });

test("the reviewer says whom to ask, and every screen of a volunteer's phone has it at its foot", async ({ server, page, browser }) => {
  await signIn(page, server, "sihteeri");
  await page.getByRole("link", { name: "Asetukset" }).click();
  const field = page.getByLabel("Keneltä vapaaehtoiset kysyvät");
  await expect(field).not.toHaveValue("");
  await field.fill("Toimisto 044 000 0000, ma 10–14");
  await page.getByRole("button", { name: "Tallenna Keneltä vapaaehtoiset kysyvät" }).click();
  await expect(foot(page).getByRole("link")).toHaveAttribute("href", "tel:0440000000");

  const context = await browser.newContext({ locale: "fi-FI" });
  const phone = await context.newPage();
  await expect(async () => {
    await signIn(phone, server, "vapaaehtoinen");
    await expect(foot(phone)).toContainText("Toimisto 044 000 0000, ma 10–14", { timeout: 3_000 });
  }).toPass();
  await expect(phone.getByLabel("Keneltä vapaaehtoiset kysyvät")).toHaveCount(0);
  await readyWithoutNetwork(phone);
  await context.setOffline(true);
  for (const path of ["kirjaa/muu", "kerrat", "lahtevat", "ryhmat", "vuoteni", "asetukset"]) {
    await phone.goto(`${server.url}/app/${path}`);
    await expect(foot(phone).getByRole("link")).toHaveAttribute("href", "tel:0440000000");
  }
  await context.close();

  // Nobody is said where there is nobody.
  await field.fill(" ");
  await page.getByRole("button", { name: "Tallenna Keneltä vapaaehtoiset kysyvät" }).click();
  await expect(foot(page)).toHaveCount(0);
  await expect(field).toHaveValue("");
});
