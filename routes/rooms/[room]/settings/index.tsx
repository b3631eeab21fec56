import { type Context, page } from "fresh";
import { DeleteFields, RoomFields, Wrong } from "@/components/forms.tsx";
import { Sheet } from "@/components/sheet.tsx";
import { ChatError } from "@/lib/errors.ts";
import { GENERAL, type Room } from "@/lib/chat/entries.ts";
import type { Standing } from "@/lib/chat/policy.ts";
import { description, roomName } from "@/lib/chat/text.ts";
import { roomAddress } from "@/lib/client/addresses.ts";
import { t } from "@/lib/client/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { type Fields, readFields, sentence } from "../../(_pages)/form.ts";
import { roomOfPath } from "../../(_pages)/room_data.ts";

interface SettingsData {
  readonly room: Room;
  readonly name: string;
  readonly description: string;
  readonly saved?: boolean;
  readonly changeProblem?: string;
  readonly removeProblem?: string;
}

/** Renames, describes and deletes a room. */
export const handler = define.handlers({
  async GET(ctx) {
    const { room } = await roomOfPath(ctx);
    return draw(ctx, room, { saved: ctx.url.searchParams.has("saved") });
  },
  async POST(ctx) {
    const standing = await roomOfPath(ctx);
    const field = await readFields(ctx.req);
    return field("confirm") === "" ? await change(ctx, standing, field) : await remove(ctx, standing, field("confirm"));
  },
});

async function change(ctx: Context<State>, standing: Standing, field: Fields) {
  const { room } = standing;
  const typed = { name: field("name"), description: field("description") };
  const name = roomName.safeParse(typed.name), purpose = description.safeParse(typed.description);
  if (!name.success) return draw(ctx, room, { ...typed, changeProblem: sentence(name.error) }, 422);
  if (!purpose.success) return draw(ctx, room, { ...typed, changeProblem: sentence(purpose.error) }, 422);
  try {
    await ctx.state.chat.rooms.update(standing, { name: name.data, description: purpose.data });
    return ctx.redirect(`${roomAddress(room.id)}/settings?saved`, 303);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return draw(ctx, room, { ...typed, changeProblem: error.message }, error.status);
  }
}

async function remove(ctx: Context<State>, standing: Standing, confirmed: string) {
  const { room } = standing;
  if (confirmed.trim() !== room.name) {
    return draw(ctx, room, { removeProblem: t.settings.removeMismatch(room.name) }, 422);
  }
  try {
    await ctx.state.chat.rooms.delete(standing);
    return ctx.redirect("/rooms", 303);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    return draw(ctx, room, { removeProblem: error.message }, error.status);
  }
}

function draw(ctx: Context<State>, room: Room, data: Partial<SettingsData>, status = 200) {
  ctx.state.title = t.room.pageTitle(t.settings.title(room.name));
  return page<SettingsData>({ name: room.name, description: room.description, ...data, room }, { status });
}

export default define.page<typeof handler>(function SettingsPage({ data }) {
  const { room, name, description, saved, changeProblem, removeProblem } = data;
  const action = `${roomAddress(room.id)}/settings`;
  return (
    <Sheet title={t.settings.title(room.name)}>
      {room.id === GENERAL ? <p>{t.settings.general}</p> : (
        <>
          <form method="post" action={action}>
            <RoomFields id="room" name={name} description={description} />
            <Wrong>{changeProblem}</Wrong>
            {saved && <p class="good" role="status">{t.settings.saved}</p>}
            <div class="actions">
              <button type="submit" class="button go">{t.settings.save}</button>
            </div>
          </form>
          <section id="delete" aria-labelledby="delete-heading">
            <h2 id="delete-heading">{t.settings.remove}</h2>
            <form method="post" action={action}>
              <DeleteFields id="delete" room={room.name} />
              <Wrong>{removeProblem}</Wrong>
              <div class="actions">
                <button type="submit" class="button">{t.settings.removeButton}</button>
              </div>
            </form>
          </section>
        </>
      )}
      <p>
        <a class="link" href={roomAddress(room.id)}>{t.settings.back}</a>
      </p>
    </Sheet>
  );
});
