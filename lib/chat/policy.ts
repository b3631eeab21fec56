/**
 * May this one do that here? Every route and every frame asks this module, and nothing else decides. What somebody may
 * not know of is `room_not_found`, not `forbidden`.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { GENERAL, type Person, type Post, type Role, type Room, type RoomKind } from "@/lib/chat/entries.ts";

/** What guests may do: everything in public rooms, only talk there, or nothing. */
export type GuestPolicy = "full" | "chat" | "none";

/** What a personal access token may be good for. */
export const SCOPES = ["read", "write", "rooms", "account"] as const;
/** One of {@link SCOPES}. */
export type Scope = typeof SCOPES[number];

/** Somebody whom the server knows by a cookie, a token or a given name. */
export interface Identity {
  readonly person: Person;
  /** Whether it is an admin of the whole server. */
  readonly admin: boolean;
  /** The session that this is, by its id; null for a guest. */
  readonly session: string | null;
  /** What the token is good for; null where that is everything. */
  readonly scopes: readonly Scope[] | null;
  /** When a token runs out, in milliseconds since 1970; null where the session alone decides. */
  readonly expiresAt: number | null;
}

/** Who asks; null is somebody who has not said a name. */
export type Asker = Identity | null;

/** Who asks, where, and what they are there; null where they are nothing in particular. */
export interface Standing {
  readonly asker: Asker;
  readonly room: Room;
  readonly role: Role | null;
}

/** A guest of this name and id. */
export function asGuest(person: Person): Identity {
  return { person, admin: false, session: null, scopes: null, expiresAt: null };
}

/** The account that asks, or null for guests and nobody. */
export function accountOf(asker: Asker): Person | null {
  return asker && !asker.person.guest ? asker.person : null;
}

const RANK: Readonly<Record<Role, number>> = { banned: 0, member: 1, moderator: 2, owner: 3 };

/** The rules of one server. Each method returns quietly or throws {@link ChatError}. */
export class Policy {
  /** @param guests What guests may do. */
  constructor(readonly guests: GuestPolicy) {}

  /** May the asker look around at all? Throws `sign_in` where guests may not. */
  look(asker: Asker): void {
    if (this.guests === "none" && accountOf(asker) === null) {
      throw new ChatError("sign_in", "This server is for people with an account: sign in first.");
    }
    scoped(asker, "read");
  }

  /** May the asker read this room? Throws `room_not_found` for a room that they may not know of. */
  read({ asker, room, role }: Standing): void {
    this.look(asker);
    if (room.kind !== "public" && (role === null || role === "banned")) throw new ChatError("room_not_found");
    if (role === "banned") throw new ChatError("forbidden", `You are banned from the room "${room.name}".`);
  }

  /** May the asker tell how far they have read? In an archived room too. */
  mark(standing: Standing): Person {
    const person = named(standing.asker);
    this.read(standing);
    return person;
  }

  /** May the asker write to this room: post, react, type? */
  write(standing: Standing): Person {
    const person = this.mark(standing);
    scoped(standing.asker, "write");
    if (standing.room.archived) {
      throw new ChatError("room_archived", "This room is archived: it can be read, not written to.");
    }
    return person;
  }

  /** May the asker make rooms of this kind? Whatever is not public is for accounts. */
  create(asker: Asker, kind: RoomKind): Person | null {
    this.look(asker);
    if (kind !== "public") return this.account(asker, "rooms");
    scoped(asker, "rooms");
    if (accountOf(asker) === null) this.#fullGuest("make rooms");
    return asker?.person ?? null;
  }

  /** May the asker rename, describe or archive this room? */
  change(standing: Standing): Person {
    const person = this.mark(standing);
    this.#govern(standing, "moderator", "change");
    return person;
  }

  /** May the asker delete this room? */
  remove(standing: Standing): void {
    this.read(standing);
    this.#govern(standing, "owner", "delete");
  }

