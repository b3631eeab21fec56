/**
 * From a path of the API to what it names.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { type Room, splitMessageId } from "@/lib/chat/entries.ts";
import { segments } from "@/lib/http/api.ts";
import type { State } from "@/lib/http/state.ts";
import { messageSegment, parse } from "@/lib/protocol/schemas.ts";

/**
 * The room in `/api/chat/rooms/{room}`, by id or name.
 *
 * @throws {ChatError} `room_not_found` where there is none that the asker may know of.
 */
export function findRoom({ url, state: { chat, asker } }: Context<State>): Promise<Room> {
  return chat.rooms.find(asker, segments(url)[3] ?? "");
}

/**
 * The message id in `/api/chat/messages/{id}`, and its room.
 *
 * @throws {ChatError} `invalid` for what is not an id, `message_not_found` where the asker may not read the room.
 */
export async function findMessage(
  { url, state: { chat, asker } }: Context<State>,
): Promise<{ room: Room; id: number }> {
  const id = parse(messageSegment, segments(url)[3]);
  const place = splitMessageId(id);
  const room = place && await chat.rooms.get(place.room);
  if (!room) throw new ChatError("message_not_found");
  chat.policy.read(asker, room);
  return { room, id };
}
