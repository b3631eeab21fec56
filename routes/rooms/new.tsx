import { type Context, page } from "fresh";
import { RoomFields, Wrong } from "@/components/forms.tsx";
import { Sheet } from "@/components/sheet.tsx";
import { ChatError } from "@/lib/errors.ts";
import { description, roomName } from "@/lib/chat/text.ts";
import { roomAddress } from "@/lib/client/addresses.ts";
import { t } from "@/lib/client/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields, sentence } from "../(_pages)/form.ts";

interface NewRoomData {
  readonly name?: string;
  readonly description?: string;
  readonly problem?: string;
}

/** A form that makes a room. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, {}),
  async POST(ctx) {
    const field = await readFields(ctx.req);
    const typed = { name: field("name"), description: field("description") };
    const name = roomName.safeParse(typed.name), purpose = description.safeParse(typed.description);
    if (!name.success) return draw(ctx, { ...typed, problem: sentence(name.error) }, 422);
    if (!purpose.success) return draw(ctx, { ...typed, problem: sentence(purpose.error) }, 422);
    try {
      const { chat, asker } = ctx.state;
      const room = await chat.rooms.create(asker, { name: name.data, description: purpose.data });
      return ctx.redirect(roomAddress(room.id), 303);
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return draw(ctx, { ...typed, problem: error.message }, error.status);
    }
  },
});

function draw(ctx: Context<State>, data: NewRoomData, status = 200) {
  ctx.state.title = t.room.pageTitle(t.newRoom.title);
  return page<NewRoomData>(data, { status });
}

export default define.page<typeof handler>(function NewRoomPage({ data: { name, description, problem } }) {
  return (
    <Sheet title={t.newRoom.title}>
      <form method="post" action="/rooms/new">
        <RoomFields id="room" name={name} description={description} autofocus />
        <Wrong>{problem}</Wrong>
        <div class="actions">
          <a class="button" href="/rooms">{t.newRoom.cancel}</a>
          <button type="submit" class="button go">{t.newRoom.create}</button>
        </div>
      </form>
    </Sheet>
  );
});
