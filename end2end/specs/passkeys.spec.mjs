// Passkeys with Chromium's virtual authenticator: made, used, copied, removed; and the recovery codes for when there is none at hand.
// Browsers make keys for a name only, so the pages are opened as `localhost`.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "../fixtures/server.mjs";

/** The browser's question is closed once without an answer. */
const closeTheNextQuestion = (page) =>
  page.evaluate(() => {
    for (const name of ["create", "get"]) {
      navigator.credentials[name] = async () => {
        delete navigator.credentials[name];
        throw new DOMException("closed", "NotAllowedError");
      };
    }
  });

/** Where the test's server has a name. */
const named = (server) => `http://localhost:${server.port}`;

/** A phone with a fingerprint reader, whose user shows a finger whenever it is asked for. */
async function authenticator(page) {
  const devices = await page.context().newCDPSession(page);
  await devices.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await devices.send("WebAuthn.addVirtualAuthenticator", { options });
  const send = (method, more = {}) => devices.send(`WebAuthn.${method}`, { authenticatorId, ...more });
  return {
    credentials: async () => (await send("getCredentials")).credentials,
    /** Puts a key back as it was at some time: a copy of it. */
    copyBack: async (credential) => {
      await send("removeCredential", { credentialId: credential.credentialId });
      await send("addCredential", { credential });
    },
    remove: () => send("removeVirtualAuthenticator"),
  };
}

/** The demo's secretary, who has just signed in. */
async function secretary(page, server) {
  await page.goto(named(server));
  await page.locator('button[value="sihteeri"]').click();
  await page.waitForURL("**/app/yhdistys");
}

async function addKey(page, server, name) {
  await page.goto(`${named(server)}/oma`);
  await page.locator("#name-new").fill(name);
  await page.getByRole("button", { name: "Lisää pääsyavain" }).click();
  await expect(page.getByText("Pääsyavain on lisätty.")).toBeVisible();
}

async function signOut(page, server) {
  await page.goto(`${named(server)}/oma`);
  await page.getByRole("button", { name: "Kirjaudu ulos" }).click();
  await page.waitForURL(`${named(server)}/`);
}

async function pressPasskey(page, server, to = "/oma") {
  await page.goto(`${named(server)}/kirjaudu?to=${to}`);
  await page.getByRole("button", { name: "Kirjaudu pääsyavaimella" }).click();
}

