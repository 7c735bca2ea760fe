// What a screen reader reads, screen by screen: roles, names and states in their order, as Chromium gives them to it. A screen that
// has changed on purpose is written anew with `cd end2end && npx playwright test reading-order --update-snapshots=all`; look at
// what has changed before it is committed.
import { SCREENS, open } from "../fixtures/screens.mjs";
import { expect, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

test("every screen is read in its order, with a name for each control", async ({ server, page }) => {
  test.setTimeout(240_000);
  for (const screen of SCREENS) {
    await open(page, server, screen, "fi");
    // Addresses are not read, and of a long list only what is chosen.
    const leftOut = /^ *- (\/url:|option "[^"]*"$)/;
    const read = (await page.locator("body").ariaSnapshot()).split("\n").filter((line) => !leftOut.test(line));
    // The server's port is another one each time.
    const words = read.join("\n").replace(/localhost:\d+/, "localhost:0") + "\n";
    expect.soft(words).toMatchSnapshot(`${screen.name.replaceAll(" ", "-")}.yml`);
  }
});
