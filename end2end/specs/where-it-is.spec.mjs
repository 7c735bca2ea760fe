// Where a gathering is, in words: in every state and language, from the tap to the receipt and what the association says of it.
import { expect, leave, onDisk, readyWithoutNetwork, setClock, signIn, test } from "../fixtures/server.mjs";

test.use({ viewport: { width: 390, height: 844 } });

const LANGUAGES = [
  ["fi", "Suomi"],
  ["sv", "Svenska"],
  ["en", "English"],
];
const COUNT = { name: "Montako osallistujaa?" };
const THURSDAY_AFTER_NEXT = "2026-11-26T13:30:00Z";

const badge = (page) => page.locator(".list > li:visible .badge").first();

/** The words of a place on the screen in each language; ends in Finnish. */
async function says(page, place, words) {
  for (const [lang, name] of [...LANGUAGES.slice(1), LANGUAGES[0]]) {
    await page.getByRole("button", { name }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", lang);
    await expect(place(page), lang).toHaveText(words[lang]);
  }
}

async function record(page, participants) {
  await page.getByRole("link", { name: /Maanantaikerho/ }).first().click();
  await page.getByRole("textbox", COUNT).fill(String(participants));
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
}

/** A gathering that the association has, and its secretary about to ask something of it. */
async function received(page, server, browser, participants) {
  await signIn(page, server, "vapaaehtoinen");
  await record(page, participants);
  await leave(page);
  await expect(badge(page)).toContainText("Perillä", { timeout: 20_000 });

  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "fi-FI", timezoneId: "Europe/Helsinki" });
  const secretarys = await context.newPage();
  await signIn(secretarys, server, "sihteeri");
  const line = secretarys.locator("section.card li").filter({ hasText: new RegExp(`Osallistujia ${participants}\\b`) });
  const question = line.getByRole("textbox", { name: /Mitä pitäisi tarkistaa/ });
  await secretarys.goto(`${server.url}/app/yhdistys`);
  await line.getByRole("button", { name: /^Kysy kirjaajalta/ }).click();
  return { secretarys, line, question };
}

test("a gathering's way to the server is said in words, in three languages", async ({ server, page, context }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await context.setOffline(true);
  await says(page, () => page.getByRole("status").filter({ visible: true }).last(), {
    fi: "Ei verkkoa. Voit jatkaa normaalisti.",
    sv: "Inget nät. Du kan fortsätta som vanligt.",
    en: "No connection. You can go on as usual.",
  });
  await record(page, 64);
  // Said also to those who do not see it.
  await expect(page.locator("p.visually-hidden[role=status]")).toContainText("Osallistujia 64");
  await says(page, badge, {
    fi: "Tallessa tässä puhelimessa. Lähtee, kun verkko löytyy.",
    sv: "Sparad i den här telefonen. Skickas när det finns nät.",
    en: "Saved on this phone. Will be sent when there is a connection.",
  });

  // What is begun and not saved.
  await page.goto(`${server.url}/app`);
  await page.getByRole("link", { name: /Kävelykaverit/ }).first().click();
  await page.getByRole("textbox", COUNT).fill("8");
  await page.getByRole("link", { name: "Etusivu" }).click();
  await says(page, () => page.locator("ul.home-came-back a", { hasText: "Kävelykaverit" }).first(), {
    fi: /^Kesken: Kävelykaverit .*\(8\) – jatka$/,
    sv: /^Påbörjad: Kävelykaverit .*\(8\) – fortsätt$/,
    en: /^Not finished: Kävelykaverit .*\(8\) – continue$/,
  });
  await page.getByRole("button", { name: "Poista keskeneräinen" }).click();

  // Three days on it waits, and on the fourth it is said with more weight; still without a network.
  await setClock(page, "2026-11-19T13:30:00Z");
  await page.goto(`${server.url}/app`);
  await says(page, () => page.locator("main p.notice", { hasText: /Odottaa|Väntar|Waiting/ }), {
    fi: "Odottaa tässä puhelimessa: 1. Vanhin on kirjattu ma 16.11. Lähtevät",
    sv: "Väntar i den här telefonen: 1. Den äldsta antecknades må 16.11. Utgående",
    en: "Waiting on this phone: 1. The oldest was recorded on Mon 16 Nov. Outgoing",
  });
  await setClock(page, "2026-11-20T13:30:00Z");
  await page.goto(`${server.url}/app`);
  await says(page, () => page.locator("main p.notice.ask"), {
    fi: "Odottaa tässä puhelimessa: 1. Avaa vihko, kun olet verkossa. Vanhin on kirjattu ma 16.11. Lähtevät",
    sv: "Väntar i den här telefonen: 1. Öppna häftet när du har nät. Den äldsta antecknades må 16.11. Utgående",
    en: "Waiting on this phone: 1. Open the notebook when you have a connection. The oldest was recorded on Mon 16 Nov. Outgoing",
  });

  await setClock(page, "2026-11-16T13:30:00Z");
  let answer;
  const answered = new Promise((resolve) => (answer = resolve));
  await page.route("**/api/v1/sync/push", async (route) => {
    await answered;
    await route.continue();
  });
  await page.goto(`${server.url}/app/kerrat`);
  await context.setOffline(false);
  await says(page, badge, { fi: "Lähetetään…", sv: "Skickas…", en: "Sending…" });
  answer();
  // Said once also to those who do not see it.
  await expect(page.locator("p.visually-hidden[role=status]")).toHaveText("Kaikki on perillä.");
  await says(page, badge, {
    fi: /^Perillä ma 16\.11\. klo 15\.3\d$/,
    sv: /^Framme må 16\.11 kl\. 15\.3\d$/,
    en: /^Received Mon 16 Nov at 15:3\d$/,
  });
});

