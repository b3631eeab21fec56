/**
 * Invites: links that let people into a room. A link is worth as much as the rights that its maker has now.
 * @module
 */
import { randomBytes } from "node:crypto";
import { ChatError } from "@/lib/errors.ts";
import type { Invite, Role } from "@/lib/model/membership.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Members } from "@/lib/chat/members.ts";
import {
  accountOf,
  type Actor,
  allows,
  asGuest,
  type Policy,
  requireAccount,
  type RoomAccess,
} from "@/lib/chat/policy.ts";
import type { Rooms } from "@/lib/chat/rooms.ts";
import { keys } from "@/lib/store/keys.ts";
import { type Check, type Mutation, put, remove } from "@/lib/store/commit.ts";
import type { Store } from "@/lib/store/kv.ts";
import type { Context } from "@/lib/store/log/append.ts";

/** How long a link lets people in, in milliseconds, and how many; undefined is without end. */
export interface InviteTerms {
  readonly lifetime?: number | undefined;
  readonly uses?: number | undefined;
}

/** An invite that lets people in, as of a version of its record. */
interface StoredInvite {
  readonly invite: Invite;
  readonly check: Check;
}

const CODE_BYTES = 12;

/** The invites of all rooms. */
export class Invites {
  /** Over the rooms of one store. */
  constructor(
    private readonly store: Store,
    private readonly rooms: Rooms,
    private readonly members: Members,
    private readonly policy: Policy,
  ) {}

  /** Creates a link into a room. Throws {@link ChatError} what the policy says. */
  async create(actor: Actor, room: number, { lifetime, uses }: InviteTerms): Promise<Invite> {
    const code = randomBytes(CODE_BYTES).toString("base64url");
    const { value } = await this.store.update(keys.invite(code), async () => {
      const { access, checks } = await this.rooms.accessToCheck(actor, room), now = Date.now();
      const expiresAt = lifetime === undefined ? null : now + lifetime, by = this.policy.invite(access);
      return {
        value: { code, room, by, createdAt: now, expiresAt, usesLeft: uses ?? null },
        expireIn: lifetime,
        checks,
        mutations: [put(keys.inviteOf(room, code), true, lifetime)],
      };
    });
    return value;
  }

  /** The links into a room that let people in. Throws {@link ChatError} what the policy says. */
  async list(access: RoomAccess): Promise<Invite[]> {
    this.policy.invite(access);
    const codes: string[] = [];
    for await (const { key } of this.store.list(keys.inviteOf.under(access.room.id))) codes.push(String(key.at(-1)));
    const found = await this.store.getMany(codes.map((code) => keys.invite(code)));
    const usable = await Promise.all(found.map(({ value }) => value && this.#isUsable(value, access.room)));
    return found.flatMap(({ value }, index) => value && usable[index] ? [value] : []);
  }

  /** Ends a link. Throws {@link ChatError} `not_found`, or what the policy says. */
  async revoke(actor: Actor, room: number, code: string): Promise<void> {
    await this.store.update(keys.invite(code), async (invite) => {
      const { access, checks } = await this.rooms.accessToCheck(actor, room);
      this.policy.invite(access);
      if (invite?.room !== room) throw gone();
      return { value: null, checks, mutations: [remove(keys.inviteOf(room, code))] };
    });
  }

  /**
   * What a link leads to. Someone who has it can know the room's name.
   *
   * @throws {ChatError} `not_found` where it doesn't let anyone in.
   */
  async find(code: string): Promise<{ invite: Invite; name: string }> {
    const { invite } = await this.#read(code), room = await this.rooms.get(invite.room);
    if (!room || !await this.#isUsable(invite, room)) throw gone();
    return { invite, name: room.name };
  }

  /** The room that a link leads to, usable or not, for someone who belongs to it; null for others. */
  async entered(actor: Actor, code: string): Promise<number | null> {
    const { value: invite } = await this.store.get(keys.invite(code));
    if (!invite || !accountOf(actor)) return null;
    const role = await this.rooms.role(actor, invite.room);
    return role && role !== "banned" ? invite.room : null;
  }

  /**
   * Makes the actor a member of a link's room. That counts one use, but for someone who belongs to it already.
   *
   * @returns The room's id.
   * @throws {ChatError} `not_found`, `forbidden` for someone who is banned there, or what the policy says.
   */
  async accept(actor: Actor, code: string): Promise<number> {
    const member = requireAccount(actor, "rooms"), entered = await this.entered(actor, code);
    if (entered !== null) return entered;
    const { invite: { room, by: maker } } = await this.find(code), key = keys.invite(code);
    let stored = await this.#read(code);
    // As of the commit: others of the same commit may have used it.
    const inviteIn = ({ values: [value] }: Context) => {
      const invite = key.schema.nullable().parse(value ?? null);
      if (!invite || !isOpen(invite)) throw gone();
      return invite;
    };
    await this.members.change(room, {
      members: [member.id, maker.id],
      reads: [key],
      guard: {
        get check() {
          return stored.check;
        },
        refresh: async () => {
          await actor?.guard?.refresh();
          stored = await this.#read(code);
        },
      },
      member,
      role: "member",
      keepsRole: true,
      allow: (context, before) => {
        const { room, roles } = context;
        if (before === "banned") throw new ChatError("forbidden", `You're banned from ${room.name}.`);
        if (!this.#mayInvite(inviteIn(context), room, roles.get(maker.id) ?? null)) throw gone();
        return member;
      },
      also: (context) => ({ checks: actor?.guard ? [actor.guard.check] : [], mutations: used(inviteIn(context)) }),
    });
    return room;
  }

  async #read(code: string): Promise<StoredInvite> {
    const key = keys.invite(code), { value: invite, versionstamp } = await this.store.get(key);
    if (!invite || !isOpen(invite)) throw gone();
    return { invite, check: { key: key.path, versionstamp } };
  }

  async #isUsable(invite: Invite, room: Room): Promise<boolean> {
    const [{ value: maker }, { value: membership }] = await this.store.getBoth(
      keys.account(invite.by.id),
      keys.member(room.id, invite.by.id),
    );
    return isOpen(invite) && maker !== null && !maker.disabled &&
      this.#mayInvite(invite, room, membership?.role ?? null);
  }

  #mayInvite({ by }: Invite, room: Room, role: Role | null): boolean {
    return allows(() => this.policy.invite({ actor: asGuest(by), room, role }));
  }
}

function isOpen({ expiresAt, usesLeft }: Invite): boolean {
  return (expiresAt === null || expiresAt > Date.now()) && usesLeft !== 0;
}

/** Counts one use. */
function used(invite: Invite): Mutation[] {
  const { code, expiresAt, usesLeft } = invite;
  if (usesLeft === null) return [];
  const lifetime = expiresAt === null ? undefined : Math.max(1, expiresAt - Date.now());
  return [put(keys.invite(code), { ...invite, usesLeft: usesLeft - 1 }, lifetime)];
}

function gone(): ChatError {
  return new ChatError("not_found", "This invite has expired. Ask for a new link.");
}
