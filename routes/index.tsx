import { type Context, page } from "fresh";
import { Landing, type LandingProps } from "@/components/landing.tsx";
import { GENERAL } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { landingRooms } from "./(_pages)/landing_rooms.ts";
import { allowed } from "./(_pages)/form.ts";
import { join } from "./(_pages)/join.ts";
import { lastRoom } from "./(_pages)/page_context.ts";

/** The landing page; who is known goes on to the room where they were last. */
export const handler = define.handlers({
  async GET(ctx) {
    return ctx.state.actor && welcome(ctx) ? ctx.redirect(await firstPage(ctx), 303) : await draw(ctx);
  },
  async POST(ctx) {
    const joined = await join(ctx);
    return "response" in joined ? joined.response : await draw(ctx, joined);
  },
});

/** Whether whoever asks may look around at all. */
function welcome({ state: { chat, actor } }: Context<State>): boolean {
  return allowed(() => chat.policy.browse(actor));
}

/** The room where the reader was last, or else the one that is always there, as far as they may read them. */
async function firstPage({ req, state: { chat, actor } }: Context<State>): Promise<string> {
  for (const id of [Number(lastRoom(req.headers) ?? GENERAL), GENERAL]) {
    const access = await chat.rooms.access(actor, id);
    if (access && allowed(() => chat.policy.read(access))) return roomAddress(id);
  }
  return "/rooms";
}

async function draw(ctx: Context<State>, refused?: LandingProps["refused"]) {
  ctx.state.title = t.landing.title;
  const guests = welcome(ctx);
  const { rooms, more } = guests ? await landingRooms(ctx) : { rooms: [], more: false };
  return page<LandingProps>({ guests, rooms, more, deleted: ctx.url.searchParams.has("deleted"), refused }, {
    status: refused ? 422 : 200,
  });
}

export default define.page<typeof handler>(({ data }) => <Landing {...data} />);
