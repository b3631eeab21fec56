/**
 * A whole server in this process, over a store in memory, and clients for it.
 * @module
 */
import { Builder } from "fresh/dev";
import type { App } from "fresh";
import { type Chat, type ChatOptions, openChat, type State } from "@/lib/http/state.ts";
import { createApp, hardened } from "@/main.ts";
import { UNLIMITED } from "@/tests/people.ts";
import { Client, dial, type DialOptions } from "@/tests/client.ts";

/** A server that answers on a port of its own. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly chat: Chat;
  /** A request; `path` begins with a slash, `json` is sent as JSON. */
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  /** A socket; `path` begins with a slash. */
  socket(path: string, options?: DialOptions): Client;
  /** Somebody in a room (1 where none is named), past `connected` and the first `users_list`. */
  join(username: string, room?: number | string): Promise<Client>;
}

const root = new URL("..", import.meta.url).pathname;
let applied: Promise<(app: App<State>) => void> | undefined;

/** Starts a server. The pages and islands are built once a test file. */
export async function serve(options: Partial<ChatOptions> = {}): Promise<TestServer> {
  const apply = await (applied ??= new Builder({ root }).build({ snapshot: "memory" }));
  const chat = await openChat({ ...UNLIMITED, ...options });
  const app = createApp(() => Promise.resolve(chat));
  apply(app);
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, hardened(app.handler()));
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const clients: Client[] = [];
  const socket = (path: string, options: DialOptions = {}) => {
    const client = dial(url.replace("http", "ws") + path, options);
    clients.push(client);
    return client;
  };
  return {
    url,
    chat,
    fetch: (path, { json, ...init } = {}) =>
      fetch(url + path, json === undefined ? init : { ...init, body: JSON.stringify(json) }),
    socket,
    async join(username, room = 1) {
      const client = socket(`/ws/chat/${room}`);
      await client.send({ username });
      await client.until("users_list");
      return client;
    },
    async [Symbol.asyncDispose]() {
      const closing = listener.shutdown();
      for (const client of clients) client.close();
      await chat[Symbol.asyncDispose]();
      await closing;
    },
  };
}
