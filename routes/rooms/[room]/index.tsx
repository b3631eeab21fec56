import { page } from "fresh";
import { RoomPage } from "@/routes/(_pages)/room_page.tsx";
import { ChatError } from "@/lib/errors.ts";
import { content } from "@/lib/model/schema/text.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { define } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { sentence } from "../../(_pages)/form.ts";
import { idIn, pageTitle, roomData, roomOfPath } from "../../(_pages)/room_data.ts";
import { keepLastRoom } from "../../(_pages)/page_context.ts";

/** A room, and the form that posts a message. */
export const handler = define.handlers({
  async GET(ctx) {
    const access = await roomOfPath(ctx), { room } = access;
    ctx.state.title = pageTitle(access);
    const data = await roomData(ctx, access, { before: idIn(ctx.url, "before"), after: idIn(ctx.url, "after") });
    return page(data, { headers: keepLastRoom(room.id) });
  },
  async POST(ctx) {
    const access = await roomOfPath(ctx), { room } = access;
    ctx.state.title = pageTitle(access);
    const field = await readFields(ctx.req);
    const typed = field("content"), text = content.safeParse(typed);
    const refuse = async (problem: string, status: number) =>
      page({ ...await roomData(ctx, access), refused: { content: typed, problem } }, { status });
    if (!text.success) return await refuse(sentence(text.error), 422);
    try {
      const post = { room: room.id, content: text.data, nonce: field("nonce") || undefined };
      await ctx.state.chat.gate.execute("post", ctx.state, post);
      return ctx.redirect(roomAddress(room.id), 303);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return await refuse(error.message, error.status);
    }
  },
});

export default define.page<typeof handler>(({ data }) => <RoomPage {...data} />);
