import { type Context, page } from "fresh";
import { Door, type DoorProps } from "@/components/door.tsx";
import { GENERAL } from "@/lib/chat/entries.ts";
import { roomAddress } from "@/lib/client/addresses.ts";
import { t } from "@/lib/client/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { doorRooms } from "./(_pages)/door_rooms.ts";
import { join } from "./(_pages)/join.ts";
import { lastRoom } from "./(_pages)/visit.ts";

/** The front door; whoever is known goes on to the room where they were last. */
export const handler = define.handlers({
  async GET(ctx) {
    const { asker, chat } = ctx.state;
    if (asker === null) return await draw(ctx);
    const last = Number(lastRoom(ctx.req.headers) ?? GENERAL);
    return ctx.redirect(roomAddress(await chat.rooms.get(last) ? last : GENERAL), 303);
  },
  async POST(ctx) {
    const joined = await join(ctx);
    return "response" in joined ? joined.response : await draw(ctx, joined);
  },
});

async function draw(ctx: Context<State>, refused?: DoorProps["refused"]) {
  ctx.state.title = t.door.title;
  return page<DoorProps>({ rooms: await doorRooms(ctx), refused }, { status: refused ? 422 : 200 });
}

export default define.page<typeof handler>(({ data }) => <Door {...data} />);
