// Signing in with the accounts of one's organisation (OpenID Connect): as it should be, and everything that a provider can do wrong.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair } from "jose";
import { CLIENT, options, realProvider, SECRET, wilfulProvider } from "../fixtures/openid.mjs";
import { expect, newServer, today as test } from "../fixtures/server.mjs";

/** What a test has started, also one that fails. */
const started = [];
test.afterEach(async () => {
  for (const stop of started.splice(0)) await stop();
});

/** A server of ours that uses a provider; both are gone after the test. */
async function beside(makeProvider, clock) {
  const server = await newServer();
  const provider = await makeProvider(server.url);
  const secret = join(server.data, "provider-secret");
  writeFileSync(secret, `${SECRET}\n`);
  server.options = options(provider.issuer, secret);
  started.push(async () => {
    await server.stop();
    await provider.stop();
    rmSync(server.data, { recursive: true, force: true });
    expect(server.brokenPolicy, "no page broke its content security policy").toBeUndefined();
  });
  await server.start(clock);
  return { server, provider };
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

/** From the provider's page to sign in, back to ours. */
async function signInThere(page, who) {
  await page.locator("input[name=login]").fill(who);
  await page.locator("input[name=password]").fill("x");
  await page.getByRole("button", { name: "Sign-in" }).click();
  const goOn = page.getByRole("button", { name: "Continue" });
  await goOn.or(page.getByRole("banner")).first().waitFor();
  if (await goOn.isVisible()) await goOn.click();
}

test("a coordinator signs in, sees their municipality, and signs out on both sides", async ({ page }) => {
  const { server, provider } = await beside(realProvider);
  provider.groups.heidi = ["hyte-755"];
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta`);
  await expect(page).toHaveURL(new RegExp(`^${provider.issuer}/`));
  await signInThere(page, "heidi");
  await expect(page).toHaveURL(`${server.url}/kunta`);
  await expect(page.getByText("Siuntio").first()).toBeVisible();
  const cookies = await page.context().cookies(server.url);
  expect(cookies.filter((one) => one.name === "__Host-hytevihko-oidc")).toEqual([]);
  const session = cookies.find((one) => one.name === "__Host-hytevihko");
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax" });
  expect(session.expires - Date.now() / 1000).toBeLessThan(7 * 24 * 3600 + 60);

  await page.getByRole("button", { name: "Kirjaudu ulos" }).first().click();
  await heading(page, "Olet kirjautunut ulos").waitFor();
  await page.getByRole("link", { name: "Kirjaudu ulos: Kunnan tunnukset" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.goto(`${server.url}/kunta`);
  await expect(page).not.toHaveURL(`${server.url}/kunta`);
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta`);
  await page.locator("input[name=login]").waitFor();
});

test("rights follow the claim at every sign-in, and an account without one is nobody", async ({ page, browser }) => {
  const { server, provider } = await beside(realProvider);
  await page.goto(`${server.url}/kirjaudu/oidc`);
  await signInThere(page, "olli");
  await heading(page, "Tunnuksellasi ei ole oikeuksia täällä").waitFor();
  expect((await page.context().cookies(server.url)).map((one) => one.name)).not.toContain("__Host-hytevihko");

  provider.groups.olli = ["something", "hyte-755"];
  await page.getByRole("link", { name: "Kirjaudu uudelleen" }).click();
  await expect(page).toHaveURL(`${server.url}/kunta`);

  // Another browser, after the right was taken away at the provider: the first one has lost it, too.
  provider.groups.olli = [];
  const other = await (await browser.newContext({ locale: "fi-FI" })).newPage();
  await other.goto(`${server.url}/kirjaudu/oidc`);
  await signInThere(other, "olli");
  await heading(other, "Tunnuksellasi ei ole oikeuksia täällä").waitFor();
  const answer = await page.goto(`${server.url}/kunta`);
  expect(answer.status()).toBe(403);
});