test("a passkey is made, signs in without anything typed, and is taken away", async ({ server, page }) => {
  const phone = await authenticator(page);
  await secretary(page, server);
  await addKey(page, server, "Puhelin");
  expect((await phone.credentials()).map(({ isResidentCredential }) => isResidentCredential)).toEqual([true]);
  await signOut(page, server);

  await pressPasskey(page, server);
  await page.waitForURL(`${named(server)}/oma`);
  await expect(page.getByText("Pääsyavaimella", { exact: true })).toBeVisible();

  // The device has one already.
  await page.getByRole("button", { name: "Lisää pääsyavain" }).click();
  await expect(page.getByRole("alert")).toHaveText("Tällä laitteella on jo pääsyavain.");
  // It is the only way in.
  await page.getByRole("button", { name: "Poista pääsyavain: Puhelin" }).click();
  await expect(page.getByText("Tämä on ainoa tapasi kirjautua.")).toBeVisible();

  // A second key, on another device: then the first one can go.
  await phone.remove();
  const computer = await authenticator(page);
  await addKey(page, server, "Tietokone");
  await page.getByRole("button", { name: "Poista pääsyavain: Puhelin" }).click();
  await expect(page.getByText("Pääsyavain on poistettu.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Poista pääsyavain/ })).toHaveCount(1);
  await signOut(page, server);
  await pressPasskey(page, server);
  await page.waitForURL(`${named(server)}/oma`);
  await computer.remove();
});

test("a key that was removed signs nobody in, and the page says what to do", async ({ server, page }) => {
  await authenticator(page);
  await secretary(page, server);
  await addKey(page, server, "Puhelin");
  await page.getByRole("button", { name: "Tee uudet varakoodit" }).click();
  await page.goto(`${named(server)}/oma`);
  await page.getByRole("button", { name: "Poista pääsyavain: Puhelin" }).click();
  await expect(page.getByText("Pääsyavain on poistettu.")).toBeVisible();
  await signOut(page, server);
  await pressPasskey(page, server);
  await expect(page.getByRole("alert")).toContainText("Tätä pääsyavainta ei tunneta täällä.");
  await expect(page.getByRole("button", { name: "Kirjaudu pääsyavaimella" })).toBeFocused();
});

test("of a key with a copy neither is taken, and its owner is told", async ({ server, page }) => {
  const phone = await authenticator(page);
  await secretary(page, server);
  await addKey(page, server, "Puhelin");
  const [copy] = await phone.credentials();
  for (let times = 0; times < 2; times++) {
    await signOut(page, server);
    await pressPasskey(page, server);
    await page.waitForURL(`${named(server)}/oma`);
  }
  await signOut(page, server);
  // Its counter is back where it was.
  await phone.copyBack(copy);
  await pressPasskey(page, server);
  await expect(page.getByRole("alert")).toContainText("voi olla kopio jollakulla muulla");
  await phone.copyBack({ ...copy, signCount: 100 });
  await pressPasskey(page, server);
  await expect(page.getByRole("alert")).toContainText("voi olla kopio jollakulla muulla");
  await secretary(page, server);
  await page.goto(`${named(server)}/oma`);
  await expect(page.getByText("Sitä ei enää hyväksytä. Poista se ja tee uusi.")).toBeVisible();
});

test("a question that is not answered changes nothing and can be asked again", async ({ server, page }) => {
  await authenticator(page);
  await secretary(page, server);
  await page.goto(`${named(server)}/oma`);
  await closeTheNextQuestion(page);
  await page.locator("#name-new").fill("Minun puhelimeni");
  await page.getByRole("button", { name: "Lisää pääsyavain" }).click();
  await expect(page.getByRole("alert")).toHaveText("Pääsyavainta ei tehty. Mitään ei muuttunut. Voit yrittää uudelleen.");
  await expect(page.locator("#name-new")).toHaveValue("Minun puhelimeni");
  await page.getByRole("button", { name: "Lisää pääsyavain" }).click();
  await expect(page.getByText("Pääsyavain on lisätty.")).toBeVisible();

  await signOut(page, server);
  await page.goto(`${named(server)}/kirjaudu?to=/oma`);
  await closeTheNextQuestion(page);
  await page.getByRole("button", { name: "Kirjaudu pääsyavaimella" }).click();
  await expect(page.getByRole("alert")).toContainText("Pääsyavainta ei käytetty.");
  await page.getByRole("button", { name: "Kirjaudu pääsyavaimella" }).click();
  await page.waitForURL(`${named(server)}/oma`);
});

test("without a network the page says so and asks again", async ({ server, page }) => {
  await authenticator(page);
  await page.goto(`${named(server)}/kirjaudu`);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Kirjaudu pääsyavaimella" }).click();
  await expect(page.getByRole("alert")).toHaveText("Yhteyttä ei saatu. Tarkista verkko ja yritä uudelleen.");
  await page.context().setOffline(false);
});

test("a recovery code signs in once, also where no scripts run", async ({ server, page, browser }) => {
  await secretary(page, server);
  await page.goto(`${named(server)}/oma`);
  await page.getByRole("button", { name: "Tee uudet varakoodit" }).click();
  const codes = await page.locator("code").allTextContents();
  expect(codes).toHaveLength(10);
  await expect(page.getByRole("button", { name: "Tulosta" })).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Lataa tekstinä" }).click();
  expect((await download).suggestedFilename()).toBe("hytevihko-varakoodit.txt");

  const plain = await browser.newContext({ javaScriptEnabled: false, locale: "fi-FI", viewport: { width: 320, height: 640 } });
  const other = await plain.newPage();
  await other.goto(`${named(server)}/kirjaudu?to=/oma`);
  expect(await other.content()).toContain("Pääsyavain tarvitsee JavaScriptin");
  await expect(other.getByRole("button", { name: "Kirjaudu pääsyavaimella" })).toBeHidden();
  const field = other.getByRole("textbox", { name: "Varakoodi" });
  await field.fill("abc");
  await other.getByRole("button", { name: "Kirjaudu varakoodilla" }).click();
  await expect(other.getByRole("alert")).toHaveText("Koodissa on 15 merkkiä. Nyt merkkejä on: 3.");
  await expect(field).toHaveValue("abc");
  await expect(field).toHaveAccessibleDescription(/Nyt merkkejä on: 3/);
  const sideways = await other.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);

  await field.fill(codes[0].toLowerCase().replaceAll("-", " "));
  await other.getByRole("button", { name: "Kirjaudu varakoodilla" }).click();
  await expect(other.getByText("Käyttämättä: 9.", { exact: false }).first()).toBeVisible();
  await other.getByRole("button", { name: "Kirjaudu ulos" }).click();
  await other.goto(`${named(server)}/kirjaudu`);
  await field.fill(codes[0]);
  await other.getByRole("button", { name: "Kirjaudu varakoodilla" }).click();
  await expect(other.getByRole("alert")).toContainText("Koodi ei kelpaa.");
  await plain.close();
});

test("by its number the server's page leads to its name", async ({ server, page }) => {
  await page.goto(`${server.url}/kirjaudu?to=/oma`);
  await page.getByRole("link", { name: `localhost:${server.port}` }).click();
  await page.waitForURL(`${named(server)}/kirjaudu?to=/oma`);
  await expect(page.getByRole("button", { name: "Kirjaudu pääsyavaimella" })).toBeVisible();
});

test("both pages are read and used by everybody, in three languages and at 320 px @a11y", async ({ server, browser }) => {
  for (const [lang, colorScheme] of [["fi", "light"], ["sv", "dark"], ["en", "light"]]) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 320, height: 844 } });
    const page = await context.newPage();
    await authenticator(page);
    await context.addCookies([{ name: "kieli", value: lang, url: named(server) }]);
    const look = async (name) => {
      const rules = { "color-contrast-enhanced": { enabled: true } };
      const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), `${name} ${lang}`).toEqual([]);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(sideways, `${name} ${lang} scrolls sideways`).toBeLessThanOrEqual(0);
    };
    await page.goto(`${named(server)}/kirjaudu?to=/oma`);
    await look("sign in");
    await page.locator("#code").fill("abc");
    await page.locator('form[action="/kirjaudu/varakoodi"] button').click();
    await page.locator("#code-problem").waitFor();
    await expect(page.locator("#code")).toBeFocused();
    await look("sign in to be mended");
    await secretary(page, server);
    await page.goto(`${named(server)}/oma`);
    await page.locator('form[data-passkey="register"] button').click();
    await page.waitForURL("**/oma?tehty=avain");
    await look("own");
    await page.locator('form[action="/oma/varakoodit"] button').click();
    await page.locator("code").first().waitFor();
    await look("codes");
    await context.close();
  }
});
