import { type Context, page } from "fresh";
import { DeleteFields, RoomFields, type RoomProblems, Saved, Submit } from "@/components/forms.tsx";
import { RoomSettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { GENERAL, type Room, roomTitle } from "@/lib/model/room.ts";
import type { RoomAccess } from "@/lib/chat/policy.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { type Fields, readFields } from "@/lib/http/body.ts";
import { attempt, checkFields, roomFields } from "../../../(_pages)/form.ts";
import { roomOfPath } from "../../../(_pages)/room_data.ts";

interface SettingsData {
  readonly room: Room;
  readonly title: string;
  readonly canUpdate: boolean;
  readonly canDelete: boolean;
  readonly name: string;
  readonly description: string;
  readonly saved?: boolean;
  readonly problems?: RoomProblems;
  /** The typed name of the room to delete, and why it isn't deleted. */
  readonly kept?: { readonly typed: string; readonly problem: string };
}

/** Renames, describes and deletes a room. */
export const handler = define.handlers({
  async GET(ctx) {
    return draw(ctx, await roomOfPath(ctx), { saved: ctx.url.searchParams.has("saved") });
  },
  async POST(ctx) {
    const access = await roomOfPath(ctx);
    const field = await readFields(ctx.req);
    return field("confirm") === "" ? await change(ctx, access, field) : await remove(ctx, access, field("confirm"));
  },
});

async function change(ctx: Context<State>, access: RoomAccess, field: Fields) {
  const typed = { name: field("name"), description: field("description") };
  const checked = await checkFields(roomFields, typed);
  if ("problems" in checked) return draw(ctx, access, { ...typed, ...checked }, 422);
  const changed = await attempt(() =>
    ctx.state.chat.gate.execute("updateRoom", ctx.state, { room: access.room.id, patch: checked.values })
  );
  if (changed instanceof ChatError) {
    return draw(ctx, access, { ...typed, problems: { name: changed.message } }, changed.status);
  }
  return ctx.redirect(`${roomAddress(changed.id)}/settings?saved`, 303);
}

async function remove(ctx: Context<State>, access: RoomAccess, typed: string) {
  const { room } = access;
  if (typed.trim() !== room.name) {
    return draw(ctx, access, { kept: { typed, problem: t.settings.removeMismatch(room.name) } }, 422);
  }
  const removed = await attempt(() => ctx.state.chat.gate.execute("deleteRoom", ctx.state, { room: room.id }));
  if (removed instanceof ChatError) {
    return draw(ctx, access, { kept: { typed, problem: removed.message } }, removed.status);
  }
  return ctx.redirect("/rooms", 303);
}

function draw(ctx: Context<State>, access: RoomAccess, data: Partial<SettingsData>, status = 200) {
  const { room, actor } = access, can = ctx.state.chat.permissions.in(access);
  const title = roomTitle(room, actor?.person ?? null);
  ctx.state.title = t.room.pageTitle(t.settings.title(title));
  return page<SettingsData>({
    name: room.name,
    description: room.description,
    ...data,
    room,
    title,
    canUpdate: can.update,
    canDelete: can.delete,
  }, { status });
}

export default define.page<typeof handler>(function SettingsPage({ data }) {
  const { room, title, canUpdate, canDelete, name, description, saved, problems, kept } = data;
  const action = `${roomAddress(room.id)}/settings`;
  return (
    <RoomSettingsPage room={room.id} title={title} part="">
      {!canUpdate && !canDelete && <p>{whyNot(room)}</p>}
      {canUpdate && (
        <form method="post" action={action}>
          <RoomFields id="room" name={name} description={description} problems={problems} />
          <Saved when={saved}>{t.action.saved}</Saved>
          <Submit label={t.action.save} />
        </form>
      )}
      {canDelete && (
        <section id="delete" aria-labelledby="delete-heading">
          <h2 id="delete-heading">{t.settings.remove}</h2>
          <form method="post" action={action}>
            <DeleteFields id="delete" room={room.name} {...kept} />
            <Submit label={t.settings.remove} quiet />
          </form>
        </section>
      )}
    </RoomSettingsPage>
  );
});

function whyNot({ id, kind }: Room): string {
  if (id === GENERAL) return t.settings.general;
  return kind === "direct" ? t.settings.direct : t.settings.notYours;
}
