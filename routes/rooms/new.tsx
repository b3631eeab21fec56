import { type Context, page } from "fresh";
import { MembershipFields, RoomFields, Wrong } from "@/components/forms.tsx";
import { Sheet } from "@/components/sheet.tsx";
import { ChatError } from "@/lib/errors.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { description, roomName } from "@/lib/chat/text.ts";
import { roomAddress } from "@/lib/client/addresses.ts";
import { t } from "@/lib/client/strings.ts";
import { pace } from "@/lib/http/api.ts";
import { define, type State } from "@/lib/http/state.ts";
import { attempt, readFields, sentence } from "../(_pages)/form.ts";
import { peopleNamed } from "../(_pages)/people_named.ts";

interface NewRoomData {
  /** Whether the reader has an account: only they ask others in. */
  readonly member: boolean;
  readonly name?: string;
  readonly description?: string;
  readonly kind?: string;
  readonly people?: string;
  readonly problem?: string;
  readonly peopleProblem?: string;
}

/** A form that makes a room. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, {}),
  async POST(ctx) {
    const { chat, asker } = ctx.state;
    const field = await readFields(ctx.req);
    const typed = {
      name: field("name"),
      description: field("description"),
      kind: field("kind"),
      people: field("people"),
    };
    const name = roomName.safeParse(typed.name), purpose = description.safeParse(typed.description);
    if (!name.success) return draw(ctx, { ...typed, problem: sentence(name.error) }, 422);
    if (!purpose.success) return draw(ctx, { ...typed, problem: sentence(purpose.error) }, 422);
    const people = await attempt(async () => {
      if (typed.people.trim() !== "") chat.policy.account(asker, "rooms");
      return await peopleNamed(chat, typed.people);
    });
    if (people instanceof ChatError) return draw(ctx, { ...typed, peopleProblem: people.message }, people.status);
    const room = await attempt(async () => {
      pace(ctx, "create");
      return await chat.rooms.create(asker, {
        name: name.data,
        description: purpose.data,
        kind: typed.kind === "private" ? "private" : "public",
        members: people.filter(({ id }) => id !== asker?.person.id),
      });
    });
    if (room instanceof ChatError) return draw(ctx, { ...typed, problem: room.message }, room.status);
    return ctx.redirect(roomAddress(room.id), 303);
  },
});

function draw(ctx: Context<State>, data: Omit<NewRoomData, "member">, status = 200) {
  ctx.state.title = t.room.pageTitle(t.newRoom.title);
  return page<NewRoomData>({ member: accountOf(ctx.state.asker) !== null, ...data }, { status });
}

export default define.page<typeof handler>(function NewRoomPage({ data }) {
  const { member, name, description, kind, people, problem, peopleProblem } = data;
  return (
    <Sheet title={t.newRoom.title}>
      <form method="post" action="/rooms/new">
        <RoomFields id="room" name={name} description={description} autofocus />
        {member && <MembershipFields id="room" kind={kind} people={people} problem={peopleProblem} />}
        <Wrong>{problem ?? (member ? undefined : peopleProblem)}</Wrong>
        <div class="actions">
          <a class="button" href="/rooms">{t.newRoom.cancel}</a>
          <button type="submit" class="button go">{t.newRoom.create}</button>
        </div>
      </form>
    </Sheet>
  );
});
