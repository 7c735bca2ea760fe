// The app on the phone's home screen: its icon, its storage, its addresses.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

test("the icon says how many wait, and with the first record the browser is asked to keep what is stored", async ({ server, page, context }) => {
  await page.addInitScript(() => {
    navigator.setAppBadge = async (count) => (window.badge = count);
    window.asked = 0;
    navigator.storage.persist = async () => (window.asked += 1) > 0;
  });
  const told = () => page.evaluate(() => [window.badge, window.asked]);
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await context.setOffline(true);
  await expect.poll(told).toEqual([0, 0]);
  for (const waiting of [1, 2]) {
    await page.getByRole("link", { name: /Muu kerta/ }).click();
    await page.getByRole("button", { name: "Retki" }).click();
    await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill(String(70 + waiting));
    await page.getByRole("button", { name: "Tallenna" }).click();
    await page.getByRole("heading", { name: "Kerrat" }).waitFor();
    await expect.poll(told).toEqual([waiting, 1]);
    await page.getByRole("link", { name: "Etusivu" }).click();
  }
  await context.setOffline(false);
  await expect.poll(told, { timeout: 20_000 }).toEqual([0, 1]);
});

test("the manifest has its icons, its shortcut and its pictures, each of the size that it says", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  const address = await page.locator("link[rel=manifest]").getAttribute("href");
  const manifest = await (await page.request.get(server.url + address)).json();
  expect(manifest).toMatchObject({ display: "standalone", start_url: "/app", id: "/app" });
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain("maskable");
  expect(manifest.screenshots.map(({ form_factor }) => form_factor).sort()).toEqual(["narrow", "wide"]);
  expect(manifest.shortcuts).toMatchObject([{ name: "Kirjaa kerta", url: "/app/kirjaa/nyt" }]);
  const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap(({ icons }) => icons)];
  for (const { src, sizes } of pictures.filter(({ sizes }) => sizes !== "any")) {
    const size = await page.evaluate(async (address) => {
      const picture = await createImageBitmap(await (await fetch(address)).blob());
      return `${picture.width}x${picture.height}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
});

test("Back, reload and every address work without a network", async ({ server, page }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await server.stop();
  const heading = page.getByRole("heading", { level: 1 });
  const addresses = {
    "/app": "Etusivu",
    "/app/kirjaa/muu": "Muu kerta",
    "/app/kerrat": "Kerrat",
    "/app/lahtevat": "Lähtevät",
    "/app/ryhmat": "Ryhmät",
    "/app/ryhma/uusi": "Uusi ryhmä",
    "/app/vuoteni": /^Oma vuoteni \d{4}$/,
    "/app/asetukset": "Asetukset",
  };
  for (const [address, name] of Object.entries(addresses)) {
    await page.goto(server.url + address);
    await expect(heading).toHaveText(name);
    await page.reload();
    await expect(heading).toHaveText(name);
  }
  // By steps, and back by the phone's own button.
  const steps = [
    ["Etusivu", "Etusivu"],
    ["Kerrat", "Kerrat"],
    ["Lähtevät", "Lähtevät"],
    ["Asetukset", "Asetukset"],
  ];
  for (const [link, name] of steps) {
    await page.locator("nav.frame-nav").getByRole("link", { name: link }).click();
    await expect(heading).toHaveText(name);
    await expect(heading).toBeFocused();
  }
  for (const [, name] of steps.slice(0, -1).reverse()) {
    await page.goBack();
    await expect(heading).toHaveText(name);
  }
  await page.goForward();
  await expect(heading).toHaveText("Kerrat");
  await page.reload();
  await expect(heading).toHaveText("Kerrat");
});
