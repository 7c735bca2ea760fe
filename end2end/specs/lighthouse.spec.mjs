// Lighthouse's mobile run: a slow phone on a slow network.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { expect, signIn, test } from "../fixtures/server.mjs";

const RUNS = 3;
/** A run takes about ten seconds. */
const RUN_MS_MAX = 60_000;
/** The performance aimed at on every page. */
const GOAL = 90;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

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
    onlyCategories: ["performance", "accessibility"],
    extraHeaders: cookie ? { Cookie: cookie } : undefined,
    logLevel: "error",
  };
  try {
    return (await Promise.race([lighthouse(url, flags), stuck])).lhr;
  } finally {
    clearTimeout(timer);
    await chrome.kill();
  }
}

async function scores(url, cookie, launchOptions) {
  const runs = [];
  for (let tries = 0; runs.length < RUNS; tries++) {
    const lhr = await run(url, cookie, launchOptions).catch((error) => {
      console.log(`${error.message}: run again`);
      if (tries > RUNS) throw error;
    });
    if (!lhr) continue;
    runs.push({
      performance: Math.round(lhr.categories.performance.score * 100),
      accessibility: Math.round(lhr.categories.accessibility.score * 100),
      fcp: Math.round(lhr.audits["first-contentful-paint"].numericValue),
      lcp: Math.round(lhr.audits["largest-contentful-paint"].numericValue),
      tbt: Math.round(lhr.audits["total-blocking-time"].numericValue),
      cls: lhr.audits["cumulative-layout-shift"].numericValue?.toFixed(3),
    });
  }
  console.table(runs);
  return {
    performance: median(runs.map((run) => run.performance)),
    accessibility: Math.min(...runs.map((run) => run.accessibility)),
  };
}

for (const [name, who, path, least] of [
  // Not at the goal yet: docs/TESTING says what was measured and where the time goes. Only ever raised.
  ["the app", "vapaaehtoinen", "/app", 60],
  ["the municipality's page", "koordinaattori", "/kunta", GOAL],
]) {
  test(`Lighthouse is content with ${name}`, async ({ server, page, launchOptions }) => {
    test.setTimeout(240_000);
    await signIn(page, server, who);
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    // Not closed: the browser sometimes never answers that.
    await page.goto("about:blank");
    const { performance, accessibility } = await scores(server.url + path, cookie, launchOptions);
    console.log(`${path}: median performance ${performance} (goal ${GOAL}), lowest accessibility ${accessibility}`);
    expect.soft(performance).toBeGreaterThanOrEqual(least);
    expect.soft(accessibility).toBe(100);
  });
}
