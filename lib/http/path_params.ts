/**
 * What the address of a request names.
 * @module
 */
import type { Context } from "fresh";
import type { z } from "zod";
import { ChatError } from "@/lib/errors.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Actor, RoomAccess } from "@/lib/chat/policy.ts";
import { isUpgrade } from "@/lib/http/authenticate.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import { messageSegment } from "@/lib/protocols/fields.ts";
import { parse } from "@/lib/protocols/parse.ts";

/**
 * The room in `/api/chat/rooms/{room}`, by id or name, and the actor's role there.
 *
 * @throws {ChatError} `room_not_found` where the actor can't know of it.
 */
export function findRoom({ url, state: { chat, actor } }: Context<State>): Promise<RoomAccess> {
  return chat.rooms.find(actor, segments(url)[3] ?? "");
}

/**
 * The chat with this id, which is a room that isn't public, and the actor's role there.
 *
 * @throws {ChatError} `sign_in` for guests, `room_not_found` where the actor can't know of it.
 */
export async function findChat(chat: Chat, actor: Actor, id: string): Promise<RoomAccess> {
  chat.permissions.requireAccount(actor, "read");
  const access = /^\d{1,15}$/.test(id) ? await chat.rooms.access(actor, Number(id)) : null;
  if (!access || access.room.kind === "public") throw new ChatError("room_not_found");
  chat.permissions.requireRead(access);
  return access;
}

/** The people of a chat, online or not. */
export async function participantsOf({ members }: Chat, { id, between }: Room): Promise<readonly Person[]> {
  return between ?? await members.people(id);
}

/** The message id in `/api/chat/messages/{id}`. Throws {@link ChatError} `invalid`. */
export function messageIdIn(url: URL): number {
  return parse(messageSegment, segments(url)[3]);
}

/**
 * The decoded path segments of a request, `%2F` too, which Fresh's params leave as it is.
 *
 * @throws {ChatError} `invalid` for a malformed `%`.
 */
export function segments(url: URL): string[] {
  try {
    return url.pathname.split("/").filter((segment) => segment !== "").map(decodeURIComponent);
  } catch {
    throw new ChatError("invalid", "The address has a malformed % in it.");
  }
}

/** The query as an object. Of a repeated name the last one counts. */
export function query<T>(url: URL, schema: z.ZodType<T>): T {
  return parse(schema, Object.fromEntries(url.searchParams));
}

/**
 * The same request without a slash at the end of an API address: Fresh's exact paths allow one, its patterns don't.
 * An upgrade stays the request that it is, as only that one can become a socket.
 */
export function withoutSlash(request: Request): Request {
  const { url, method, headers, body } = request;
  if (
    !/^\w+:\/\/[^/]+\/(?:api|chat|users|token|auth|room|stats|health|metrics|ws)\b[^?]*\/(\?|$)/.test(url) ||
    isUpgrade(request)
  ) {
    return request;
  }
  return new Request(url.replace(/\/+(?=\?|$)/, ""), { method, headers, body });
}
