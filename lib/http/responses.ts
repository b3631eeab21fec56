/**
 * Responses that several endpoints have.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { Room } from "@/lib/model/room.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import { query } from "@/lib/http/path_params.ts";
import type { State } from "@/lib/http/state.ts";
import { readMessageJson, roomJson } from "@/lib/protocols/room/views.ts";
import { messagesQuery } from "@/lib/protocols/fields.ts";

/** A room as the actor sees it. Throws {@link ChatError} `room_not_found` where it has just gone. */
export async function roomResponse({ state: { chat, actor } }: Context<State>, room: Room, init?: ResponseInit) {
  const head = await chat.log.head(room.id);
  if (!head) throw new ChatError("room_not_found");
  return Response.json(roomJson(room, head, chat.hub.online.count(room.id), actor?.person), init);
}

/** A list, with the addresses of the pages beside this one in a `Link` header. */
export function listResponse(url: URL, items: readonly unknown[], beside: Parameters<typeof link>[1]): Response {
  const header = link(url, beside);
  return Response.json(items, header ? { headers: { link: header } } : {});
}

/** The message with this id, as the actor sees it. Throws {@link ChatError} `message_not_found`. */
export async function messageResponse({ chat, actor }: State, id: number): Promise<Response> {
  const { room } = await chat.rooms.ofMessage(actor, id);
  const [post] = await chat.messages.seenBy(actor?.person, room.id, [await chat.messages.get(room, id)]);
  return Response.json(post && readMessageJson(room.id, post));
}

/** The page of a room's messages that the query asks for; `json` makes the JSON of each. */
export async function historyResponse(
  { url, state: { chat, actor } }: Context<State>,
  room: Room,
  json: (room: number, post: Post) => unknown,
): Promise<Response> {
  const { posts, older, newer } = await chat.messages.page(room, query(url, messagesQuery));
  const seen = await chat.messages.seenBy(actor?.person, room.id, posts);
  const first = posts[0], last = posts.at(-1);
  return listResponse(url, seen.map((post) => json(room.id, post)), {
    prev: older && first ? { before: messageId(room.id, first.seq) } : undefined,
    next: newer && last ? { after: messageId(room.id, last.seq) } : undefined,
  });
}

/**
 * Everything that the server keeps of the actor, as a file with an item a line.
 *
 * @throws {ChatError} What the policy says, and `rate_limited`.
 */
export async function exportResponse({ state }: Context<State>): Promise<Response> {
  const lines = await state.chat.gate.execute("exportData", state, {});
  return new Response(ReadableStream.from(lines).pipeThrough(new TextEncoderStream()), {
    headers: {
      "content-type": "application/jsonl; charset=utf-8",
      "content-disposition": 'attachment; filename="hubbub.jsonl"',
      "cache-control": "no-store",
    },
  });
}

/** A `Link` header (RFC 8288) with an address of the same page for each relation. */
function link(
  url: URL,
  relations: Record<string, Record<string, string | number> | undefined>,
): string | undefined {
  const links = Object.entries(relations).flatMap(([rel, change]) => {
    if (!change) return [];
    const target = new URL(url);
    for (const cursor of ["before", "after", "around", "cursor"]) target.searchParams.delete(cursor);
    for (const [name, value] of Object.entries(change)) target.searchParams.set(name, String(value));
    return [`<${target.pathname}${target.search}>; rel="${rel}"`];
  });
  return links.length > 0 ? links.join(", ") : undefined;
}
