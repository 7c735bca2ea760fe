// Lighthouse's mobile run: a slow phone on a slow network.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { median } from "../fixtures/figures.mjs";
import { expect, today as test } from "../fixtures/server.mjs";

const RUNS = 5;
/** A run takes about ten seconds. */
const RUN_MS_MAX = 60_000;
/** The performance aimed at on every page. What is held stands beside each: the median of five runs moves by some points. */
const GOAL = 95;
/** On Lighthouse's slow network and processor (1.6 Mbit/s, 150 ms, four times slower), milliseconds. */
const INTERACTIVE_MS_MAX = 3_500;

/** One run in a browser of its own; Lighthouse itself sometimes waits for a browser for ever. */
async function run(url, cookie, launchOptions) {
  const chrome = await launch({
    chromePath: launchOptions.executablePath,
    chromeFlags: ["--headless=new", ...launchOptions.args],
  });
  let timer;
  const stuck = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("Lighthouse did not finish")), RUN_MS_MAX);
  });
  const flags = {
    port: chrome.port,
    onlyCategories: ["performance", "accessibility", "best-practices"],
    extraHeaders: cookie ? { Cookie: cookie } : undefined,
    logLevel: "error",
  };
  try {
    const { lhr } = await Promise.race([lighthouse(url, flags), stuck]);
    if (lhr.categories.performance.score === null) throw new Error("Lighthouse saw no page drawn");
    // A page that asks its visitor to sign in is quick, and nobody's goal.
    const refused = lhr.audits["network-requests"].details.items.filter(({ statusCode }) => statusCode >= 400);
    expect(refused.map(({ statusCode, url }) => `${statusCode} ${url}`)).toEqual([]);
    return lhr;
  } finally {
    clearTimeout(timer);
    await chrome.kill();
  }
}

/** Each run is a first visit: a device that comes back with nothing is told that its storage was cleared. */
async function scores(url, signedIn, launchOptions) {
  const runs = [];
  for (let tries = 0; runs.length < RUNS; tries++) {
    const lhr = await run(url, await signedIn(), launchOptions).catch((error) => {
      console.log(`${error.message}: run again`);
      if (tries > RUNS) throw error;
    });
    if (!lhr) continue;
    // What costs points, by name.
    for (const { id, weight } of lhr.categories["best-practices"].auditRefs) {
      const { score, details } = lhr.audits[id];
      if (weight && score !== null && score < 1) console.log(`${id}: ${JSON.stringify(details?.items)}`);
    }
    runs.push({
      performance: Math.round(lhr.categories.performance.score * 100),
      accessibility: Math.round(lhr.categories.accessibility.score * 100),
      practices: Math.round(lhr.categories["best-practices"].score * 100),
      fcp: Math.round(lhr.audits["first-contentful-paint"].numericValue),
      lcp: Math.round(lhr.audits["largest-contentful-paint"].numericValue),
      tbt: Math.round(lhr.audits["total-blocking-time"].numericValue),
      interactive: Math.round(lhr.audits["interactive"].numericValue),
      cls: lhr.audits["cumulative-layout-shift"].numericValue?.toFixed(3),
    });
  }
  console.table(runs);
  return {
    performance: median(runs.map((run) => run.performance)),
    interactive: median(runs.map((run) => run.interactive)),
    accessibility: Math.min(...runs.map((run) => run.accessibility)),
    practices: Math.min(...runs.map((run) => run.practices)),
  };
}

for (const [name, who, path, held] of [
  ["the app", "vapaaehtoinen", "/app", 90],
  ["the municipality's page", "koordinaattori", "/kunta", 90],
]) {
  test(`Lighthouse is content with ${name}`, async ({ server, request, launchOptions }) => {
    // Five runs, and as many again where what else the machine did counted, or where Lighthouse waits for a page that does not come to rest.
    test.setTimeout(600_000);
    const signedIn = async () => {
      const answer = await request.post(`${server.url}/kirjaudu/demo`, { form: { who }, maxRedirects: 0, headers: { Cookie: "", Origin: server.url } });
      const set = answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie");
      // Without the cookies that it takes back.
      return set.map(({ value }) => value.split(";")[0]).filter((pair) => !pair.endsWith("=")).join("; ");
    };
    const series = async () => {
      const seen = await scores(server.url + path, signedIn, launchOptions);
      const { performance, interactive, accessibility, practices } = seen;
      console.log(`${path}: median performance ${performance} (goal ${GOAL}, held ${held}), interactive ${interactive} ms (goal ${INTERACTIVE_MS_MAX}), lowest accessibility ${accessibility}, best practices ${practices}`);
      return seen;
    };
    let seen = await series();
    if (seen.performance < held || seen.interactive > INTERACTIVE_MS_MAX) seen = await series();
    const { performance, interactive, accessibility, practices } = seen;
    expect.soft(performance).toBeGreaterThanOrEqual(held);
    expect.soft(interactive).toBeLessThanOrEqual(INTERACTIVE_MS_MAX);
    expect.soft(accessibility).toBe(100);
    expect.soft(practices).toBe(100);
  });
}
