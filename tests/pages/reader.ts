/**
 * A browser without scripts.
 * @module
 */
import type { Account } from "@/lib/model/account.ts";
import type { TestServer } from "@/tests/server.ts";

/** A browser without scripts: it keeps cookies, and sends forms. */
export class Reader {
  readonly #server: TestServer;
  readonly #cookies = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  /** Sets a cookie as a page's script would. */
  keep(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  /** Opens a page. */
  async get(
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; to: string; html: string }> {
    return await this.#ask(path, { headers });
  }

  /** Sends a form. */
  async send(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return await this.#ask(path, { method: "POST", body: new URLSearchParams(fields), headers });
  }

  /** Sends a form with a file in it. */
  async upload(path: string, name: string, bytes: Uint8Array<ArrayBuffer>) {
    const body = new FormData();
    body.set(name, new File([bytes], "picture"));
    return await this.#ask(path, { method: "POST", body });
  }

  async #ask(path: string, init: RequestInit) {
    const headers = new Headers(init.headers);
    headers.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await this.#server.fetch(path, { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return { status: response.status, to: response.headers.get("location") ?? "", html: await response.text() };
  }
}

/** Somebody who has come in by the front door under a name. */
export async function named(server: TestServer, name: string): Promise<Reader> {
  const reader = new Reader(server);
  await reader.send("/join", { name, next: "/" });
  return reader;
}

/** Somebody with an account, signed in; `account` is what it is from the start. */
export async function signedIn(server: TestServer, name: string, account: Partial<Account> = {}) {
  const person = await server.person(name, account), reader = new Reader(server);
  reader.keep("hubbub_session", person.secret);
  return { person, reader };
}
