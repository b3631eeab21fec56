/**
 * What is left once everything is quiet: the log in the store, and what each instance says about it.
 * @module
 */
import { z } from "zod";
import { type Entry } from "@/lib/model/entry.ts";
import { messageId } from "@/lib/model/message.ts";
import { Log } from "@/lib/store/log/log.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { FinalState, SeenEntry } from "@/tests/cluster/history.ts";
import { ask } from "@/tests/limits.ts";

const PAGE = 300;
const ANSWER_MS = 10_000;

const messages = z.array(z.object({ id: z.int(), username: z.string(), content: z.string() }));
const stats = z.object({ users: z.array(z.string()) });
const health = z.object({
  connections: z.int(),
  system: z.object({ memory: z.object({ rss_bytes: z.number() }) }),
});
const unread = z.array(z.object({ room_id: z.int(), unread: z.int() }));

/** A room as the store has it, with nobody connected. */
export async function finalState(store: Store, room: number): Promise<FinalState> {
  const entries = await entriesOf(store, room);
  const posts = entries.filter(({ kind }) => kind === "post").map(({ id = 0, by = "", content = "" }) => {
    return { id, by, content };
  });
  return { room, entries, posts, connected: [], listed: [], unread: [] };
}

/** The whole log of a room. */
export async function entriesOf(store: Store, room: number): Promise<SeenEntry[]> {
  const log = new Log(store, () => undefined), head = await log.head(room);
  return (await log.read(room, 0, head?.seq ?? 0)).map((entry) => seenEntry(room, entry));
}

/** The `seq` at which a room's log ends. */
export async function headOf(store: Store, room: number): Promise<number> {
  return (await new Log(store, () => undefined).head(room))?.seq ?? 0;
}

/**
 * The whole history of a room, page by page, oldest first; for an account where a token is named.
 *
 * @throws {Error} If a page does not go back.
 */
export async function postsOf(url: string, room: number, token?: string): Promise<FinalState["posts"]> {
  const posts: FinalState["posts"][number][] = [];
  while (true) {
    const before = posts.length > 0 ? `&before=${posts[0]!.id}` : "";
    const page = messages.parse(await json(`${url}/api/chat/rooms/${room}/messages?limit=${PAGE}${before}`, token));
    if (page.length === 0) return posts;
    if (posts.length > 0 && page[0]!.id >= posts[0]!.id) {
      throw new Error(`The page before ${page[0]!.id} is not older.`);
    }
    posts.unshift(...page.map(({ id, username, content }) => ({ id, by: username, content })));
  }
}

/** The people in a room as an instance lists them to an account, sorted. */
export async function peopleOf(url: string, room: number, token: string): Promise<string[]> {
  return stats.parse(await json(`${url}/room/${room}/stats`, token)).users.sort();
}

/** The sockets of an instance, and its resident memory in bytes. */
export async function healthOf(url: string): Promise<{ connections: number; bytes: number }> {
  const { connections, system: { memory } } = health.parse(await json(`${url}/health`));
  return { connections, bytes: memory.rss_bytes };
}

/** How much is unread by an account, by room. */
export async function unreadOf(url: string, token: string): Promise<Map<number, number>> {
  const found = unread.parse(await json(`${url}/api/chat/me/unread`, token));
  return new Map(found.map(({ room_id, unread }) => [room_id, unread]));
}

async function json(url: string, token?: string): Promise<unknown> {
  const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await ask(url, { headers }, ANSWER_MS);
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${await response.text()}`);
  return await response.json();
}

/** An entry of a room's log as a client of protocol 5 sees it. */
export function seenEntry(room: number, entry: Entry): SeenEntry {
  const { seq, by: { name: by } } = entry;
  switch (entry.type) {
    case "post": {
      const { content, nonce } = entry;
      return { seq, kind: "post", id: messageId(room, seq), by, content, ...(nonce === undefined ? {} : { nonce }) };
    }
    case "edit": {
      const { seq: post, by: { name }, content } = entry.message;
      return { seq, kind: "edit", id: messageId(room, post), by: name, content };
    }
    case "delete":
    case "react":
    case "pin":
      return { seq, kind: entry.type, id: messageId(room, entry.post), by };
    case "room":
    case "member":
      return { seq, kind: "other" };
  }
}
