/**
 * From a path of the API to what it names.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { splitMessageId } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Actor, RoomAccess } from "@/lib/chat/policy.ts";
import { segments } from "@/lib/http/api.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import { messageSegment } from "@/lib/protocols/fields.ts";
import { parse } from "@/lib/protocols/parse.ts";

/**
 * The room in `/api/chat/rooms/{room}`, by id or name, and what the actor is there.
 *
 * @throws {ChatError} `room_not_found` where there is none that the actor may know of.
 */
export function findRoom({ url, state: { chat, actor } }: Context<State>): Promise<RoomAccess> {
  return chat.rooms.find(actor, segments(url)[3] ?? "");
}

/**
 * The chat with this id, a room that is not public, and what the actor is there.
 *
 * @throws {ChatError} `sign_in` for guests, `room_not_found` where there is none that the actor is in.
 */
export async function findChat(chat: Chat, actor: Actor, id: string): Promise<RoomAccess> {
  chat.permissions.requireAccount(actor, "read");
  const access = /^\d{1,15}$/.test(id) ? await chat.rooms.access(actor, Number(id)) : null;
  if (!access || access.room.kind === "public") throw new ChatError("room_not_found");
  chat.policy.read(access);
  return access;
}

/** Who is in a chat, here now or not. */
export async function participantsOf({ members }: Chat, { id, between }: Room): Promise<readonly Person[]> {
  return between ?? await members.people(id);
}

/**
 * The message id in `/api/chat/messages/{id}`, and what the actor is in its room.
 *
 * @throws {ChatError} `invalid` for what is not an id, `message_not_found` where the actor may not know of the room.
 */
export function findMessage(ctx: Context<State>): Promise<{ access: RoomAccess; id: number }> {
  return standingAt(ctx, parse(messageSegment, segments(ctx.url)[3]));
}

/** What the actor is in the room of a message. Throws {@link ChatError} as {@link findMessage} does. */
export async function standingAt(
  { state: { chat, actor } }: Context<State>,
  id: number,
): Promise<{ access: RoomAccess; id: number }> {
  const place = splitMessageId(id);
  const access = place && await chat.rooms.access(actor, place.room);
  chat.policy.browse(actor);
  if (!access) throw new ChatError("message_not_found");
  try {
    chat.policy.read(access);
  } catch (error) {
    if (error instanceof ChatError && error.code === "room_not_found") throw new ChatError("message_not_found");
    throw error;
  }
  return { access, id };
}

/**
 * The people with these accounts, each once, without the actor.
 *
 * @throws {ChatError} `invalid` for an id that nobody has, `sign_in` for a guest who names some.
 */
export async function peopleOf(chat: Chat, actor: Actor, ids: readonly string[]): Promise<Person[]> {
  const others = [...new Set(ids)].filter((id) => id !== actor?.person.id);
  if (others.length > 0) chat.permissions.requireAccount(actor, "rooms");
  return (await chat.accounts.getMany(others)).map((account, index) => {
    if (!account) throw new ChatError("invalid", `Nobody has the id ${others[index]}.`);
    return { id: account.id, name: account.name, guest: false };
  });
}
