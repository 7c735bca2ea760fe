// How the specs run. `cargo xtask test e2e` builds the server, finds the browser and calls Playwright; each spec starts
// a server of its own through a fixture, so there is no `webServer` here.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { defineConfig } from "@playwright/test";

/** The browser that xtask named, or the system's, for those who call Playwright themselves. */
function chromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env.HYTEVIHKO_CHROMIUM || places.find((place) => existsSync(place));
}

/** They measure time, and nothing runs beside them: xtask calls them by themselves. */
const TIMED = ["lighthouse.spec.mjs", "quick-to-record.spec.mjs"];
const TEN_YEARS = "ten-years.spec.mjs";
const SCREENSHOTS = "screenshots.spec.mjs";

export default defineConfig({
  testDir: "specs",
  // Each test has a server, a browser's storage and a port of its own, and waits most of its time (an undo bar for ten seconds).
  workers: Math.min(2, availableParallelism()),
  fullyParallel: true,
  // A test that passes the second time has found something.
  retries: 0,
  // A machine that does something else too is two or three times slower; nothing rests on these.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  // The same on every machine: what is compared is words, not pictures. A missing one fails; they are written on purpose only.
  snapshotPathTemplate: "{testDir}/{testFileName}-snapshots/{arg}{ext}",
  updateSnapshots: "none",
  forbidOnly: Boolean(process.env.CI),
  // xtask counts the tests from the second one.
  reporter: [["list"], ["json", { outputFile: process.env.HYTEVIHKO_REPORT ?? "test-results/report.json" }]],
  use: {
    browserName: "chromium",
    locale: "fi-FI",
    timezoneId: "Europe/Helsinki",
    // A click that has to wait longer has found something too.
    actionTimeout: 15_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium(),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        // The browser must have nothing to say to anybody but the test's server.
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "timed", testMatch: TIMED, workers: 1 },
    { name: "main", testIgnore: [...TIMED, TEN_YEARS, SCREENSHOTS] },
    { name: "ten-years", testMatch: TEN_YEARS, workers: 1 },
    { name: "screenshots", testMatch: SCREENSHOTS },
  ],
});