  /** May the asker edit this message? Only who wrote it may. */
  edit({ asker }: Standing, post: Post): void {
    if (asker?.person.id !== post.by.id) throw new ChatError("forbidden", "Only who wrote a message may edit it.");
  }

  /** May the asker delete this message? Who wrote it may, and who keeps order in the room. */
  withdraw(standing: Standing, post: Post): void {
    if (standing.asker?.person.id === post.by.id || keepsOrder(standing)) return;
    throw new ChatError("forbidden", "Only who wrote a message or moderates the room may delete it.");
  }

  /** May the asker become a member of this room, or stay away again? */
  join(standing: Standing): Person {
    const person = this.account(standing.asker, "rooms");
    this.read(standing);
    if (standing.room.kind === "direct") {
      throw new ChatError("forbidden", "A direct conversation is for its two people.");
    }
    return person;
  }

  /** May the asker invite people to this room and see its invitations? */
  invite(standing: Standing): Person {
    const person = this.join(standing);
    if (standing.room.kind === "private" && !keepsOrder(standing)) {
      throw new ChatError("forbidden", "Only who owns or moderates this room may invite people.");
    }
    return person;
  }

  /** May the asker make somebody who is `before` in this room into `after` (null is no member)? */
  seat(standing: Standing, before: Role | null, after: Role | null): Person {
    const person = this.join(standing), { room, role, asker } = standing;
    const own = room.kind === "public" && asker?.admin ? RANK.owner : RANK[role ?? "banned"];
    const reach = Math.max(RANK[before ?? "banned"], RANK[after ?? "banned"]);
    if (own < RANK.moderator || (own < RANK.owner && reach >= own)) {
      throw new ChatError("forbidden", "Only who owns this room, or moderates it, may decide that.");
    }
    return person;
  }

  /** Is the asker an account, with a token that is good for this? Throws `sign_in` or `forbidden`. */
  account(asker: Asker, scope: Scope): Person {
    const person = accountOf(asker);
    if (!person) throw new ChatError("sign_in", "Sign in first: this is for people with an account.");
    scoped(asker, scope);
    return person;
  }

  /** Is the asker an admin of the server? */
  admin(asker: Asker): Person {
    const person = this.account(asker, "account");
    if (!asker?.admin) throw new ChatError("forbidden", "Only an admin of this server may do that.");
    return person;
  }

  #govern(standing: Standing, least: "moderator" | "owner", verb: string): void {
    const { asker, room, role } = standing;
    if (room.id === GENERAL) {
      throw new ChatError("forbidden", `Nobody may ${verb} the room "${room.name}": it is always there.`);
    }
    scoped(asker, "rooms");
    if (room.kind === "direct") {
      throw new ChatError("forbidden", `Nobody may ${verb} a direct conversation: it belongs to both.`);
    }
    if (RANK[role ?? "banned"] >= RANK[least] || (asker?.admin && room.kind === "public")) return;
    if (room.createdBy && !room.createdBy.guest) {
      throw new ChatError("forbidden", `Only its owner may ${verb} the room "${room.name}".`);
    }
    if (accountOf(asker) === null) this.#fullGuest(`${verb} rooms`);
  }

  #fullGuest(verb: string): void {
    if (this.guests !== "full") throw new ChatError("forbidden", `Guests may not ${verb} here: sign in first.`);
  }
}

/** Whether the asker keeps order in the room: its owner, a moderator, or an admin where everybody may come. */
export function keepsOrder({ asker, room, role }: Standing): boolean {
  return RANK[role ?? "banned"] >= RANK.moderator || (room.kind === "public" && asker?.admin === true);
}

function named(asker: Asker): Person {
  if (asker === null) throw new ChatError("sign_in", "Say who you are: give a name or sign in.");
  return asker.person;
}

function scoped(asker: Asker, scope: Scope): void {
  if (asker?.scopes && !asker.scopes.includes(scope)) {
    throw new ChatError("forbidden", `This token is not good for that: it lacks the scope "${scope}".`);
  }
}
