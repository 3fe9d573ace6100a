// Runs emulate's GitHub, one at a time, on a port of 127.0.0.1 that the system chooses. It is told what to do
// by lines of JSON on stdin and answers on stdout. Its webhooks are kept here until they are asked for, so that
// what a request caused is known when its answer is there.
import http from "node:http";
import net from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

console.log = console.error;
const { createEmulator } = await import(pathToFileURL(process.argv[2]).href);

let listening;
http.Server.prototype.listen = function () {
  this.keepAliveTimeout = 600_000;
  this.requestTimeout = 0;
  listening = this;
  return net.Server.prototype.listen.call(this, 0, "127.0.0.1");
};

let hooks = [];
globalThis.fetch = async (_url, { headers, body }) => {
  hooks.push({ event: headers["X-GitHub-Event"], payload: JSON.parse(body) });
  return new Response("", { status: 200 });
};

let emulator;
const commands = {
  async start({ seed, baseUrl }) {
    listening?.closeAllConnections();
    await emulator?.close();
    hooks = [];
    emulator = await createEmulator({ service: "github", port: 0, seed, baseUrl });
    if (!listening.listening) await new Promise((resolve) => listening.once("listening", resolve));
    return { port: listening.address().port };
  },
  async hooks() {
    const taken = hooks;
    hooks = [];
    return { hooks: taken };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...options } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[command](options);
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
process.exit(0);