test("what the server does not accept is said with what to mend, and is mended", async ({ server, page, context }) => {
  await signIn(page, server, "vapaaehtoinen");
  await readyWithoutNetwork(page);
  await context.setOffline(true);
  // A phone whose calendar is ten days ahead.
  await setClock(page, THURSDAY_AFTER_NEXT);
  await page.goto(`${server.url}/app`);
  await record(page, 65);
  await setClock(page, "2026-11-16T13:30:00Z");
  await page.goto(`${server.url}/app/kerrat`);
  await context.setOffline(false);
  await says(page, badge, {
    fi: /^Ei mennyt läpi: .*päivä/i,
    sv: /^Gick inte igenom: .*dat/i,
    en: /^Not accepted: .*date/i,
  });
  // It comes first on Home, and goes when it is mended.
  await page.getByRole("link", { name: "Etusivu" }).click();
  const first = page.locator("ul.home-came-back > li").first();
  await expect(first).toContainText("Maanantaikerho");
  await first.getByRole("link", { name: "Korjaa" }).click();
  await expect(page.getByRole("textbox", COUNT)).toHaveValue("65");
  await page.getByRole("button", { name: "Tänään" }).click();
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
  await leave(page);
  await expect(page.locator(".list > li:visible").filter({ hasText: "Osallistujia 65" })).toContainText("Perillä", { timeout: 20_000 });
  await page.getByRole("link", { name: "Etusivu" }).click();
  await expect(page.locator("ul.home-came-back > li").filter({ hasText: "26.11." })).toHaveCount(0);
});

test("what was typed a moment ago is not forgotten when the phone reads its records anew", async ({ server, page, browser }) => {
  const { secretarys, line, question } = await received(page, server, browser, 67);
  await question.fill("Oliko");
  // Sent before the draft's 250 ms are over, and after another tab has said that there is something new on the disk.
  await question.evaluate(async (field) => {
    field.value = "Oliko koululuokka mukana?";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    new BroadcastChannel("hytevihko").postMessage("changed");
    await new Promise((resolve) => setTimeout(resolve, 120));
    field.form.requestSubmit();
  });
  await expect(line).toContainText("Kysytty");
  await secretarys.getByRole("button", { name: "Kumoa" }).click();
  await expect(question).toHaveValue("Oliko koululuokka mukana?");

  // Nor is it drawn anew under the fingers, when another gathering of the group arrives.
  await question.focus();
  await page.getByRole("link", { name: "Etusivu" }).click();
  await record(page, 69);
  await leave(page);
  await expect(badge(page)).toContainText("Perillä", { timeout: 20_000 });
  await secretarys.evaluate(() => dispatchEvent(new Event("online")));
  await expect(secretarys.locator("section.card li").filter({ hasText: / Osallistujia 69\b/ })).toHaveCount(1, { timeout: 40_000 });
  await expect(question).toBeFocused();
  await expect(question).toHaveValue("Oliko koululuokka mukana?");
});