test("who proves again who they are is asked for it at the provider, and has to be the same person", async ({ page }) => {
  const { server, provider } = await beside(realProvider);
  Object.assign(provider.groups, { heidi: ["hyte-755"], olli: ["hyte-755"] });
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta`);
  await signInThere(page, "heidi");
  await expect(page).toHaveURL(`${server.url}/kunta`);
  // The provider remembers her: without a wish to prove it, it asks for nothing.
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta`);
  await expect(page).toHaveURL(`${server.url}/kunta`);
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta&varmista=1`);
  await signInThere(page, "heidi");
  await expect(page).toHaveURL(`${server.url}/kunta`);
  await page.goto(`${server.url}/kirjaudu/oidc?to=/kunta&varmista=1`);
  await signInThere(page, "olli");
  await heading(page, "Tunnus on eri henkilön").waitFor();
});

/** A browser without pages: keeps our cookies, and follows nothing by itself. */
function visitor(server) {
  const jar = new Map();
  const visit = async (address) => {
    const url = new URL(address, server.url);
    const isOurs = url.origin === server.url;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    // The link is on a page of ours; it is the provider that leads back.
    const site = url.pathname.endsWith("/paluu") ? "cross-site" : "same-origin";
    const headers = isOurs ? { cookie, "accept-language": "fi", "sec-fetch-site": site } : {};
    const answer = await fetch(url, { redirect: "manual", headers });
    if (isOurs) {
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value) jar.set(name, value);
        else jar.delete(name);
      }
    }
    return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
  };
  /** To the provider and back; answers what came of it, and the address that led back. */
  const signIn = async (query = "") => {
    const begun = await visit(`/kirjaudu/oidc${query}`);
    if (begun.status !== 303) return { ...begun, title: title(begun) };
    const there = await visit(begun.location);
    const back = await visit(there.location);
    return { ...back, title: title(back), back: there.location };
  };
  return { jar, visit, signIn, isSignedIn: () => jar.has("__Host-hytevihko") };
}

const title = ({ text }) => /<h1>(.*?)<\/h1>/.exec(text)?.[1];
const PROVIDER = "Kirjautuminen ei juuri nyt onnistu";
const AGAIN = "Aloita kirjautuminen uudelleen";
const CLOCK = "Palvelun kello on väärässä";

test("whatever a provider answers, nobody is signed in by what is not right", async () => {
  const { server, provider } = await beside(wilfulProvider);
  const honest = visitor(server);
  const { status, location } = await honest.signIn("?to=/kunta%3Fvuosi%3D2026");
  expect([status, location, honest.isSignedIn()]).toEqual([303, "/kunta?vuosi=2026", true]);

  const now = Math.floor(Date.now() / 1000);
  const another = (await generateKeyPair("RS256")).privateKey;
  const secret = new TextEncoder().encode(SECRET.padEnd(32, "x"));
  const wrong = [
    ["of another audience", { claims: { aud: "somebody-else" } }, PROVIDER],
    ["of two audiences", { claims: { aud: [CLIENT, "somebody-else"] } }, PROVIDER],
    ["of another issuer", { claims: { iss: "http://127.0.0.1:9" } }, PROVIDER],
    ["of another sign-in", { claims: { nonce: "another" } }, PROVIDER],
    ["without a nonce", { claims: { nonce: undefined } }, PROVIDER],
    ["without a subject", { claims: { sub: undefined } }, PROVIDER],
    ["signed by another key of the same name", { key: another }, PROVIDER],
    ["signed by an unknown key", { key: another, header: { kid: "two" } }, PROVIDER],
    ["signed with the secret", { key: secret, header: { alg: "HS256", kid: undefined } }, PROVIDER],
    ["signed by nobody", { header: { alg: "none", kid: undefined } }, PROVIDER],
    ["expired", { claims: { iat: now - 86_400, exp: now - 86_000 } }, CLOCK],
    ["of tomorrow", { claims: { iat: now + 86_400, exp: now + 86_460 } }, CLOCK],
    ["without a claim", { claims: { groups: undefined } }, "Tunnuksellasi ei ole oikeuksia täällä"],
    ["with another claim", { claims: { groups: ["STM", "stm ", "755"] } }, "Tunnuksellasi ei ole oikeuksia täällä"],
    ["of a code that is none", { "/token": (response) => json(response, 400, { error: "invalid_grant" }) }, AGAIN],
    ["of a secret that is none", { "/token": (response) => json(response, 401, { error: "invalid_client" }) }, PROVIDER],
    ["that is a page", { "/token": (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hei</h1>") }, PROVIDER],
    ["that leads elsewhere", { "/token": (response) => response.writeHead(302, { location: "/token2" }).end() }, PROVIDER],
    ["without end", { "/token": (response) => json(response, 200, { access_token: "x".repeat(1_000_000) }) }, PROVIDER],
    ["that never comes", { "/token": () => {} }, PROVIDER],
    ["of an error", { back: { error: "access_denied" } }, "Et ole kirjautunut"],
    ["of somebody else", { back: { iss: "http://127.0.0.1:9" } }, PROVIDER],
    ["with another state", { back: { state: "another" } }, AGAIN],
  ];
  for (const [what, change, said] of wrong) {
    provider.change = change;
    const somebody = visitor(server);
    const answer = await somebody.signIn();
    expect([answer.title, somebody.isSignedIn()], what).toEqual([said, false]);
    expect(answer.text, what).not.toContain(SECRET);
  }
  expect(provider.asked, "no redirect is followed").not.toContain("/token2");
});

const json = (response, status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

test("an address that led back once leads nobody in a second time, nor another browser", async () => {
  const { server } = await beside(wilfulProvider);
  const somebody = visitor(server);
  const begun = await somebody.visit("/kirjaudu/oidc");
  const asked = new URL(begun.location).searchParams;
  expect([asked.get("response_type"), asked.get("response_mode"), asked.get("code_challenge_method")]).toEqual(["code", "query", "S256"]);
  const ticket = somebody.jar.get("__Host-hytevihko-oidc");
  const there = await somebody.visit(begun.location);

  // Whoever is given the address by somebody else has no ticket: they are not signed in to that one's account.
  const victim = visitor(server);
  expect(title(await victim.visit(there.location))).toBe(AGAIN);
  const begunToo = visitor(server);
  await begunToo.visit("/kirjaudu/oidc");
  expect(title(await begunToo.visit(there.location))).toBe(AGAIN);
  expect(victim.isSignedIn() || begunToo.isSignedIn()).toBe(false);

  expect((await somebody.visit(there.location)).status).toBe(303);
  // Even where the ticket is put back.
  somebody.jar.clear();
  somebody.jar.set("__Host-hytevihko-oidc", ticket);
  expect(title(await somebody.visit(there.location))).toBe(AGAIN);
  expect(somebody.isSignedIn()).toBe(false);

  // Only to pages of ours.
  for (const to of ["https://evil.example/", "//evil.example", "/%09/evil.example"]) {
    expect((await visitor(server).signIn(`?to=${encodeURIComponent(to)}`)).location).toMatch(/^\/kunta/);
  }
});

test("a provider that does not answer stops nobody else, and is asked again", async () => {
  const { server, provider } = await beside(wilfulProvider);
  for (const [what, change] of [
    ["rubbish", { "/.well-known/openid-configuration": (response) => response.writeHead(200, { "content-type": "application/json" }).end("{") }],
    ["of another issuer", { metadata: { issuer: "http://127.0.0.1:9" } }],
  ]) {
    await server.stop();
    provider.change = change;
    await server.start();
    const begun = await visitor(server).visit("/kirjaudu/oidc");
    expect([begun.status, title(begun)], what).toEqual([502, PROVIDER]);
    expect((await visitor(server).visit("/")).status, what).toBe(200);
    const before = provider.asked.length;
    expect(title(await visitor(server).visit("/kirjaudu/oidc")), what).toBe(PROVIDER);
    expect(provider.asked.length, "not at every attempt").toBe(before);
  }
  await server.stop();
  provider.change = {};
  await server.start();
  expect((await visitor(server).signIn()).status).toBe(303);
  await provider.stop();
  const somebody = visitor(server);
  const begun = await somebody.visit("/kirjaudu/oidc");
  expect(begun.status, "what it said of itself is remembered").toBe(303);
  const state = new URL(begun.location).searchParams.get("state");
  expect(title(await somebody.visit(`/kirjaudu/oidc/paluu?code=x&state=${state}`))).toBe(PROVIDER);
});

test("a server whose clock is days off says so", async () => {
  const { server } = await beside(wilfulProvider, new Date(Date.now() - 3 * 86_400_000).toISOString());
  const somebody = visitor(server);
  expect((await somebody.signIn()).title).toBe(CLOCK);
  expect(somebody.isSignedIn()).toBe(false);
});
