// A new version waits until it is asked for, on Home only, and nothing that was typed is lost by it.
import { createServer, request } from "node:http";
import { once } from "node:events";
import { expect, leave, readyWithoutNetwork, signIn, test } from "../fixtures/server.mjs";

/** The server as it is, and from `next()` on with a service worker of another version. */
async function withNextVersion(server) {
  let isNext = false;
  const front = createServer((asked, answer) => {
    const { method, headers, url: path } = asked;
    const passed = request({ host: "127.0.0.1", port: server.port, method, path, headers: { ...headers, "accept-encoding": "identity" } }, (got) => {
      if (path !== "/sw.js" || !isNext) {
        answer.writeHead(got.statusCode, got.headers);
        return got.pipe(answer);
      }
      const { "content-length": _, ...others } = got.headers;
      got.setEncoding("utf8").toArray().then((parts) => {
        answer.writeHead(got.statusCode, others);
        answer.end(parts.join("").replace(/const VERSION = "\w+"/, 'const VERSION = "next"'));
      });
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    url: `http://127.0.0.1:${front.address().port}`,
    next: () => (isNext = true),
    close: () => front.closeAllConnections() ?? front.close(),
  };
}

test("a new version is offered on Home only, and what was typed is there in it", async ({ server, page }) => {
  const front = await withNextVersion(server);
  await signIn(page, front, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  const shells = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("hytevihko-shell-")));
  const [before] = await shells();
  const offer = page.getByRole("button", { name: "Uusi versio on valmis – ota käyttöön" });
  await page.getByRole("link", { name: /Muu kerta/ }).click();
  await page.getByRole("button", { name: "Retki" }).click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("33");

  front.next();
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    while (!registration.waiting) await new Promise((later) => setTimeout(later, 50));
  });
  await expect(offer).toHaveCount(0);
  expect((await shells()).sort()).toEqual([before, "hytevihko-shell-next"].sort());
  await page.getByRole("link", { name: "Etusivu" }).click();
  await expect(offer).toBeVisible();

  // Nor while something is on its way.
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", { name: "Montako osallistujaa?" }).fill("34");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route("**/sync/push", async (route) => {
    await held;
    await route.continue();
  });
  await leave(page);
  await page.getByText("Lähetetään…").first().waitFor();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await page.getByRole("link", { name: "Lisää ryhmä tai muuta ryhmiä" }).waitFor();
  await expect(offer).toHaveCount(0);
  go();
  await page.evaluate(() => (window.isBefore = true));
  await offer.click();
  await expect(async () => expect(await shells()).toEqual(["hytevihko-shell-next"])).toPass();
  // The page is opened anew with it.
  await page.waitForFunction(() => !window.isBefore);
  await expect(offer).toHaveCount(0);
  await page.getByRole("link", { name: /^Kesken: Muu kerta .*\(33\)/ }).click();
  await expect(page.getByRole("textbox", { name: "Montako osallistujaa?" })).toHaveValue("33");
  front.close();
});
