import { type Context, page } from "fresh";
import type { z } from "zod";
import { MembershipFields, RoomFields, type RoomProblems, Submit, Wrong } from "@/components/forms.tsx";
import { CardPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { accountOf } from "@/lib/chat/policy.ts";
import { roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { readFields } from "@/lib/http/body.ts";
import { attempt, checkFields, peopleNamed, PRESSED_AGAIN_MS, roomFields } from "../(_pages)/form.ts";

interface NewRoomData {
  /** Whether the reader has an account, and so can add people. */
  readonly member: boolean;
  readonly name?: string;
  readonly description?: string;
  readonly kind?: string;
  readonly people?: string;
  /** The problem of each field. */
  readonly problems?: RoomProblems & { readonly people?: string };
  /** Why the reader has to sign in for this room. */
  readonly signIn?: string;
}

/** Creates a room. */
export const handler = define.handlers({
  GET: (ctx) => draw(ctx, {}),
  async POST(ctx) {
    const { chat, actor } = ctx.state;
    const field = await readFields(ctx.req);
    const typed = {
      name: field("name"),
      description: field("description"),
      kind: field("kind"),
      people: field("people"),
    };
    const checked = await checkFields(roomFields, typed);
    if ("problems" in checked) return draw(ctx, { ...typed, ...checked }, 422);
    const people = await attempt(async () => {
      if (typed.people.trim() !== "") chat.permissions.requireAccount(actor, "rooms");
      return await peopleNamed(chat, typed.people);
    });
    if (people instanceof ChatError) return refuse(ctx, typed, people, "people");
    const room = await attempt(() =>
      chat.gate.execute("createRoom", ctx.state, {
        ...checked.values,
        kind: typed.kind === "private" ? "private" : "public",
        members: people.map(({ id }) => id),
      })
    );
    if (room instanceof ChatError) {
      const made = room.code === "name_taken" ? await justMade(ctx, checked.values) : undefined;
      return made ? ctx.redirect(roomAddress(made.id), 303) : refuse(ctx, typed, room, "name");
    }
    return ctx.redirect(roomAddress(room.id), 303);
  },
});

/** The room that an earlier press of the same button created. */
async function justMade({ state: { chat, actor } }: Context<State>, { name, description }: z.infer<typeof roomFields>) {
  const { room } = await chat.rooms.find(actor, name), { createdBy, createdAt } = room;
  const isSame = createdBy !== null && createdBy.id === actor?.person.id && room.name === name &&
    room.description === description;
  return isSame && Date.now() - createdAt < PRESSED_AGAIN_MS ? room : undefined;
}

function refuse(ctx: Context<State>, typed: Partial<NewRoomData>, error: ChatError, field: "name" | "people") {
  const { code, message, status } = error;
  return draw(
    ctx,
    { ...typed, ...(code === "sign_in" ? { signIn: message } : { problems: { [field]: message } }) },
    status,
  );
}

function draw(ctx: Context<State>, data: Omit<NewRoomData, "member">, status = 200) {
  ctx.state.title = t.room.pageTitle(t.rooms.new);
  return page<NewRoomData>({ member: accountOf(ctx.state.actor) !== null, ...data }, { status });
}

export default define.page<typeof handler>(function NewRoomPage({ data }) {
  const { member, name, description, kind, people, problems, signIn } = data;
  return (
    <CardPage title={t.rooms.new}>
      <form method="post" action="/rooms/new">
        <RoomFields
          id="room"
          name={name}
          description={description}
          problems={problems}
          autofocus={!problems || undefined}
        />
        {(member || signIn !== undefined) && (
          <MembershipFields id="room" kind={kind} people={people} problem={problems?.people} />
        )}
        {signIn !== undefined && (
          <Wrong>
            {signIn} <a class="link" href={signInAddress("/rooms/new")}>{t.action.signIn}</a>
          </Wrong>
        )}
        <Submit label={t.newRoom.create}>
          <a class="button" href="/rooms">{t.action.cancel}</a>
        </Submit>
      </form>
    </CardPage>
  );
});
