// The association's screens have files of their own, the code and a language's words: no volunteer's phone fetches them, and every
// reviewer's phone keeps them.
import { Counting } from "../fixtures/counting.mjs";
import { SCREENS } from "../fixtures/screens.mjs";
import { expect, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const ROOM = "/pkg/association-";
/** The code, and the words of three languages. */
const FILES_OF_ROOM = [/association-[0-9a-f]+\.wasm$/, /association-en-.*\.txt$/, /association-fi-.*\.txt$/, /association-sv-.*\.txt$/];

/** Bytes over the wire that a volunteer's phone downloads in all until it works without a network, three languages among them. */
const LIMIT_OF_A_PHONE = 456_900;

const opened = async (page, url, screen) => {
  await page.goto(url + screen.path);
  await page.locator("main h1").first().waitFor();
  await expect(page.locator(".bone, .soon")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Hae uudelleen" })).toHaveCount(0);
};

/** What the service worker keeps of the room. */
const kept = (page) =>
  page.evaluate(async (room) => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const paths = (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
    return paths.filter((path) => path.startsWith(room));
  }, ROOM);

test("a volunteer's phone never fetches the association's room", async ({ server, page }) => {
  const network = await new Counting().start(server);
  await signIn(page, { url: network.url }, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  const { answers } = network;
  const parts = answers.filter(({ path }) => path.startsWith("/pkg/") || path.startsWith("/api/"));
  console.table(parts);
  console.log(`a volunteer's phone downloads ${network.bytes()} bytes in all (at most ${LIMIT_OF_A_PHONE})`);
  expect(network.bytes()).toBeLessThanOrEqual(LIMIT_OF_A_PHONE);

  // Nor on any screen that they may open, those of the association by a mistyped address included.
  const screens = SCREENS.filter(({ who }) => who === "vapaaehtoinen");
  for (const screen of [...screens, { path: "/app/vuosi" }]) await opened(page, network.url, screen);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/yhdistyksen/i);
  expect(network.asked(ROOM)).toEqual([]);
  expect(await kept(page)).toEqual([]);
  await network.stop();
});

test("a reviewer's phone opens all its screens without a network after one visit", async ({ server, page }) => {
  const network = await new Counting().start(server);
  await signIn(page, { url: network.url }, "sihteeri");
  // Home, and nothing of the association yet.
  await page.goto(network.url + "/app");
  await readyWithoutNetwork(page);
  for (const file of FILES_OF_ROOM) expect(network.asked(ROOM)).toContainEqual(expect.stringMatching(file));
  await network.stop();
  await server.stop();
  await opened(page, network.url, { path: "/app/yhdistys" });
  await expect(page.getByRole("grid")).toBeVisible();
  await page.getByRole("link", { name: "Vuosi" }).click();
  await expect(page.locator(".figures")).toBeVisible();
  await expect(page.locator("main h1")).toBeFocused();
  // From Home, where the room's file has not been asked for since the page was opened.
  await page.goto(network.url + "/app");
  await page.getByRole("link", { name: "Hyväksy" }).click();
  await expect(page.getByRole("grid")).toBeVisible();
  await expect(page.locator("main h1")).toBeFocused();
  // Joining takes the network, and its room is kept by nobody.
  const kept = SCREENS.filter(({ path }) => path.startsWith("/app") && path !== "/app/kutsu");
  for (const screen of kept) await opened(page, network.url, screen);
});

test("the room goes from a phone when somebody without its role signs in there", async ({ server, page }) => {
  await signIn(page, server, "sihteeri");
  await page.goto(server.url + "/app");
  await readyWithoutNetwork(page);
  const before = await kept(page);
  expect(before).toHaveLength(FILES_OF_ROOM.length);
  for (const file of FILES_OF_ROOM) expect(before).toContainEqual(expect.stringMatching(file));
  await page.goto(server.url + "/");
  await page.locator('button[value="vapaaehtoinen"]').click();
  await page.getByRole("heading", { name: "Ryhmät" }).waitFor();
  await expect.poll(() => kept(page)).toEqual([]);
});
