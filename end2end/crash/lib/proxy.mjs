// A bad network: stands between the browser and the server, and spoils the answer that it is told to.
import { createServer } from "node:http";
import { connect } from "node:net";

/** What an answer is to: the two halves of a conversation with the server. */
export function part(url) {
  if (url.startsWith("/api/v1/sync/push")) return "push";
  if (url.startsWith("/api/v1/sync/pull")) return "pull";
  return "other";
}

export class Proxy {
  constructor(port, server) {
    this.port = port;
    this.server = server;
    this.url = `http://127.0.0.1:${port}`;
    /** Good answers to each part since the start. */
    this.good = { push: 0, pull: 0, other: 0 };
    /** The last whole answer to each part. */
    this.last = {};
    this.fault = undefined;
    /** Parts that get no answer at all, as without a network. */
    this.closed = new Set();
    this.http = createServer((incoming) => this.handle(incoming).catch(() => incoming.socket.destroy()));
  }

  async start() {
    await new Promise((resolve, reject) => this.http.once("error", reject).listen(this.port, "127.0.0.1", resolve));
    return this;
  }

  async stop() {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** Spoils the next answer to `part` by `spoil(context)`; resolves with what that returns, when it is done. */
  spoilNext(part, spoil) {
    return new Promise((resolve, reject) => {
      this.fault = { part, spoil, resolve, reject };
    });
  }

  async handle(incoming) {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { socket } = incoming;
    const which = part(incoming.url);
    const forward = (changed = body) => this.forward(incoming, changed);
    if (this.closed.has(which)) return socket.destroy();
    const { fault } = this;
    if (fault?.part === which) {
      this.fault = undefined;
      try {
        fault.resolve(await fault.spoil({ socket, body, forward, last: this.last[which] }));
      } catch (error) {
        fault.reject(error);
      }
      return undefined;
    }
    const answer = await forward();
    await end(socket, answer);
    this.last[which] = answer;
    this.good[which] += 1;
    return undefined;
  }

  /** The server's whole answer as it came over the wire. */
  forward(incoming, body) {
    const headers = incoming.rawHeaders.reduce(
      (pairs, text, index, all) => (index % 2 ? pairs : [...pairs, [text, all[index + 1]]]),
      [],
    );
    const kept = headers.filter(([name]) => !/^(connection|content-length|keep-alive)$/i.test(name));
    const length = body.length ? [["content-length", body.length]] : [];
    const head = [...kept, ...length, ["connection", "close"]].map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return new Promise((resolve, reject) => {
      const upstream = connect(this.server.port, "127.0.0.1");
      const chunks = [];
      upstream.on("data", (chunk) => chunks.push(chunk));
      upstream.on("error", reject);
      upstream.on("end", () => resolve(Buffer.concat(chunks)));
      upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${head}\r\n`);
      upstream.write(body);
    });
  }
}

/** Writes to the end, and closes as a server does. */
export function end(socket, bytes) {
  return new Promise((resolve) => {
    socket.once("close", resolve);
    socket.once("error", resolve);
    socket.end(bytes);
  });
}
