// Whoever is in two associations chooses on Home; what is recorded is of the one in view, and it is in view again the next time.
import { expect, leave, readyWithoutNetwork, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

const OTHER = "0190a000-0000-7000-8000-00000000000b";

test("the association in view is chosen on Home, stays, and is that of what is recorded", async ({ server, page }) => {
  let known;
  const own = new Promise((resolve) => (known = resolve));
  await page.route("**/api/v1/me", async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    if (!me.associations) return route.fulfill({ response: answer });
    known(me.associations[0].id);
    const other = { ...me.associations[0], id: OTHER, name: "Pilvijoen Kanteleet ry" };
    await route.fulfill({ response: answer, json: { ...me, associations: [...me.associations, other] } });
  });
  // Nothing has been recorded there yet.
  await page.route("**/api/v1/sync/pull", async (route) => {
    const asked = route.request().postDataJSON();
    if (asked.association !== OTHER) return route.fallback();
    const first = await (await route.fetch({ postData: { ...asked, association: await own } })).json();
    await route.fulfill({ json: { ...first, records: [], more: false } });
  });
  await page.goto(`${server.url}/`);
  await page.locator('button[value="vapaaehtoinen"]').click();
  await readyWithoutNetwork(page);
  const choice = page.getByRole("combobox", { name: "Yhdistys" });
  await page.locator("a.card", { hasText: "Maanantaikerho" }).first().waitFor();
  await choice.selectOption({ label: "Pilvijoen Kanteleet ry" });
  await expect(page.locator("a.card", { hasText: "Maanantaikerho" })).toHaveCount(0);
  await page.reload();
  await expect(choice.locator("option:checked")).toHaveText("Pilvijoen Kanteleet ry");

  await page.getByRole("link", { name: /Muu kerta/ }).click();
  // A form is of the association that it was opened in.
  await expect(choice).toHaveCount(0);
  await expect(page.getByRole("banner")).toContainText("Pilvijoen Kanteleet ry");
  await page.getByRole("button", { name: "Retki" }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("12");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();

  const back = async () => {
    await page.getByRole("link", { name: "Etusivu" }).click();
    await choice.waitFor();
    await choice.selectOption({ index: (await choice.locator("option").allInnerTexts()).findIndex((name) => !name.includes("Kanteleet")) });
    await page.locator("a.card", { hasText: "Maanantaikerho" }).first().waitFor();
  };
  // Taken back from the other one's Home, it is half-written where it was recorded.
  await back();
  await page.getByRole("button", { name: "Kumoa" }).click();
  await expect(page.getByRole("textbox", { name: "Montako osallistujaa?" })).toHaveValue("12");
  await expect(page.getByRole("banner")).toContainText("Pilvijoen Kanteleet ry");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
  const pushed = page.waitForRequest((request) => request.url().endsWith("/sync/push"));
  await leave(page);
  expect((await pushed).postDataJSON()).toMatchObject({ association: OTHER, changes: [{ content: { participants: 12 } }] });

  await back();
});
