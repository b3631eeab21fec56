/**
 * From a path of the API to what it names.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { type Person, type Room, splitMessageId } from "@/lib/chat/entries.ts";
import type { Asker, Standing } from "@/lib/chat/policy.ts";
import { segments } from "@/lib/http/api.ts";
import type { Chat, State } from "@/lib/http/state.ts";
import { messageSegment, parse } from "@/lib/protocol/schemas.ts";

/**
 * The room in `/api/chat/rooms/{room}`, by id or name, and what the asker is there.
 *
 * @throws {ChatError} `room_not_found` where there is none that the asker may know of.
 */
export function findRoom({ url, state: { chat, asker } }: Context<State>): Promise<Standing> {
  return chat.rooms.find(asker, segments(url)[3] ?? "");
}

/**
 * The chat with this id, a room that is not public, and what the asker is there.
 *
 * @throws {ChatError} `sign_in` for guests, `room_not_found` where there is none that the asker is in.
 */
export async function findChat(chat: Chat, asker: Asker, id: string): Promise<Standing> {
  chat.policy.account(asker, "read");
  const standing = /^\d{1,15}$/.test(id) ? await chat.rooms.standing(asker, Number(id)) : null;
  if (!standing || standing.room.kind === "public") throw new ChatError("room_not_found");
  chat.policy.read(standing);
  return standing;
}

/** Who is in a chat, here now or not. */
export async function participantsOf({ members }: Chat, { id, between }: Room): Promise<readonly Person[]> {
  return between ?? await members.people(id);
}

/**
 * The message id in `/api/chat/messages/{id}`, and what the asker is in its room.
 *
 * @throws {ChatError} `invalid` for what is not an id, `message_not_found` where the asker may not know of the room.
 */
export function findMessage(ctx: Context<State>): Promise<{ standing: Standing; id: number }> {
  return standingAt(ctx, parse(messageSegment, segments(ctx.url)[3]));
}

/** What the asker is in the room of a message. Throws {@link ChatError} as {@link findMessage} does. */
export async function standingAt(
  { state: { chat, asker } }: Context<State>,
  id: number,
): Promise<{ standing: Standing; id: number }> {
  const place = splitMessageId(id);
  const standing = place && await chat.rooms.standing(asker, place.room);
  chat.policy.look(asker);
  if (!standing) throw new ChatError("message_not_found");
  try {
    chat.policy.read(standing);
  } catch (error) {
    if (error instanceof ChatError && error.code === "room_not_found") throw new ChatError("message_not_found");
    throw error;
  }
  return { standing, id };
}

/**
 * The people with these accounts, each once, without the asker.
 *
 * @throws {ChatError} `invalid` for an id that nobody has, `sign_in` for a guest who names some.
 */
export async function peopleOf(chat: Chat, asker: Asker, ids: readonly string[]): Promise<Person[]> {
  const others = [...new Set(ids)].filter((id) => id !== asker?.person.id);
  if (others.length > 0) chat.policy.account(asker, "rooms");
  return (await chat.accounts.getMany(others)).map((account, index) => {
    if (!account) throw new ChatError("invalid", `Nobody has the id ${others[index]}.`);
    return { id: account.id, name: account.name, guest: false };
  });
}
