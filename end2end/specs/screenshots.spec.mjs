// Every screen as a picture: `cargo xtask screenshots`. Two of them are in the README.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SCREENS, open } from "../fixtures/screens.mjs";
import { test } from "../fixtures/server.mjs";

const folder = join(import.meta.dirname, "../../target/screenshots");
const readme = join(import.meta.dirname, "../../docs/screenshots");

test("every screen, phone and desktop, light and dark, three languages", async ({ server, browser }) => {
  test.setTimeout(1_200_000);
  mkdirSync(folder, { recursive: true });
  mkdirSync(readme, { recursive: true });
  for (const lang of ["fi", "sv", "en"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [320, 390, 1280]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, locale: "fi-FI" });
        const page = await context.newPage();
        for (const screen of SCREENS) {
          await open(page, server, screen, lang);
          await page.waitForTimeout(300);
          const name = screen.name.replaceAll(" ", "-");
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
