// Every screen as a picture: `cargo xtask screenshots`. Two of them are in the README.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { signIn, test } from "../fixtures/server.mjs";

const folder = join(import.meta.dirname, "../../target/screenshots");
const readme = join(import.meta.dirname, "../../docs/screenshots");

const SCREENS = [
  ["front", null, "/"],
  ["home", "vapaaehtoinen", "/app"],
  ["record", "vapaaehtoinen", "/app/kirjaa/muu"],
  ["gatherings", "vapaaehtoinen", "/app/kerrat"],
  ["outgoing", "vapaaehtoinen", "/app/lahtevat"],
  ["settings", "vapaaehtoinen", "/app/asetukset"],
  ["month", "sihteeri", "/app/yhdistys"],
  ["year", "sihteeri", "/app/vuosi"],
  ["municipality", "koordinaattori", "/kunta"],
];

test("every screen, phone and desktop, light and dark, three languages", async ({ server, browser }) => {
  test.setTimeout(600_000);
  mkdirSync(folder, { recursive: true });
  mkdirSync(readme, { recursive: true });
  for (const lang of ["fi", "sv", "en"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [320, 390, 1280]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, locale: "fi-FI" });
        await context.addCookies([{ name: "kieli", value: lang, url: server.url }]);
        const page = await context.newPage();
        let signedIn = null;
        for (const [name, who, path] of SCREENS) {
          if (who && who !== signedIn) await signIn(page, server, who);
          signedIn = who;
          await page.goto(server.url + path);
          await page.locator("#skeleton").waitFor({ state: "detached" });
          await page.waitForTimeout(300);
          const fullPage = name !== "record";
          await page.screenshot({ path: join(folder, `${name}-${lang}-${colorScheme}-${width}.png`), fullPage });
          if (lang === "fi" && colorScheme === "light" && width === 390 && name === "home") {
            await page.screenshot({ path: join(readme, "phone.png") });
          }
          if (lang === "fi" && colorScheme === "light" && width === 1280 && name === "municipality") {
            await page.screenshot({ path: join(readme, "municipality.png") });
          }
        }
        await context.close();
      }
    }
  }
});
