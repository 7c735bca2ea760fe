// The app in the browser, as the harness sees it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { words } from "./words.mjs";

const script = readFileSync(join(import.meta.dirname, "in-page.js"), "utf8");

/** A volunteer's phone: a profile folder, and a browser on it while there is one. */
export class Phone {
  constructor(profile, url) {
    this.profile = profile;
    this.url = url;
    /** What the page told, in order: `{begun}`, `{saved}`, `{failed}`. */
    this.onTold = () => {};
    this.panics = [];
  }

  async start() {
    this.browser = await Browser.start(this.profile);
    this.browser.listeners.add((method, params) => {
      if (method === "Runtime.bindingCalled" && params.name === "hytevihkoTells")
        this.onTold(JSON.parse(params.payload));
      if (method === "Runtime.consoleAPICalled" && params.type === "error") this.hearError(params.args);
    });
    const source = script.replace('"%SETTINGS%"', JSON.stringify(words));
    await Promise.all([
      this.browser.page("Page.enable"),
      this.browser.page("Runtime.enable"),
      this.browser.page("Runtime.addBinding", { name: "hytevihkoTells" }),
      this.browser.page("Page.addScriptToEvaluateOnNewDocument", { source }),
    ]);
    return this;
  }

  hearError(args) {
    const text = args.map((arg) => arg.value ?? arg.description ?? "").join(" ");
    if (/panicked/.test(text)) this.panics.push(text.slice(0, 500));
  }

  /** Opens an address of the app and waits until it stands. */
  async open(path = "/app/kerrat", ms = undefined) {
    const { errorText } = await this.browser.page("Page.navigate", { url: this.url + path });
    if (errorText) throw new Error(`${path}: ${errorText}`);
    await this.call("opened", ...(ms ? [ms] : []));
  }

  /** Calls a function of in-page.js. */
  call(name, ...args) {
    return this.browser.evaluate(`hytevihko.${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
  }

  /** The one visit with a network: signed in as the demo's volunteer, the worker installed, closed in peace. */
  async firstVisit() {
    await this.signIn();
    await this.call("ready");
  }

  async signIn() {
    const { errorText } = await this.browser.page("Page.navigate", { url: `${this.url}/` });
    if (errorText) throw new Error(`/: ${errorText}`);
    const press = `(async () => {
      const button = () => document.querySelector('button[value="vapaaehtoinen"]');
      for (let n = 0; n < 2000 && !button(); n++) await new Promise((resolve) => setTimeout(resolve, 5));
      setTimeout(() => button().click());
    })()`;
    await this.browser.evaluate(press);
    // The page goes away under the question: asked again until the app answers.
    const end = Date.now() + 30_000;
    for (;;) {
      try {
        if ((await this.browser.evaluate("location.pathname")).startsWith("/app")) return await this.call("opened");
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      if (Date.now() > end) throw new Error("the sign-in led nowhere");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill() {
    await this.browser.kill();
  }

  async close() {
    await this.browser.close();
  }
}
