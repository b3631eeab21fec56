/**
 * REST calls of a page.
 * @module
 */
import { RequestError } from "@/lib/client/connection.ts";
import { t } from "@/lib/ui/strings.ts";
import { type Post, type Reaction, splitMessageId } from "@/lib/model/message.ts";
import { type MessageWindow, PAGE_SIZE } from "@/lib/client/message_window.ts";

/**
 * Deletes a room with its messages.
 *
 * @throws {RequestError} If the server refuses or cannot be reached.
 */
export async function deleteRoom(id: number): Promise<void> {
  await ask(`/api/chat/rooms/${id}`, "DELETE");
}

/**
 * Posts a message; the same nonce again is the same message. Answers its `seq`.
 *
 * @throws {RequestError} If the server refuses, or with the code `going_away` if it cannot be reached.
 */
export async function postMessage(room: number, content: string, nonce: string): Promise<{ seq?: number }> {
  const message = await ask(`/api/chat/rooms/${room}/messages`, "POST", { content, nonce });
  return isRecord(message) && typeof message.seq === "number" ? { seq: message.seq } : {};
}

async function ask(path: string, method: string, body?: unknown): Promise<unknown> {
  const init = body === undefined
    ? {}
    : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(path, { method, ...init }).catch(() => undefined);
  if (!response) throw new RequestError("going_away", t.error.network);
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const { code, detail, errors } = isRecord(answer) ? answer : {};
  // The first wrong field says more than the whole.
  const message = Array.isArray(errors) && isRecord(errors[0]) ? errors[0].message : detail;
  throw new RequestError(textOr(code, "internal"), textOr(message, t.error.unexpected));
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

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
    nonce: typeof message.nonce === "string" ? message.nonce : undefined,
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
