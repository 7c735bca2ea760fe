// The association's own page: written field by field, also without a network, seen beside it, and by everybody once it is public.
import { expect, leave, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

const wide = { viewport: { width: 1280, height: 844 }, locale: "fi-FI" };
const narrow = { viewport: { width: 390, height: 844 }, locale: "fi-FI" };

const ADDRESS = "/app/yhdistys/sivu";
const WORDS = "Tuemme arjessa kaikkia, jotka tarvitsevat seuraa.";
const SWEDISH = "Vi stöder alla som behöver sällskap.";

async function secretary(browser, server, options) {
  const page = await (await browser.newContext(options)).newPage();
  await signIn(page, server, "sihteeri");
  await page.goto(server.url + ADDRESS);
  await part(page, 0).waitFor();
  return page;
}

const part = (page, nth) => page.locator(".own-page fieldset").nth(nth);
const words = (page, nth, language) => part(page, nth).getByRole("textbox", { name: language });
const preview = (page) => page.locator(".own-page-preview .card");
const said = (page, text) => expect(page.getByText(text).first()).toBeVisible();

/** Writes into a field and leaves it. */
async function write(field, text) {
  await field.fill(text);
  await field.blur();
}

/** What everybody gets, with no cookie. */
async function everybody(browser, url, options = narrow) {
  const context = await browser.newContext({ ...options, javaScriptEnabled: false });
  const page = await context.newPage();
  const answer = await page.goto(url);
  return { page, status: answer.status() };
}

test("a secretary writes the page, makes it public, and everybody reads what was said yes to", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await write(words(page, 0, "Suomi"), WORDS);
  await said(page, /^Tallennettu: .*, Suomi/);
  await write(words(page, 0, "Svenska"), SWEDISH);
  await expect(preview(page)).toContainText(WORDS);
  const contact = page.getByRole("textbox", { name: "Keneltä kuka tahansa saa kysyä" });
  await write(contact, "Toimisto, toimisto@yhdistys.example");
  await expect(preview(page).getByRole("link", { name: /toimisto@yhdistys.example/ })).toHaveAttribute("href", /^mailto:/);
  // A contact that was written today needs no confirmation today.
  await expect(page.getByRole("button", { name: "Yhteystieto pitää paikkansa" })).toBeDisabled();

  // Nothing is shown by itself.
  await expect(preview(page)).not.toContainText("Maanantaikerho");
  const club = page.getByRole("checkbox", { name: "Maanantaikerho", exact: true });
  await club.check();
  await said(page, "Näkyy sivulla: Maanantaikerho");
  await expect(preview(page)).toContainText("Maanantaikerho");

  await page.getByRole("checkbox", { name: "Sivu on julkinen" }).check();
  const link = page.getByRole("link", { name: "Avaa julkinen sivu" });
  const href = await link.getAttribute("href");
  expect(href).toMatch(/^\/yhdistykset\/[0-9a-f-]{36}$/);
  await leave(page);
  await expect.poll(async () => (await page.request.get(server.url + href)).status()).toBe(200);

  const { page: seen } = await everybody(browser, server.url + href);
  await expect(seen.locator("main")).toContainText(WORDS);
  await expect(seen.locator("main")).toContainText("Maanantaikerho");
  await expect(seen.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  const other = seen.locator("main .list > li");
  await expect(other).toHaveCount(1);
  await seen.goto(`${server.url}${href}?kieli=sv`);
  await expect(seen.locator("main")).toContainText(SWEDISH);
  await expect(seen.locator("html")).toHaveAttribute("lang", "sv");

  // Taken back, it is as if it had never been.
  await page.getByRole("checkbox", { name: "Sivu on julkinen" }).uncheck();
  await leave(page);
  await expect.poll(async () => (await page.request.get(server.url + href)).status()).toBe(404);
});

test("a sensitive group is asked about twice, and is shown by the second yes only", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  // Any group of the demo that is sensitive asks again as soon as it is ticked.
  const groups = page.locator(".own-page-form section:last-of-type > .check");
  const second = page.locator(".own-page-second input");
  let found;
  for (const name of await groups.allInnerTexts()) {
    const first = page.getByRole("checkbox", { name, exact: true });
    await first.check();
    // One that is not shown by the first yes is asked about again.
    await said(page, new RegExp(`^(Näkyy|Ei näy) sivulla: ${name}`));
    if (await second.count()) {
      found = { first, second };
      break;
    }
    await first.uncheck();
    await said(page, new RegExp(`^Ei näy sivulla: ${name}`));
  }
  expect(found, "the demo's association has a sensitive group").toBeTruthy();
  await expect(preview(page).locator(".list > li")).toHaveCount(0);
  await found.second.check();
  await expect(preview(page).locator(".list > li")).toHaveCount(1);
  // The first yes taken back takes the second back, too.
  await found.first.uncheck();
  await found.first.check();
  await expect(found.second).not.toBeChecked();
  await expect(preview(page).locator(".list > li")).toHaveCount(0);
});

