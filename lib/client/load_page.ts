import { type Post, type Reaction, splitMessageId } from "@/lib/model/message.ts";
import { type MessageWindow, PAGE_SIZE } from "@/lib/client/message_window.ts";

/** Which page of history: the newest, or the one beside a message id. */
export type PageQuery = { readonly before: number } | { readonly after: number } | Record<never, never>;

/** Loads a page of a room's history. Rejects if the server refuses or cannot be reached. */
export type LoadPage = (room: number, query: PageQuery) => Promise<MessageWindow>;

/** Loads a page over REST. */
export const loadPage: LoadPage = async (room, query) => {
  const address = new URL(`/api/chat/rooms/${room}/messages`, location.href);
  address.searchParams.set("limit", String(PAGE_SIZE));
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value));
  const response = await fetch(address, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`Cannot load messages: the server answered ${response.status}`);
  return pageOf(await response.json(), response.headers.get("link") ?? "");
};

/**
 * Parses a page of messages; the `Link` header says on which sides there are more.
 *
 * @throws {TypeError} If the body is not an array of messages.
 */
export function pageOf(body: unknown, link: string): MessageWindow {
  if (!Array.isArray(body)) throw new TypeError("Cannot read a page of messages: not an array");
  return { posts: body.map(postOf), older: /rel="?prev"?/.test(link), newer: /rel="?next"?/.test(link) };
}

function postOf(message: unknown): Post {
  if (!isRecord(message)) throw new TypeError("Cannot read a message: not an object");
  const { reply_to, edited_at, reactions } = message;
  return {
    type: "post",
    seq: number(message.seq),
    at: Date.parse(text(message.timestamp)),
    by: { id: text(message.user_id), name: text(message.username), guest: message.guest === true },
    content: text(message.content),
    editedAt: typeof edited_at === "string" ? Date.parse(edited_at) : null,
    replyTo: typeof reply_to === "number" ? splitMessageId(reply_to)?.seq ?? null : null,
    pinned: message.pinned === true,
    reactions: Array.isArray(reactions) ? reactions.map(reactionOf) : [],
  };
}

function reactionOf(reaction: unknown): Reaction {
  if (!isRecord(reaction)) throw new TypeError("Cannot read a reaction: not an object");
  const users = Array.isArray(reaction.users) ? reaction.users.map(text) : [];
  return { emoji: text(reaction.emoji), count: number(reaction.count), users, mine: reaction.mine === true };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("Cannot read a message: a text is missing");
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("Cannot read a message: a number is missing");
  return value;
}
