// What a screen reader reads, screen by screen: roles, names and states in their order, as Chromium gives them to it. A screen that
// has changed on purpose is written anew with `cd end2end && npx playwright test reading-order --update-snapshots`; look at what
// has changed before it is committed.
import { SCREENS, open } from "../fixtures/screens.mjs";
import { expect, newServer, test as base } from "../fixtures/server.mjs";

/** A Monday afternoon, after the club: the demo is made for the day on which it starts. */
const NOW = "2026-11-16T13:30:00Z";

// Its server has a clock of its own, so that each run has the same days on the screen.
const test = base.extend({
  // eslint-disable-next-line no-empty-pattern
  server: async ({}, use) => {
    const server = await newServer();
    await server.start(NOW);
    await use(server);
    await server.stop();
  },
});

test("every screen is read in its order, with a name for each control", async ({ server, browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI" });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  for (const screen of SCREENS) {
    await open(page, server, screen, "fi");
    // Addresses are not read, and of a long list only what is chosen.
    const leftOut = /^ *- (\/url:|option "[^"]*"$)/;
    const read = (await page.locator("body").ariaSnapshot()).split("\n").filter((line) => !leftOut.test(line));
    expect.soft(read.join("\n") + "\n").toMatchSnapshot(`${screen.name.replaceAll(" ", "-")}.yml`);
  }
  await context.close();
});
