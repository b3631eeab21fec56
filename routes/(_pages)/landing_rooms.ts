/**
 * The rooms on the landing page.
 * @module
 */
import type { Context } from "fresh";
import type { LandingRoom } from "@/components/landing.tsx";
import { roomTitle } from "@/lib/model/room.ts";
import type { State } from "@/lib/http/state.ts";

const ROOMS_SHOWN = 12;
/** A line is shorter than this everywhere. */
const PREVIEW = 160;

/** The first public rooms, each with who is there and what was said last, and whether there are more. */
export async function landingRooms(
  { state: { chat, actor } }: Context<State>,
): Promise<{ rooms: LandingRoom[]; more: boolean }> {
  const listed = await chat.rooms.list(actor, { limit: ROOMS_SHOWN + 1 });
  const rooms = await Promise.all(
    listed.slice(0, ROOMS_SHOWN).map(async ({ room }) => {
      const { posts: [last] } = await chat.messages.page(room, { limit: 1 });
      const said = last &&
        { by: last.by.name, words: last.content.replace(/\s+/g, " ").slice(0, PREVIEW).toWellFormed() };
      return {
        id: room.id,
        name: roomTitle(room, actor?.person ?? null),
        said,
        people: chat.hub.online.people(room.id),
      };
    }),
  );
  return { rooms, more: listed.length > ROOMS_SHOWN };
}
