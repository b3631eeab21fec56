import { type Context, page } from "fresh";
import { Landing, type LandingProps, type LandingRoom } from "@/components/landing.tsx";
import { GENERAL, roomTitle } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { join } from "./(_pages)/join.ts";
import { lastRoom } from "./(_pages)/page_context.ts";

const ROOMS_SHOWN = 12;
/** Longest preview of a message, in UTF-16 units. */
const PREVIEW = 160;

/** The landing page. Those who have a name go on to their last room. */
export const handler = define.handlers({
  async GET(ctx) {
    return ctx.state.actor && canBrowse(ctx) ? ctx.redirect(await firstPage(ctx), 303) : await draw(ctx);
  },
  async POST(ctx) {
    const joined = await join(ctx);
    return "response" in joined ? joined.response : await draw(ctx, joined);
  },
});

function canBrowse({ state: { chat, actor } }: Context<State>): boolean {
  return chat.permissions.on(actor).browse;
}

/** The reader's last room, or General, as far as they can read them. */
async function firstPage({ req, state: { chat, actor } }: Context<State>): Promise<string> {
  for (const id of [Number(lastRoom(req.headers) ?? GENERAL), GENERAL]) {
    const access = await chat.rooms.access(actor, id);
    if (access && chat.permissions.in(access).read) return roomAddress(id);
  }
  return "/rooms";
}

/** The first public rooms, each with its people and newest message, and whether there are more. */
async function landingRooms(
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

async function draw(ctx: Context<State>, refused?: LandingProps["refused"]) {
  ctx.state.title = t.landing.title;
  const guests = canBrowse(ctx);
  const { rooms, more } = guests ? await landingRooms(ctx) : { rooms: [], more: false };
  return page<LandingProps>({ guests, rooms, more, deleted: ctx.url.searchParams.has("deleted"), refused }, {
    status: refused ? 422 : 200,
  });
}

export default define.page<typeof handler>(({ data }) => <Landing {...data} />);
