import { type Context, page } from "fresh";
import { Wrong } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import type { Room } from "@/lib/model/room.ts";
import { messageId, type Post } from "@/lib/model/message.ts";
import { CONTENT_MAX } from "@/lib/model/limits.ts";
import { content } from "@/lib/model/schema/text.ts";
import { messageAddress, roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { sentence } from "../../../../(_pages)/form.ts";
import { messageOfPath } from "../../../../(_pages)/room_data.ts";

interface EditData {
  readonly room: Room;
  readonly post: Post;
  readonly content: string;
  readonly problem?: string;
}

/** Edits or deletes a message without a script. */
export const handler = define.handlers({
  async GET(ctx) {
    const { access, room, post } = await messageOfPath(ctx);
    ctx.state.chat.permissions.requireEdit(access, post);
    return draw(ctx, room, post, { content: post.content });
  },
  async POST(ctx) {
    const { chat } = ctx.state;
    const { room, id, post } = await messageOfPath(ctx);
    const field = await readFields(ctx.req);
    const typed = field("content");
    try {
      if (field("delete") !== "") {
        await chat.gate.execute("delete", ctx.state, { id });
        return ctx.redirect(roomAddress(room.id), 303);
      }
      const text = content.safeParse(typed);
      if (!text.success) return draw(ctx, room, post, { content: typed, problem: sentence(text.error) }, 422);
      await chat.gate.execute("edit", ctx.state, { id, content: text.data });
      return ctx.redirect(messageAddress(room.id, post.seq), 303);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return draw(ctx, room, post, { content: typed, problem: error.message }, error.status);
    }
  },
});

function draw(ctx: Context<State>, room: Room, post: Post, rest: Pick<EditData, "content" | "problem">, status = 200) {
  ctx.state.title = t.room.pageTitle(t.message.editLabel);
  return page<EditData>({ room, post, ...rest }, { status });
}

export default define.page<typeof handler>(function EditPage({ data: { room, post, content, problem } }) {
  return (
    <CardPage title={t.message.editLabel}>
      <form method="post" data-message={messageId(room.id, post.seq)}>
        <div class="field">
          <label for="content" class="sr">{t.message.editLabel}</label>
          <textarea id="content" name="content" maxLength={CONTENT_MAX} dir="auto" autoFocus>{content}</textarea>
        </div>
        <Wrong>{problem}</Wrong>
        <div class="actions">
          <a class="button" href={roomAddress(room.id)}>{t.action.cancel}</a>
          <button type="submit" class="button" name="delete" value="yes" id="delete">{t.action.delete}</button>
          <button type="submit" class="button go">{t.action.save}</button>
        </div>
      </form>
    </CardPage>
  );
});
