// Reminders of deadlines: who ticks a box is reminded, by e-mail or on this device; the browser asks only then.
import { rmSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { postOffice } from "../fixtures/post.mjs";
import { expect, newServer, signIn, test } from "../fixtures/server.mjs";

const here = (page) => page.getByRole("checkbox", { name: "Muistuta tässä laitteessa" });

/** The demo's secretary, on the page with the deadlines. */
async function secretary(context, server) {
  const page = await context.newPage();
  await signIn(page, server, "sihteeri");
  await page.goto(`${server.url}/app/yhdistys/jaksot`);
  await page.getByRole("heading", { name: "Muistutukset" }).waitFor();
  return page;
}

/** A browser whose push service is an invented one: this test's own is not reachable from here. */
const withPush = () => (said) => {
  window.asked = 0;
  Object.defineProperty(Notification, "permission", { get: () => window.said ?? "default" });
  Notification.requestPermission = async () => {
    window.asked += 1;
    window.said = said;
    return said;
  };
  const told = {
    endpoint: "https://fcm.googleapis.com/fcm/send/invented",
    keys: {
      p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
      auth: "BTBZMqHH6r4Tts7J_aSIgg",
    },
  };
  PushManager.prototype.subscribe = async () => ({ toJSON: () => told });
};

test("the browser is asked when the box is ticked, and the box says what is", async ({ server, browser }) => {
  const context = await browser.newContext({ locale: "fi-FI" });
  await context.addInitScript(withPush(), "granted");
  const page = await secretary(context, server);
  await expect(here(page)).not.toBeChecked();
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await here(page).check();
  await page.getByText("Tallennettu.").waitFor();
  expect(await page.evaluate(() => window.asked)).toBe(1);
  await page.reload();
  await expect(here(page)).toBeChecked();
  expect((await new AxeBuilder({ page }).include("main").analyze()).violations).toEqual([]);
  await here(page).uncheck();
  await page.getByText("Tallennettu.").waitFor();
  await page.reload();
  await expect(here(page)).not.toBeChecked();
  await context.close();
});

test("who tells the browser no is told where that is changed", async ({ server, browser }) => {
  const context = await browser.newContext({ locale: "fi-FI" });
  await context.addInitScript(withPush(), "denied");
  const page = await secretary(context, server);
  await here(page).click();
  await page.getByText("Selain estää ilmoitukset.").waitFor();
  await expect(here(page)).not.toBeChecked();
  await expect(here(page)).toBeDisabled();
  await context.close();
});

test("on an iPhone the home screen is named, and nothing is asked", async ({ server, browser }) => {
  const context = await browser.newContext({ locale: "fi-FI" });
  await context.addInitScript(() => {
    delete window.PushManager;
    Object.defineProperty(Navigator.prototype, "standalone", { get: () => false });
  });
  const page = await secretary(context, server);
  await page.getByText("kun avaat sovelluksen Koti-valikosta").waitFor();
  await expect(here(page)).toBeDisabled();
  await context.close();
});

test("letters are offered where the server sends some, to an address that was given", async ({ browser }) => {
  const [server, office] = [await newServer(), await postOffice()];
  server.options = office.options;
  try {
    await server.start();
    const context = await browser.newContext({ locale: "fi-FI" });
    const page = await secretary(context, server);
    await expect(page.getByRole("link", { name: "Anna osoite" })).toHaveAttribute("href", "/oma");
    await page.getByRole("link", { name: "Anna osoite" }).click();
    await page.getByLabel("Sähköpostiosoite").fill("sihteeri@kuoro.example");
    await page.getByRole("button", { name: "Lähetä koodi osoitteeseen" }).click();
    await page.getByText("Koodi lähti.").waitFor();
    await page.getByLabel("Koodi sähköpostista").fill((await office.next()).code);
    await page.getByRole("button", { name: "Vahvista osoite" }).click();
    await page.getByText("Osoite on käytössä.").waitFor();
    await page.goto(`${server.url}/app/yhdistys/jaksot`);
    const mail = page.getByRole("checkbox", { name: "Muistuta sähköpostilla" });
    await mail.check();
    await page.getByText("Tallennettu.").waitFor();
    await page.reload();
    await expect(mail).toBeChecked();
    await context.close();
  } finally {
    await server.stop();
    await office.stop();
    rmSync(server.data, { recursive: true, force: true });
  }
});

test("the worker shows what the server wrote, and opens the board", async ({ server }) => {
  const worker = await (await fetch(`${server.url}/sw.js`)).text();
  const [events, shown, opened] = [{}, [], []];
  const self = {
    addEventListener: (name, listener) => (events[name] = listener),
    registration: { showNotification: async (title, options) => shown.push([title, options.body]) },
    clients: { openWindow: async (address) => opened.push(address) },
  };
  new Function("self", "location", "caches", worker)(self, { origin: server.url }, {});
  const waits = { waitUntil: (promise) => promise };
  events.push({ ...waits, data: { json: () => ({ title: "Muistutus määräajasta", body: "STEA la 28.2." }) } });
  expect(shown).toEqual([["Muistutus määräajasta", "STEA la 28.2."]]);
  events.push({ ...waits, data: null });
  expect(shown.length).toBe(1);
  events.notificationclick({ ...waits, notification: { close: () => {} } });
  expect(opened).toEqual(["/app/yhdistys"]);
});
