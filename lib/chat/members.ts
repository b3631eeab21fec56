/**
 * Who belongs to a room, and the links that let people in. A change of membership is an entry of the room's log.
 * @module
 */
import { randomBytes } from "node:crypto";
import { ChatError } from "@/lib/errors.ts";
import type { Entry, MemberChange } from "@/lib/model/entry.ts";
import type { Invite, Membership, Role } from "@/lib/model/membership.ts";
import type { Person } from "@/lib/model/person.ts";
import { inNameOrder } from "@/lib/model/names.ts";
import { accountOf, type Actor, isModerator, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";
import { membershipMutations, type Rooms } from "@/lib/chat/rooms.ts";
import { notify } from "@/lib/store/signal.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Log } from "@/lib/store/log/log.ts";
import { type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";

/** How long a link lets people in, in milliseconds, and how many; undefined is without end. */
export interface InviteTerms {
  readonly lifetime?: number | undefined;
  readonly uses?: number | undefined;
}

const CODE_BYTES = 12;
const RANKS: readonly Role[] = ["owner", "moderator", "member", "banned"];

/** The members of all rooms. */
export class Members {
  readonly #store: Store;
  readonly #log: Log;
  readonly #rooms: Rooms;
  readonly #policy: Policy;

  /** Memberships are written with the room's log. */
  constructor(store: Store, log: Log, rooms: Rooms, policy: Policy) {
    this.#store = store;
    this.#log = log;
    this.#rooms = rooms;
    this.#policy = policy;
  }

  /** Who belongs to a room: owners first, then moderators, each by name. Who keeps order sees who is banned, too. */
  async list(access: RoomAccess): Promise<Membership[]> {
    this.#policy.read(access);
    const all = await this.#all(access.room.id);
    const shown = isModerator(access) ? all : all.filter(({ role }) => role !== "banned");
    return shown.sort((one, other) =>
      RANKS.indexOf(one.role) - RANKS.indexOf(other.role) || inNameOrder(one.person.name, other.person.name)
    );
  }

  /** What an account is in a room, or null. */
  async of(room: number, account: string): Promise<Membership | null> {
    return (await this.#store.get(keys.member(room, account))).value;
  }

  /** The people of a room, as they came. */
  async people(room: number): Promise<Person[]> {
    return (await this.#all(room)).filter(({ role }) => role !== "banned").map(({ person }) => person);
  }

  #all(room: number): Promise<Membership[]> {
    return Array.fromAsync(this.#rooms.memberships(room));
  }

  /**
   * Gives an account a role in a room, or takes it out (null). Nobody takes the last owner away from a room.
   *
   * @throws {ChatError} What the policy says, or `invalid` for the last owner.
   */
  async setRole(access: RoomAccess, account: Person, role: Role | null): Promise<Entry | undefined> {
    return await this.#change(access, account, role, (before) => this.#policy.setRole(access, before, role));
  }

  /** The actor becomes a member of a public room. */
  async join(access: RoomAccess): Promise<Entry | undefined> {
    const by = this.#policy.join(access);
    return access.role ? undefined : await this.#change(access, by, "member", () => by);
  }

  /** The actor leaves a room. The last owner may leave when nobody else is there. */
  async leave(access: RoomAccess): Promise<Entry | undefined> {
    const by = this.#policy.join(access);
    return await this.#change(access, by, null, () => by);
  }

  async #change(
    { room }: RoomAccess,
    member: Person,
    role: Role | null,
    allow: (before: Role | null) => Person,
  ): Promise<Entry | undefined> {
    const key = keys.member(room.id, member.id);
    allow((await this.of(room.id, member.id))?.role ?? null);
    if (role !== "owner") await this.#keepOwner(room.id, member);
    const appended = await this.#log.append(room.id, {
      members: [member.id],
      mutations: 4,
      build: ({ seq, at, posts }, { roles }) => {
        const before = roles.get(member.id) ?? null;
        const by = allow(before);
        if (before === role) return undefined;
        const entry: MemberChange = { type: "member", seq, at, by, member, role };
        const also: Mutation[] = role === null
          ? [remove(key), remove(keys.roomOf(member.id, room.id)), notify(member.id)]
          : membershipMutations(room, member, role);
        // Whoever comes has no need to read what was said before.
        if (before === null && role !== null) also.push(put(keys.read(member.id, room.id), { seq, posts }));
        return { entry, stored: entry, mutations: also };
      },
    });
    return appended.outcome === "committed" ? appended.entry : undefined;
  }

  async #keepOwner(room: number, leaving: Person): Promise<void> {
    const members = (await this.#all(room)).filter(({ role }) => role !== "banned");
    const owners = members.filter(({ role }) => role === "owner");
    if (owners.length !== 1 || owners[0]!.person.id !== leaving.id || members.length === 1) return;
    throw new ChatError("invalid", "A room needs an owner: make somebody else one first.");
  }

  /** Makes a link that lets people into the room. */
  async invite(access: RoomAccess, { lifetime, uses }: InviteTerms): Promise<Invite> {
    const by = this.#policy.invite(access), now = Date.now();
    const invite: Invite = {
      code: randomBytes(CODE_BYTES).toString("base64url"),
      room: access.room.id,
      by,
      createdAt: now,
      expiresAt: lifetime === undefined ? null : now + lifetime,
      usesLeft: uses ?? null,
    };
    await this.#store.commit([], [
      put(keys.invite(invite.code), invite, lifetime),
      put(keys.inviteOf(invite.room, invite.code), true, lifetime),
    ]);
    return invite;
  }

  /** The links into a room that still let people in. */
  async invites(access: RoomAccess): Promise<Invite[]> {
    this.#policy.invite(access);
    const codes: string[] = [], links = this.#store.list(keys.inviteOf.under(access.room.id));
    for await (const { key } of links) codes.push(String(key.at(-1)));
    const found = await this.#store.getMany(codes.map((code) => keys.invite(code)));
    return found.flatMap(({ value }) => value && isGood(value) ? [value] : []);
  }

  /** Ends a link. */
  async revoke(access: RoomAccess, code: string): Promise<void> {
    this.#policy.invite(access);
    const { value } = await this.#store.get(keys.invite(code));
    if (value?.room !== access.room.id) throw inviteGone();
    await this.#end(value);
  }

  /**
   * What a link leads to. Whoever has it may know the room's name.
   *
   * @throws {ChatError} `not_found` where it does not let anybody in any more.
   */
  async invitation(code: string): Promise<{ invite: Invite; name: string }> {
    const { value: invite } = await this.#store.get(keys.invite(code));
    const room = invite && isGood(invite) ? await this.#rooms.get(invite.room) : null;
    if (!invite || !room) throw inviteGone();
    return { invite, name: room.name };
  }

  /** The room that a link leads to, for somebody who belongs to it already, be the link good or not; null for others. */
  async entered(actor: Actor, code: string): Promise<number | null> {
    const { value: invite } = await this.#store.get(keys.invite(code));
    if (!invite || !accountOf(actor)) return null;
    const access = await this.#rooms.access(actor, invite.room);
    return access?.role && access.role !== "banned" ? invite.room : null;
  }

  /**
   * The actor follows a link into its room. Whoever is there already just goes on, as often as they like.
   *
   * @returns The room's id.
   * @throws {ChatError} `not_found`, `forbidden` for somebody who is banned there, or what the policy says.
   */
  async accept(actor: Actor, code: string): Promise<number> {
    requireAccount(actor, "rooms");
    const entered = await this.entered(actor, code);
    if (entered !== null) return entered;
    const { invite } = await this.invitation(code);
    const access = await this.#rooms.access(actor, invite.room), person = accountOf(actor);
    if (!access || !person) throw inviteGone();
    if (access.role === "banned") throw new ChatError("forbidden", "You are banned from this room.");
    await this.#use(code);
    await this.#change(access, person, "member", () => person);
    return invite.room;
  }

  /** Counts one use. */
  async #use(code: string): Promise<void> {
    await this.#store.update(keys.invite(code), (invite) => {
      if (!invite || !isGood(invite)) throw inviteGone();
      if (invite.usesLeft === null) return undefined;
      return {
        value: { ...invite, usesLeft: invite.usesLeft - 1 },
        expireIn: invite.expiresAt === null ? undefined : invite.expiresAt - Date.now(),
      };
    });
  }

  async #end({ code, room }: Invite): Promise<void> {
    await this.#store.commit([], [remove(keys.invite(code)), remove(keys.inviteOf(room, code))]);
  }
}

function isGood({ expiresAt, usesLeft }: Invite): boolean {
  return (expiresAt === null || expiresAt > Date.now()) && usesLeft !== 0;
}

function inviteGone(): ChatError {
  return new ChatError("not_found", "This invitation does not let anybody in any more: ask for a new one.");
}
