import { page } from "fresh";
import { RoomPage } from "@/routes/(_pages)/room_page.tsx";
import { ChatError } from "@/lib/errors.ts";
import { emoji } from "@/lib/model/schema/text.ts";
import { messageAddress } from "@/lib/ui/addresses.ts";
import { define } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { sentence } from "../../../../(_pages)/form.ts";
import { messageOfPath, pageTitle, roomData } from "../../../../(_pages)/room_data.ts";

/** The room around a message, and the form that reacts to it. */
export const handler = define.handlers({
  async GET(ctx) {
    const { access, id, post } = await messageOfPath(ctx);
    ctx.state.title = pageTitle(access);
    return page({ ...await roomData(ctx, access, { around: id }), marked: post.seq });
  },
  async POST(ctx) {
    const { chat, actor } = ctx.state;
    const { room, id, post } = await messageOfPath(ctx);
    const address = messageAddress(room.id, post.seq);
    if (actor === null) return ctx.redirect(`/join?next=${encodeURIComponent(address)}`, 303);
    const chosen = emoji.safeParse((await readFields(ctx.req))("react"));
    if (!chosen.success) throw new ChatError("invalid", sentence(chosen.error));
    const [seen = post] = await chat.messages.seenBy(actor.person, room.id, [post]);
    const reacted = seen.reactions.find((reaction) => reaction.emoji === chosen.data);
    await chat.gate.execute("react", ctx.state, { id, emoji: chosen.data, on: !reacted?.mine });
    return ctx.redirect(address, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <RoomPage {...data} />);