test("a text is taken back with one press, and what is wrong is said where it stands", async ({ server, browser }) => {
  const page = await secretary(browser, server, narrow);
  const finnish = words(page, 1, "Suomi");
  await write(finnish, "Iloa arkeen.");
  await expect(preview(page)).toContainText("Iloa arkeen.");
  const undo = page.getByRole("button", { name: "Kumoa" });
  await undo.waitFor();
  // The bar takes no press in its first second.
  await expect(async () => {
    await undo.click();
    await expect(finnish).toHaveValue("", { timeout: 500 });
  }).toPass();
  await expect(preview(page)).not.toContainText("Iloa arkeen.");

  await write(finnish, "Soita 040 123 4567");
  await expect(finnish).toHaveAttribute("aria-invalid", "true");
  await expect(preview(page)).not.toContainText("040");
  await write(finnish, "Soita toimistoon.");
  await expect(finnish).not.toHaveAttribute("aria-invalid", "true");
  await expect(preview(page)).toContainText("Soita toimistoon.");
  await write(finnish, "a".repeat(401));
  await expect(page.getByText("Merkkejä 401 / 400")).toBeVisible();
  await expect(finnish).toHaveAttribute("aria-invalid", "true");
  await expect(preview(page)).toContainText("Soita toimistoon.");
});

test("the page is written without a network, and the screen is left without losing a word", async ({ server, browser }) => {
  const page = await secretary(browser, server, narrow);
  await page.goto(`${server.url}/app`);
  await readyWithoutNetwork(page);
  await server.stop();
  // Typed, and left by the browser's own key: the field was never blurred.
  await page.goto(`${server.url}/app/yhdistys`);
  await page.getByRole("link", { name: "Yhdistyksen sivu" }).click();
  await words(page, 2, "English").fill("We know the area.");
  await page.goBack();
  await page.getByRole("link", { name: "Yhdistyksen sivu" }).click();
  await expect(words(page, 2, "English")).toHaveValue("We know the area.");
  await server.start();
  await leave(page);
  await page.goto(`${server.url}/app/lahtevat`);
  await expect(page.getByText(/odottaa tässä/i)).toHaveCount(0);
});

test("three languages stand side by side on a laptop and below each other on a phone", async ({ server, browser }) => {
  const tops = async (options) => {
    const page = await secretary(browser, server, options);
    const boxes = await part(page, 0).locator("textarea").evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    const [form, other] = [await page.locator(".own-page-form").boundingBox(), await page.locator(".own-page-preview").boundingBox()];
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    return { rows: new Set(boxes).size, isBeside: other.x >= form.x + form.width };
  };
  expect(await tops(wide)).toEqual({ rows: 1, isBeside: true });
  expect(await tops(narrow)).toEqual({ rows: 3, isBeside: false });
});

test("a text that is left by ticking a box is saved with the tick", async ({ server, browser }) => {
  const page = await secretary(browser, server, wide);
  await words(page, 0, "Suomi").fill(WORDS);
  // The press takes the focus from the text and ticks the box: two changes of one record at once.
  await page.getByRole("checkbox", { name: "Sivu on julkinen" }).click();
  await said(page, "Tallennettu: sivu on julkinen");
  await expect(preview(page)).toContainText(WORDS);
  await expect(words(page, 0, "Suomi")).toHaveValue(WORDS);
  await page.reload();
  await expect(words(page, 0, "Suomi")).toHaveValue(WORDS);
  await expect(page.getByRole("checkbox", { name: "Sivu on julkinen" })).toBeChecked();
});
