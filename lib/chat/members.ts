/**
 * Members: who belongs to a room, in which role. A change of role is an entry of the room's log, and is allowed by what
 * holds at its commit.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Entry, MemberChange } from "@/lib/model/entry.ts";
import type { Membership, Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import { inNameOrder } from "@/lib/model/names.ts";
import { type Actor, isModerator, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import { accessIn, rightsOf } from "@/lib/chat/rights.ts";
import { membershipMutations, type Rooms } from "@/lib/chat/rooms.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Append, Built, Context, Slot } from "@/lib/store/log/append.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** A change of role, and what allows it. */
export interface RoleChange extends Pick<Append, "members" | "guard" | "reads"> {
  readonly member: Person;
  /** Null removes the member. */
  readonly role: Role | null;
  /** Whether someone who has a role already keeps it. */
  readonly keepsRole?: boolean;
  /** Called with what holds at the commit; returns who makes the change, or throws {@link ChatError} to refuse. */
  allow(context: Context, before: Role | null): Person;
  /** What else the commit checks and writes. */
  also?(context: Context): Pick<Built, "checks" | "mutations">;
}

/** Who else is in a room. */
interface Others {
  /** No change of role after this `seq` is in here. */
  readonly seq: number;
  readonly owners: readonly string[];
  readonly count: number;
}

const RANKS: readonly Role[] = ["owner", "moderator", "member", "banned"];
/** Other owners that are asked for, at most: one is enough. */
const OWNERS_ASKED = 10;
/** How often who else is in a room is read again where the room has changed meanwhile. */
const READS_MAX = 10;

/** Who else is there has to be read again. */
class Outdated extends Error {}

/** The members of all rooms. */
export class Members {
  /** Memberships are written with the room's log. */
  constructor(
    private readonly store: Store,
    private readonly log: Log,
    private readonly rooms: Rooms,
    private readonly policy: Policy,
  ) {}

  /** Who belongs to a room: owners first, then moderators, each by name. Moderators see who is banned, too. */
  async list(access: RoomAccess): Promise<Membership[]> {
    this.policy.read(access);
    const all = await this.#all(access.room.id);
    const shown = isModerator(access) ? all : all.filter(({ role }) => role !== "banned");
    return shown.sort((one, other) =>
      RANKS.indexOf(one.role) - RANKS.indexOf(other.role) || inNameOrder(one.person.name, other.person.name)
    );
  }

  /** What an account is in a room, or null. */
  async of(room: number, account: string): Promise<Membership | null> {
    return (await this.store.get(keys.member(room, account))).value;
  }

  /** The people of a room, as they came. */
  async people(room: number): Promise<Person[]> {
    return (await this.#all(room)).filter(({ role }) => role !== "banned").map(({ person }) => person);
  }

  #all(room: number): Promise<Membership[]> {
    return Array.fromAsync(this.rooms.memberships(room));
  }

  /**
   * Gives an account a role in a room, or removes it (null). Returns undefined where nothing changes.
   *
   * @throws {ChatError} What the policy says, or `invalid` where no owner would be left.
   */
  setRole(actor: Actor, room: number, member: Person, role: Role | null): Promise<Entry | undefined> {
    return this.change(room, {
      ...rightsOf(actor, [member.id]),
      member,
      role,
      allow: (context, before) => this.policy.setRole(accessIn(actor, context), before, role),
    });
  }

  /** Makes the actor a member of a public room. Returns undefined for someone who belongs to it. */
  async join(actor: Actor, room: number): Promise<Entry | undefined> {
    return await this.#changeOwn(actor, room, { role: "member", keepsRole: true });
  }

  /** Removes the actor from a room. The last owner can leave where nobody else is in it. */
  async leave(actor: Actor, room: number): Promise<Entry | undefined> {
    return await this.#changeOwn(actor, room, { role: null });
  }

  #changeOwn(actor: Actor, room: number, wanted: Pick<RoleChange, "role" | "keepsRole">): Promise<Entry | undefined> {
    this.policy.browse(actor);
    const allow = (context: Context) => this.policy.join(accessIn(actor, context));
    return this.change(room, { ...rightsOf(actor), member: requireAccount(actor, "rooms"), allow, ...wanted });
  }

  /** Changes a role if that is allowed at the commit. Returns undefined where nothing changes. */
  async change(room: number, change: RoleChange): Promise<Entry | undefined> {
    const { member, role } = change;
    for (let reads = 1;; reads++) {
      const isOwner = role !== "owner" && (await this.of(room, member.id))?.role === "owner";
      const others = isOwner ? await this.#othersIn(room, member.id) : null;
      try {
        const appended = await this.log.append(room, {
          members: [...change.members ?? [], ...others?.owners ?? []],
          guard: change.guard,
          reads: change.reads,
          mutations: 6,
          checks: 1,
          build: (slot, context) => this.#build(slot, context, change, others),
        });
        return appended.outcome === "committed" ? appended.entry : undefined;
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        if (reads === READS_MAX) throw new ChatError("invalid", "Choose another owner first.");
      }
    }
  }

  #build(slot: Slot, context: Context, change: RoleChange, others: Others | null): Built | undefined {
    const { member, role } = change, { room, roles } = context, { seq, at, posts } = slot;
    const before = roles.get(member.id) ?? null, by = change.allow(context, before);
    if (before === role || (change.keepsRole && before !== null)) return undefined;
    if (before === "owner") requireOwner(slot, context, others);
    const { checks = [], mutations: more = [] } = change.also?.(context) ?? {};
    const entry: MemberChange = { type: "member", seq, at, by, member, role };
    const mutations: Mutation[] = role === null
      ? [remove(keys.member(room.id, member.id)), remove(keys.roomOf(member.id, room.id)), notify(member.id)]
      : membershipMutations(room, member, role);
    // Someone who comes doesn't need to read what was said before.
    if (before === null && role !== null) mutations.push(put(keys.read(member.id, room.id), { seq, posts }));
    if (role === "owner" && !room.owned) mutations.push(put(keys.room(room.id), { ...room, owned: true }));
    return { entry, stored: entry, checks, mutations: [...mutations, ...more] };
  }

  async #othersIn(room: number, account: string): Promise<Others> {
    // The head first: what changes afterwards has a later `seq`.
    const head = await this.log.head(room);
    const others = (await this.#all(room)).filter(({ role, person }) => role !== "banned" && person.id !== account);
    const owners = others.filter(({ role }) => role === "owner").map(({ person }) => person.id);
    return { seq: head?.seq ?? 0, owners: owners.slice(0, OWNERS_ASKED), count: others.length };
  }
}

/**
 * A room keeps an owner as long as someone is in it.
 *
 * @throws {ChatError} `invalid` where none would be left.
 * @throws {Outdated} Where who else is in the room has to be read again.
 */
function requireOwner({ seq }: Slot, { room, roles }: Context, others: Others | null): void {
  if (others?.owners.some((account) => roles.get(account) === "owner")) return;
  // Whoever joins a public room may find it without an owner, too.
  if (others?.count === 0 && room.kind === "public") return;
  if (others?.seq !== seq - 1) throw new Outdated();
  if (others.count > 0) throw new ChatError("invalid", "Choose another owner first.");
}
