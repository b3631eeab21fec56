/**
 * From the address of a message to the message.
 * @module
 */
import type { Context } from "fresh";
import type { Room } from "@/lib/model/room.ts";
import type { Post } from "@/lib/model/message.ts";
import type { RoomAccess } from "@/lib/chat/policy.ts";
import { segments } from "@/lib/http/api.ts";
import type { State } from "@/lib/http/state.ts";
import { roomOfPath } from "./room_data.ts";

/**
 * The message in `/rooms/{room}/messages/{message}`, its id and its room.
 *
 * @throws {ChatError} `room_not_found`, `message_not_found`.
 */
export async function messageOfPath(
  ctx: Context<State>,
): Promise<{ access: RoomAccess; room: Room; id: number; post: Post }> {
  const access = await roomOfPath(ctx), { room } = access;
  const id = Number(segments(ctx.url)[3]);
  return { access, room, id, post: await ctx.state.chat.messages.get(room, id) };
}
