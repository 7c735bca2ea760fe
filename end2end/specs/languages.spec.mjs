// Another language: its words come from a file of their own, also without a network.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const LANGUAGES = { Svenska: "Grupper", English: "Groups", Suomi: "Ryhmät" };

test("the language is changed without a network", async ({ server, page, context }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await context.setOffline(true);
  for (const [language, groups] of Object.entries(LANGUAGES)) {
    await page.getByRole("button", { name: language }).click();
    await expect(page.getByRole("heading", { name: groups, exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: groups, exact: true })).toBeVisible();
  }
  await context.setOffline(false);
});

test.describe("without the service worker", () => {
  test.use({ serviceWorkers: "block" });

  test("a language that cannot be had leaves the app in its own, and is told", async ({ server, page }) => {
    await page.route("**/pkg/en-*", (route) => route.abort());
    await signIn(page, server, "vapaaehtoinen");
    await page.getByRole("heading", { name: "Ryhmät" }).waitFor();
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.locator(".undo")).toContainText("Kieltä ei voitu vaihtaa");
    await expect(page.getByRole("heading", { name: "Ryhmät" })).toBeVisible();
    expect((await page.context().cookies()).filter(({ name }) => name === "kieli")).toEqual([]);
    // At the next start it would be missing too: the app opens in Finnish.
    await page.context().addCookies([{ name: "kieli", value: "en", url: server.url }]);
    await page.goto(`${server.url}/app`);
    await expect(page.getByRole("heading", { name: "Ryhmät" })).toBeVisible();
    await page.unroute("**/pkg/en-*");
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.getByRole("heading", { name: "Groups", exact: true })).toBeVisible();
  });

  test("the words of another build are a start that failed, and no garbled screen", async ({ server, page }) => {
    await signIn(page, server, "vapaaehtoinen");
    await page.getByRole("heading", { name: "Ryhmät" }).waitFor();
    await page.route("**/pkg/fi-*", async (route) => {
      const words = await (await route.fetch()).text();
      await route.fulfill({ body: `0123456789abcdef${words.slice(16)}`, contentType: "text/plain; charset=utf-8" });
    });
    await page.goto(`${server.url}/app`);
    await expect(page.locator("#boot-error")).toBeVisible();
  });

  test("the pseudo-language is in no header, and is there for whoever asks for it by its cookie", async ({ server, page }) => {
    await page.context().addCookies([{ name: "kieli", value: "qps-ploc", url: server.url }]);
    await signIn(page, server, "vapaaehtoinen");
    await expect(page.locator("html")).toHaveAttribute("lang", "qps-ploc");
    await expect(page.locator("header .languages button")).toHaveText(["Suomi", "Svenska", "English"]);
  });
});
