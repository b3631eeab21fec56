import { type Context, page } from "fresh";
import { z } from "zod";
import { Avatar, PersonName } from "@/components/person.tsx";
import { Choice, Field, Saved, Submit, Wrong } from "@/components/forms.tsx";
import { RoomSettingsPage } from "@/components/page_layout.tsx";
import { ChatError } from "@/lib/errors.ts";
import { roomTitle } from "@/lib/model/room.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import type { RoomAccess } from "@/lib/chat/policy.ts";
import { USERNAME_MAX } from "@/lib/model/limits.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { define, type State } from "@/lib/http/state.ts";
import { parse } from "@/lib/protocols/parse.ts";
import { type Fields, readFields } from "@/lib/http/body.ts";
import { attempt, peopleNamed } from "../../../(_pages)/form.ts";
import { roomOfPath } from "../../../(_pages)/room_data.ts";
import { picturesOf } from "../../../(_pages)/page_context.ts";

/** The roles in the form. "none" is not a member. */
const CHOICES = ["owner", "moderator", "member", "banned", "none"] as const;
type RoleChoice = typeof CHOICES[number];
const choice = z.enum(CHOICES);

interface ListedMember {
  readonly person: Person;
  readonly picture: string | undefined;
  readonly role: Role;
  /** The other roles that the reader can give them. */
  readonly choices: readonly RoleChoice[];
}

interface MembersData {
  readonly room: number;
  readonly title: string;
  readonly members: readonly ListedMember[];
  /** The roles in which the reader can add someone. */
  readonly addable: readonly RoleChoice[];
  /** How the reader can come back if they leave: by themselves, by an invite, or never. Absent where they can't leave. */
  readonly leaves?: "public" | "private" | "last";
  readonly saved?: boolean;
  readonly problem?: string;
  /** The refused form, and why. */
  readonly refused?: { readonly name: string; readonly role: RoleChoice; readonly problem: string };
}

const LEAVE_NOTES = { public: t.members.leavePublicNote, private: t.members.leaveNote, last: t.members.lastOne };

/** The members of a room and their roles; leaves the room. */
export const handler = define.handlers({
  async GET(ctx) {
    return await draw(ctx, await roomOfPath(ctx), { saved: ctx.url.searchParams.has("saved") });
  },
  async POST(ctx) {
    const access = await roomOfPath(ctx);
    const field = await readFields(ctx.req);
    if (field("leave") !== "") return await leave(ctx, access);
    return field("person") === "" ? await add(ctx, access, field) : await change(ctx, access, field);
  },
});

async function leave(ctx: Context<State>, access: RoomAccess) {
  const left = await attempt(() => ctx.state.chat.gate.execute("leaveRoom", ctx.state, { room: access.room.id }));
  if (left instanceof ChatError) return await draw(ctx, access, { problem: left.message }, left.status);
  return ctx.redirect(access.room.kind === "public" ? roomAddress(access.room.id) : "/rooms", 303);
}

async function add(ctx: Context<State>, access: RoomAccess, field: Fields) {
  const { chat } = ctx.state, name = field("name"), wanted = parse(choice, field("role")), role = roleOf(wanted);
  const added = await attempt(async () => {
    const people = await peopleNamed(chat, name);
    if (people.length === 0) throw new ChatError("invalid", "Enter a name.");
    for (const { id: account } of people) {
      await chat.gate.execute("setRole", ctx.state, { room: access.room.id, account, role });
    }
  });
  if (!(added instanceof ChatError)) return saved(ctx, access);
  return await draw(ctx, access, { refused: { name, role: wanted, problem: added.message } }, added.status);
}

async function change(ctx: Context<State>, access: RoomAccess, field: Fields) {
  const { gate, members } = ctx.state.chat, role = roleOf(parse(choice, field("role")));
  const changed = await attempt(async () => {
    const room = access.room.id, account = field("person");
    if (!await members.of(room, account)) throw new ChatError("not_found", "They aren't in this room any more.");
    await gate.execute("setRole", ctx.state, { room, account, role });
  });
  if (!(changed instanceof ChatError)) return saved(ctx, access);
  return await draw(ctx, access, { problem: changed.message }, changed.status);
}

