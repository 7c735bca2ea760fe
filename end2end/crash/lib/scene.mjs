// A phone, a bad network and a server.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "./browser.mjs";
import { Phone } from "./page.mjs";
import { Proxy } from "./proxy.mjs";
import { freePort } from "../../fixtures/process.mjs";
import { Server } from "./server.mjs";
import { says } from "./words.mjs";

const FIRST_MARK = 1_000;
/** How long a gathering may take to arrive once the network is good again. */
const ARRIVE_MS = 20_000;

export class Scene {
  /** `events` takes what was found wrong, in words. */
  static async begin(events) {
    const scene = new Scene();
    scene.events = events;
    scene.server = await new Server(await freePort()).start();
    scene.proxy = await new Proxy(await freePort(), scene.server).start();
    scene.profile = mkdtempSync(join(tmpdir(), "hytevihko-crash-profile-"));
    scene.phone = await new Phone(scene.profile, scene.proxy.url).start();
    await scene.phone.firstVisit();
    await scene.phone.open();
    scene.demo = (await scene.phone.call("read")).items.length;
    return scene;
  }

  conversations = 0;
  next = FIRST_MARK;
  /** Gatherings of ours so far. */
  marks = 0;
  after = 0;
  held = new Map();

  async record(run) {
    const mark = this.next++;
    await this.phone.call("record", mark, `network ${mark}`);
    this.marks += 1;
    run.saved += 1;
    return mark;
  }

  /** The network is good: the gathering must arrive, the phone hear of it, and the server hold it once. */
  async arrives(run, mark, part) {
    const { proxy, phone } = this;
    const pulls = proxy.good.pull;
    const until = Date.now() + ARRIVE_MS;
    for (;;) {
      await phone.call("online");
      const states = await phone.call("state", mark);
      if (states.length > 1) {
        run.doubled += 1;
        this.events.push({ about: `${mark} stands ${states.length} times in the list`, doubled: 1 });
        break;
      }
      if (states.length === 1 && says("received", states) && (part !== "pull" || proxy.good.pull > pulls)) break;
      if (Date.now() > until) {
        run.stuck += 1;
        this.events.push({ about: `${mark} did not arrive: ${JSON.stringify(states)}`, stuck: 1 });
        break;
      }
      await sleep(40);
    }
    const { records, next } = await this.server.gatherings(this.after);
    this.after = next;
    for (const { id, rev, content } of records) this.held.set(id, { rev, content });
    const found = [...this.held.values()].filter(({ content }) => content.participants === mark);
    if (found.length === 0) {
      run.lost += 1;
      this.events.push({ about: `${mark} is not on the server`, lost: 1 });
    } else if (found.length > 1) {
      run.doubled += 1;
      this.events.push({ about: `${mark} is on the server ${found.length} times`, doubled: 1 });
    } else if (found[0].rev !== 1 || found[0].content.note !== `network ${mark}`) {
      run.changed += 1;
      this.events.push({ about: `${mark} is on the server as ${JSON.stringify(found[0])}`, changed: 1 });
    } else run.arrived += 1;
  }

  async end() {
    await this.phone?.kill().catch(() => {});
    await this.proxy?.stop();
    await this.server.drop();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
