// Another language: its words come from a file of their own, also without a network.
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const LANGUAGES = { Svenska: "Grupper", English: "Groups", Suomi: "Ryhmät" };
/** A screen of the association's room, whose texts are in a file that comes with the room, and its heading. */
const ROOM = "/app/yhdistys/jaksot";
const IN_ROOM = { Svenska: "Perioder", English: "Periods", Suomi: "Jaksot" };

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

test("a reviewer changes the language in the association's room, without a network", async ({ server, page, context }) => {
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app`);
  await readyWithoutNetwork(page);
  await context.setOffline(true);
  await page.goto(server.url + ROOM);
  for (const [language, heading] of Object.entries(IN_ROOM)) {
    await page.getByRole("button", { name: language }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
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

  test("a room is drawn when its words are there, and says so where they are missing", async ({ server, page }) => {
    let go;
    const held = new Promise((resolve) => (go = resolve));
    await page.route("**/pkg/association-fi-*", async (route) => {
      await held;
      // Of a page that has been left since, there is nothing to answer.
      await route.abort().catch(() => {});
    });
    await signIn(page, server, "sihteeri");
    const code = page.waitForResponse(/\/pkg\/association-[0-9a-f]+\.wasm/);
    await page.goto(server.url + ROOM);
    await (await code).finished();
    await expect(page.locator("main .bone").first()).toBeVisible();
    await expect(page.locator("main button, main form, main .notice")).toHaveCount(0);
    go();
    await expect(page.getByRole("alert")).toContainText("Tämä sivu ei ole vielä puhelimessa");
    await page.unroute("**/pkg/association-fi-*");
    await page.getByRole("button", { name: "Hae uudelleen" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(IN_ROOM.Suomi);
    // Another language, whose words of the room cannot be had, is the screen's all the same; who goes back finds the room.
    await page.route("**/pkg/association-sv-*", (route) => route.abort());
    await page.getByRole("button", { name: "Svenska" }).click();
    await expect(page.getByRole("alert")).toContainText("Den här sidan finns inte ännu i telefonen");
    await page.route("**/pkg/association-fi-*", (route) => route.abort());
    await page.getByRole("button", { name: "Suomi" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(IN_ROOM.Suomi);
  });

  for (const [name, change] of [
    ["another build", (words) => `0123456789abcdef${words.slice(16)}`],
    ["another room", (words) => words.replace("association\n", "join\n")],
    ["half a file", (words) => words.slice(0, words.lastIndexOf("\n"))],
  ]) {
    test(`a room's words of ${name} are a screen that is missing, and no garbled one`, async ({ server, page }) => {
      await page.route("**/pkg/association-fi-*", async (route) => {
        const words = await (await route.fetch()).text();
        const changed = change(words);
        expect(changed).not.toBe(words);
        await route.fulfill({ body: changed, contentType: "text/plain; charset=utf-8" });
      });
      await signIn(page, server, "sihteeri");
      await page.goto(server.url + ROOM);
      await expect(page.getByRole("alert")).toContainText("Tämä sivu ei ole vielä puhelimessa");
    });
  }

  test("the pseudo-language is in no header, and is there for whoever asks for it by its cookie", async ({ server, page }) => {
    await page.context().addCookies([{ name: "kieli", value: "qps-ploc", url: server.url }]);
    await signIn(page, server, "vapaaehtoinen");
    await expect(page.locator("html")).toHaveAttribute("lang", "qps-ploc");
    await expect(page.locator("header .languages button")).toHaveText(["Suomi", "Svenska", "English"]);
    // Nor does a room lack it.
    await page.goto(`${server.url}/app/kutsu`);
    await expect(page.locator('label[for="code"]')).toHaveText(/[áéíóúǟȫ]/);
  });
});