test("what the association asks and changes comes first on Home, and the question is not lost half-written", async ({ server, page, browser }) => {
  const { secretarys, line, question } = await received(page, server, browser, 66);
  await question.fill("Oliko koululuokka");
  await secretarys.getByRole("link", { name: "Vuosi" }).click();
  await secretarys.getByRole("heading", { level: 1, name: /^Vuosi/ }).waitFor();
  await onDisk(secretarys, "?Oliko koululuokka");
  await secretarys.getByRole("link", { name: "Hyväksy" }).click();
  await expect(question).toHaveValue("Oliko koululuokka");
  await secretarys.reload();
  await expect(question).toHaveValue("Oliko koululuokka");
  await question.fill("Oliko koululuokka mukana?");
  const send = line.getByRole("button", { name: "Lähetä kysymys" });
  await send.dblclick();
  await expect(line).toContainText("Kysytty");
  await expect(question).toHaveCount(0);
  // Taken back it is half-written again.
  await secretarys.getByRole("button", { name: "Kumoa" }).click();
  await expect(question).toHaveValue("Oliko koululuokka mukana?");
  await send.click();
  await expect(line).toContainText("Kysytty");
  await expect(question).toHaveCount(0);
  await leave(secretarys);

  const home = async (expected) => {
    await expect(async () => {
      await page.goto(`${server.url}/app`);
      await expect(page.locator("main > ul.home-came-back > li").filter({ hasText: expected })).toHaveCount(1, { timeout: 10_000 });
    }).toPass({ timeout: 40_000 });
    // Above the groups.
    const [came, card] = [await page.locator("ul.home-came-back").first().boundingBox(), await page.locator("main section a.card").first().boundingBox()];
    expect(came.y).toBeLessThan(card.y);
    return page.locator("main > ul.home-came-back > li").filter({ hasText: expected });
  };
  const asked = await home("Yhdistys kysyy: Oliko koululuokka mukana?");
  await asked.getByRole("link", { name: "Korjaa" }).click();
  await page.getByRole("textbox", COUNT).fill("54");
  await page.getByRole("button", { name: "Tallenna" }).click();
  await page.getByRole("heading", { name: "Kerrat" }).waitFor();
  await leave(page);
  const mended = page.locator(".list > li:visible").filter({ hasText: "Osallistujia 54" });
  await expect(mended).toContainText("Perillä", { timeout: 20_000 });
  await page.getByRole("link", { name: "Etusivu" }).click();
  await expect(page.locator("ul.home-came-back > li").filter({ hasText: "koululuokka" })).toHaveCount(0);

  // The association corrects the count itself.
  await expect(async () => {
    await secretarys.goto(`${server.url}/app/kerrat`);
    await expect(secretarys.locator(".list > li:visible").filter({ hasText: "Osallistujia 54" })).toHaveCount(1, { timeout: 10_000 });
  }).toPass({ timeout: 40_000 });
  await secretarys.locator(".list > li:visible").filter({ hasText: "Osallistujia 54" }).getByRole("link", { name: "Korjaa" }).click();
  await secretarys.getByRole("textbox", COUNT).fill("52");
  await secretarys.getByRole("button", { name: "Tallenna" }).click();
  await secretarys.getByRole("heading", { name: "Kerrat" }).waitFor();
  await leave(secretarys);
  await expect(secretarys.locator(".list > li:visible").filter({ hasText: "Osallistujia 52" })).toContainText("Perillä", { timeout: 20_000 });
  const changed = await home("Yhdistys muutti: 54 → 52");
  await says(page, () => page.locator("ul.home-came-back > li").filter({ hasText: "54 → 52" }).locator("p").nth(1), {
    fi: "Yhdistys muutti: 54 → 52",
    sv: "Föreningen ändrade: 54 → 52",
    en: "The association changed: 54 → 52",
  });
  await changed.getByRole("button", { name: "Selvä" }).click();
  await expect(changed).toHaveCount(0);
  await page.reload();
  await page.locator("main section a.card").first().waitFor();
  await expect(changed).toHaveCount(0);
});
