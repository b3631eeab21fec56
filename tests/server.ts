/**
 * A whole server in this process, over a store in memory, and clients for it.
 * @module
 */
import { Builder } from "fresh/dev";
import type { App } from "fresh";
import { newPersonId } from "@/lib/chat/accounts.ts";
import { HASH_COST } from "@/lib/chat/passwords.ts";
import { fold } from "@/lib/model/names.ts";
import { type Chat, type State } from "@/lib/http/state.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Account } from "@/lib/model/account.ts";
import { put } from "@/lib/store/commit.ts";
import { createApp, createHandler } from "@/lib/server/app.ts";
import { type ChatSettings, compose } from "@/lib/server/compose.ts";
import { UNLIMITED } from "@/tests/people.ts";
import { Client, dial, type DialOptions } from "@/tests/client.ts";

/** An account that is signed in. */
export interface TestPerson {
  readonly id: string;
  readonly name: string;
  /** The session's secret, as its cookie holds it. */
  readonly secret: string;
  /** An access token. */
  readonly token: string;
  /** Authenticates by the access token. */
  readonly headers: { readonly authorization: string };
  /** Authenticates by the session's cookie. */
  readonly cookie: { readonly cookie: string };
}

/** A server that answers on a port of its own. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly chat: Chat;
  /** A request; `path` begins with a slash, `json` is sent as JSON. */
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  /** A socket; `path` begins with a slash. */
  socket(path: string, options?: DialOptions): Client;
  /** Makes an account that is signed in, without a password. */
  person(name: string, account?: Partial<Account>): Promise<TestPerson>;
  /** Lets a guest join a room, and resolves after `connected` and the first `users_list`. */
  join(username: string, room?: number | string): Promise<Client>;
}

const NOBODY = { email: null, about: "", avatar: null, admin: false, disabled: false, generation: 0 };

const root = new URL("..", import.meta.url).pathname;
// A millisecond for each hash.
HASH_COST.N = 2 ** 10;
let applied: Promise<(app: App<State>) => void> | undefined;

/** Starts a server. The pages and islands are built once a test file. */
export async function serve(options: Partial<ChatSettings> = {}): Promise<TestServer> {
  const apply = await (applied ??= new Builder({ root }).build({ snapshot: "memory" }));
  const chat = await compose({ ...UNLIMITED, ...options });
  const app = createApp(() => Promise.resolve(chat));
  apply(app);
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, createHandler(app.handler()));
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
    async person(name, given = {}) {
      const account: Account = { ...NOBODY, id: newPersonId(), name, createdAt: Date.now(), ...given };
      const { store, sessions, tokens } = chat, { id } = account;
      const enabled = { ...account, disabled: false };
      await store.commit([], [put(keys.account(id), enabled), put(keys.accountByName(fold(name)), id)]);
      const { secret, session } = await sessions.open(account, "a test");
      const { token } = await tokens.sign({ account: id, session: session.id });
      if (account.disabled) await store.commit([], [put(keys.account(id), account)]);
      const headers = { authorization: `Bearer ${token}` };
      return { id, name, secret, token, headers, cookie: { cookie: `hubbub_session=${secret}` } };
    },
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
