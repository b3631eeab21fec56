/**
 * Requests that several tests make.
 * @module
 */
import { z } from "zod";
import type { TestServer } from "@/tests/server.ts";

/** The header with the cookie of somebody who has said something in room 1 under this name. */
export async function guestCookie(server: TestServer, username: string): Promise<{ cookie: string }> {
  const json = { content: `I am ${username}.`, username };
  const response = await server.fetch("/api/chat/rooms/1/messages", { method: "POST", json });
  await response.body?.cancel();
  return { cookie: response.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
}

/** The pages of a list from `path` on, by the addresses that the answers give. */
export async function pages(server: TestServer, path: string, rel: "prev" | "next"): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    if (pages.length === 1_000) throw new Error("The pages have no end");
    const response: Response = await server.fetch(next);
    pages.push(await response.json());
    next = linked(response, rel);
  }
  return pages;
}

/** The address that a `Link` header gives for a relation. */
export function linked(response: Response, rel: "prev" | "next"): string | undefined {
  const links = response.headers.get("link") ?? "";
  return new RegExp(`<([^>]*)>; rel="${rel}"`).exec(links)?.[1];
}

/** All keys and values of the store once no job is left, as one text. */
export async function everything(server: TestServer): Promise<string> {
  await server.chat.jobs.idle();
  const rows: unknown[] = [];
  for await (const row of server.chat.store.list({ schema: z.unknown(), prefix: [] })) rows.push(row);
  return JSON.stringify(rows);
}
