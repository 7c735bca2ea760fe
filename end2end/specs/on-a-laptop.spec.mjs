// A wide screen and a mouse: the frame stays in its place, and nobody speaks of a phone's home screen.
import { expect, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 1280, height: 844 } });

test("the cover and the left edge stay where they are from screen to screen", async ({ server, page }) => {
  await signIn(page, server, "sihteeri");
  const seen = {};
  for (const path of ["", "/kerrat", "/asetukset", "/yhdistys", "/vuosi"]) {
    await page.goto(`${server.url}/app${path}`);
    await page.locator(".app:not(#skeleton) .frame-nav a").first().waitFor();
    await expect(page.locator(".bone, .soon")).toHaveCount(0);
    const left = async (what) => Math.round((await page.locator(what).first().boundingBox()).x);
    const cover = await page.locator("header").boundingBox();
    // Home's heading is not seen: what stands first on it counts too.
    seen[path] = [cover, await left(".frame-brand"), await left(".frame-nav a"), await left("main h1"), await left("main > :not(h1):visible")];
  }
  for (const [path, places] of Object.entries(seen)) expect.soft(places, path).toEqual(seen[""]);
});

test("a laptop is told how the notebook is installed on a computer", async ({ server, page }) => {
  await page.addInitScript(() => {
    addEventListener("load", () => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = () => (window.prompted = true);
      dispatchEvent(event);
    });
  });
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app/asetukset`);
  await expect(page.getByRole("heading", { name: "Asenna tietokoneelle" })).toBeVisible();
  await expect(page.locator("main")).not.toContainText(/kotinäy|puhelimen/i);
  await page.getByRole("button", { name: "Asenna", exact: true }).click();
  expect(await page.evaluate(() => window.prompted)).toBe(true);
  await expect(page.getByText("Selaimen valikosta voit asentaa vihkon tietokoneelle.")).toBeVisible();
});
