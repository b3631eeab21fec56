import { page } from "fresh";
import { RoomPage } from "@/components/room_page.tsx";
import { ChatError } from "@/lib/errors.ts";
import { emoji } from "@/lib/chat/text.ts";
import { messageAddress } from "@/lib/client/addresses.ts";
import { define } from "@/lib/http/state.ts";
import { readFields, sentence } from "../../../../(_pages)/form.ts";
import { messageOfPath } from "../../../../(_pages)/message_of_path.ts";
import { pageTitle, roomData } from "../../../../(_pages)/room_data.ts";

/** The room around one message, and the buttons that react to it. */
export const handler = define.handlers({
  async GET(ctx) {
    const { standing, id, post } = await messageOfPath(ctx);
    ctx.state.title = pageTitle(standing);
    return page({ ...await roomData(ctx, standing, { around: id }), marked: post.seq });
  },
  async POST(ctx) {
    const { chat, asker } = ctx.state;
    const { standing, room, id, post } = await messageOfPath(ctx);
    const address = messageAddress(room.id, post.seq);
    if (asker === null) return ctx.redirect(`/join?next=${encodeURIComponent(address)}`, 303);
    const chosen = emoji.safeParse((await readFields(ctx.req))("react"));
    if (!chosen.success) throw new ChatError("invalid", sentence(chosen.error));
    const reacted = post.reactions.find((reaction) => reaction.emoji === chosen.data);
    await chat.messages.react(standing, id, chosen.data, !reacted?.users.includes(asker.person.name));
    return ctx.redirect(address, 303);
  },
});

export default define.page<typeof handler>(({ data }) => <RoomPage {...data} />);
