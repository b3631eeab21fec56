/**
 * What a room's page shows, read from the core.
 * @module
 */
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import type { RoomPageProps } from "@/components/room_page.tsx";
import type { Room } from "@/lib/chat/entries.ts";
import type { PageRequest } from "@/lib/chat/messages.ts";
import type { Standing } from "@/lib/chat/policy.ts";
import type { State } from "@/lib/http/state.ts";
import { segments } from "@/lib/http/api.ts";
import { PAGE_SIZE } from "@/lib/client/window.ts";
import { visitOf } from "./visit.ts";

/** Rooms that the sidebar of a page lists; the socket tells the rest. */
const ROOMS_LISTED = 200;

/**
 * The room that the path names in its second part, and what the reader is there.
 *
 * @throws {ChatError} `room_not_found`.
 */
export function roomOfPath({ url, state: { chat, asker } }: Context<State>): Promise<Standing> {
  return chat.rooms.find(asker, segments(url)[1] ?? "");
}

/**
 * Everything a room's page needs.
 *
 * @throws {ChatError} `room_not_found` where the room went meanwhile, `message_not_found` for a page beside no message.
 */
export async function roomData(
  ctx: Context<State>,
  room: Room,
  page: Omit<PageRequest, "limit"> = {},
): Promise<RoomPageProps> {
  const { chat } = ctx.state;
  // Before the messages: what comes between the two is then sent again, and not missed.
  const head = await chat.log.head(room.id);
  if (!head) throw new ChatError("room_not_found");
  const [rooms, window] = await Promise.all([
    listedRooms(ctx, room),
    chat.messages.page(room, { limit: PAGE_SIZE, ...page }),
  ]);
  return {
    visit: visitOf(ctx),
    rooms,
    room,
    head,
    window,
    people: chat.hub.people(room.id),
    nonce: crypto.randomUUID(),
  };
}

/** The rooms of the sidebar, the page's own among them. */
export async function listedRooms({ state: { chat, asker } }: Context<State>, current?: Room): Promise<Room[]> {
  const rooms = (await chat.rooms.list(asker, { limit: ROOMS_LISTED })).map(({ room }) => room);
  if (current && !rooms.some(({ id }) => id === current.id)) rooms.push(current);
  return rooms;
}

/** The message id in a query, or undefined where there is none. */
export function idIn(url: URL, name: string): number | undefined {
  const given = url.searchParams.get(name);
  return given === null ? undefined : Number(given);
}
