// A reviewer lets a program read: the token is shown once, opens what it says and nothing else, and is ended in the list.
import { expect, signIn, test } from "../fixtures/server.mjs";

async function open(page, server) {
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app/yhdistys/ihmiset`);
  await page.getByRole("link", { name: "Tietojen haku ohjelmalla" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tietojen haku ohjelmalla" })).toBeVisible();
}

test("a token is made, shown once, used by a program and ended", async ({ server, page, request }) => {
  await open(page, server);
  await page.getByLabel("Mihin sitä käytetään?").fill("Vuositilasto");
  await page.getByRole("button", { name: "Kerrat ja luvut" }).click();
  await expect(page.getByText("Kertojen mukana lähtevät myös muistiinpanot.")).toBeVisible();
  await page.getByRole("button", { name: "30 päivää" }).click();
  await page.getByRole("button", { name: "Tee hakutunnus" }).click();
  await expect(page.getByText("Kopioi hakutunnus nyt. Sitä ei näytetä toista kertaa.")).toBeVisible();
  const token = await page.getByLabel("Hakutunnus", { exact: true }).inputValue();
  expect(token).toMatch(/^hyte_[0-9A-Z]{32}$/);
  const example = await page.getByLabel("Esimerkki ohjelman tekijälle (curl)").inputValue();
  const address = example.match(/"(http[^"]+\/api\/v1\/associations\/[0-9a-f-]+)\//)[1];

  // The program has no cookies.
  const ask = (path, bearer = token, headers = {}) =>
    request.get(`${address}/${path}`, { headers: { Authorization: `Bearer ${bearer}`, ...headers } });
  const gatherings = await ask("gatherings?limit=5");
  expect(gatherings.status()).toBe(200);
  expect((await gatherings.json()).gatherings).toHaveLength(5);
  const again = await ask("gatherings?limit=5", token, { "If-None-Match": gatherings.headers().etag });
  expect(again.status()).toBe(304);
  expect((await ask("gatherings", `hyte_${"0".repeat(32)}`)).status()).toBe(401);

  // Whoever comes back does not see it again, and sees that it was used.
  await page.getByRole("button", { name: "Valmis" }).click();
  await page.reload();
  const line = page.locator(".list li").filter({ hasText: "Vuositilasto" });
  await expect(line).toContainText("Kerrat ja luvut");
  await expect(line).toContainText("Viimeksi käytössä");
  await expect(page.getByText(token)).toHaveCount(0);

  page.once("dialog", (dialog) => dialog.accept());
  await line.getByRole("button", { name: "Lopeta Vuositilasto" }).click();
  await expect(page.getByText("Hakutunnus on lopetettu.")).toBeVisible();
  await expect(line).toHaveCount(0);
  expect((await ask("gatherings")).status()).toBe(401);
});

test("what a token is for has to be said, and names nobody", async ({ server, page }) => {
  await open(page, server);
  const name = page.getByLabel("Mihin sitä käytetään?");
  await page.getByRole("button", { name: "Tee hakutunnus" }).click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toBeFocused();
  await name.fill("Liisan ohjelma, 040 123 4567");
  await page.getByRole("button", { name: "Tee hakutunnus" }).click();
  await expect(page.locator("#token-problem")).toContainText("puhelinnumero");
  await expect(page.getByText("Kopioi hakutunnus nyt.")).toHaveCount(0);
});