function saved(ctx: Context<State>, { room }: RoomAccess) {
  return ctx.redirect(`${roomAddress(room.id)}/settings/members?saved`, 303);
}

function roleOf(choice: RoleChoice): Role | null {
  return choice === "none" ? null : choice;
}

async function draw(ctx: Context<State>, access: RoomAccess, data: Partial<MembersData>, status = 200) {
  const { room, role, actor } = access, { chat } = ctx.state;
  const title = roomTitle(room, actor?.person ?? null);
  ctx.state.title = t.room.pageTitle(t.partTitle(t.members.tab, t.settings.title(title)));
  const can = chat.permissions.in(access);
  const choices = (before: Role | null) =>
    CHOICES.filter((choice) => roleOf(choice) !== before && can.setRole(before, roleOf(choice)));
  const listed = await chat.members.list(access);
  const pictures = await picturesOf(chat, listed.map(({ person }) => person));
  const members = listed.map(({ person, role }) => ({
    person,
    picture: pictures[person.id],
    role,
    choices: person.id === actor?.person.id ? [] : choices(role),
  }));
  const isLast = listed.filter(({ role }) => role !== "banned").length === 1 && can.delete;
  const back = room.kind === "public" ? "public" : isLast ? "last" : "private";
  const leaves = role && can.join ? back : undefined;
  return page<MembersData>({ room: room.id, title, members, addable: choices(null), leaves, ...data }, { status });
}

export default define.page<typeof handler>(function MembersPage({ data }) {
  const { room, title, members, addable, leaves, saved, problem, refused } = data;
  const action = `${roomAddress(room)}/settings/members`;
  return (
    <RoomSettingsPage room={room} title={title} part="/members">
      {members.length === 0 && <p>{t.members.none}</p>}
      <Wrong>{problem}</Wrong>
      <Saved when={saved}>{t.action.saved}</Saved>
      <ul class="list people-list">
        {members.map((member) => <Member key={member.person.id} action={action} {...member} />)}
      </ul>
      {addable.length > 0 && (
        <section aria-labelledby="add-heading">
          <h2 id="add-heading">{t.members.add}</h2>
          <form method="post" action={action}>
            <Field
              id="name"
              label={t.field.name}
              value={refused?.name}
              maxLength={USERNAME_MAX}
              problem={refused?.problem}
            />
            <Choice id="role" label={t.members.role} options={words(addable)} value={refused?.role ?? "member"} />
            <Submit label={t.members.addButton} />
          </form>
        </section>
      )}
      {leaves && (
        <section aria-labelledby="leave-heading">
          <h2 id="leave-heading">{t.members.leave}</h2>
          <p>{LEAVE_NOTES[leaves]}</p>
          {leaves === "last"
            ? (
              <div class="actions">
                <a class="button" href={`${roomAddress(room)}/settings#delete`}>{t.members.lastOneLink}</a>
              </div>
            )
            : (
              <form method="post" action={action}>
                <div class="actions">
                  <button type="submit" class="button" name="leave" value="yes">{t.members.leave}</button>
                </div>
              </form>
            )}
        </section>
      )}
    </RoomSettingsPage>
  );
});

function Member({ action, person, picture, role, choices }: ListedMember & { action: string }) {
  return (
    <li data-member={person.name}>
      <Avatar person={person} picture={picture} />
      <PersonName person={person} />
      {choices.length === 0
        ? <small class="tag">{t.members.roles[role]}</small>
        : (
          <form class="ways" method="post" action={action}>
            <input type="hidden" name="person" value={person.id} />
            <Choice
              id={`role-${person.id}`}
              name="role"
              label={t.members.roleOf(person.name)}
              options={{ [role]: t.members.roles[role], ...words(choices, role) }}
              value={role}
              hidden
            />
            <button type="submit" class="button" aria-label={t.members.changeNamed(person.name)}>
              {t.members.change}
            </button>
          </form>
        )}
    </li>
  );
}

/** The labels of roles. "none" unbans those who are banned. */
function words(choices: readonly RoleChoice[], now?: Role): Record<string, string> {
  const none = now === "banned" ? t.members.unban : t.members.remove;
  return Object.fromEntries(choices.map((choice) => [choice, choice === "none" ? none : t.members.roles[choice]]));
}
