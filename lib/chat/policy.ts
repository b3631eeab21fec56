/**
 * May this one do that here? Every route and every frame asks this module, and nothing else decides. What somebody may
 * not know of is `room_not_found`, not `forbidden`.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Scope } from "@/lib/model/account.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { GENERAL, type Room, type RoomKind } from "@/lib/model/room.ts";

/** What guests may do: everything in public rooms, only talk there, or nothing. */
export type GuestPolicy = "full" | "chat" | "none";

/** Somebody whom the server knows by a cookie, a token or a given name. */
export interface Principal {
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
export type Actor = Principal | null;

/** Who asks, where, and what they are there; null where they are nothing in particular. */
export interface RoomAccess {
  readonly actor: Actor;
  readonly room: Room;
  readonly role: Role | null;
}

/** A guest of this name and id. */
export function asGuest(person: Person): Principal {
  return { person, admin: false, session: null, scopes: null, expiresAt: null };
}

/** The account that asks, or null for guests and nobody. */
export function accountOf(actor: Actor): Person | null {
  return actor && !actor.person.guest ? actor.person : null;
}

const RANK: Readonly<Record<Role, number>> = { banned: 0, member: 1, moderator: 2, owner: 3 };

/** The rules of one server. Each method returns quietly or throws {@link ChatError}. */
export class Policy {
  /** @param guests What guests may do. */
  constructor(readonly guests: GuestPolicy) {}

  /** May the actor look around at all? Throws `sign_in` where guests may not. */
  browse(actor: Actor): void {
    if (this.guests === "none" && accountOf(actor) === null) {
      throw new ChatError("sign_in", "This server is for people with an account: sign in first.");
    }
    scoped(actor, "read");
  }

  /** May the actor read this room? Throws `room_not_found` for a room that they may not know of. */
  read({ actor, room, role }: RoomAccess): void {
    this.browse(actor);
    if (room.kind !== "public" && (role === null || role === "banned")) throw new ChatError("room_not_found");
    if (role === "banned") throw new ChatError("forbidden", `You are banned from the room "${room.name}".`);
  }

  /** May the actor tell how far they have read? In an archived room too. */
  markRead(access: RoomAccess): Person {
    const person = named(access.actor);
    this.read(access);
    return person;
  }

  /** May the actor write to this room: post, react, type? */
  write(access: RoomAccess): Person {
    const person = this.markRead(access);
    scoped(access.actor, "write");
    if (access.room.archived) {
      throw new ChatError("room_archived", "This room is archived: it can be read, not written to.");
    }
    return person;
  }

  /** May the actor set a status? */
  setStatus(actor: Actor): Person {
    return named(actor);
  }

  /** May the actor make rooms of this kind? Whatever is not public is for accounts. */
  createRoom(actor: Actor, kind: RoomKind): Person | null {
    this.browse(actor);
    if (kind !== "public") return this.account(actor, "rooms");
    scoped(actor, "rooms");
    if (accountOf(actor) === null) this.#fullGuest("make rooms");
    return actor?.person ?? null;
  }

  /** May the actor rename, describe or archive this room? */
  updateRoom(access: RoomAccess): Person {
    const person = this.markRead(access);
    this.#govern(access, "moderator", "change");
    return person;
  }

  /** May the actor delete this room? */
  deleteRoom(access: RoomAccess): void {
    this.read(access);
    this.#govern(access, "owner", "delete");
  }

  /** May the actor edit this message? Only who wrote it may. */
  editMessage({ actor }: RoomAccess, post: Post): void {
    if (actor?.person.id !== post.by.id) throw new ChatError("forbidden", "Only who wrote a message may edit it.");
  }

  /** May the actor delete this message? Who wrote it may, and who keeps order in the room. */
  deleteMessage(access: RoomAccess, post: Post): void {
    if (access.actor?.person.id === post.by.id || isModerator(access)) return;
    throw new ChatError("forbidden", "Only who wrote a message or moderates the room may delete it.");
  }

  /** May the actor become a member of this room, or stay away again? */
  join(access: RoomAccess): Person {
    const person = this.account(access.actor, "rooms");
    this.read(access);
    if (access.room.kind === "direct") {
      throw new ChatError("forbidden", "A direct conversation is for its two people.");
    }
    return person;
  }

  /** May the actor invite people to this room and see its invitations? */
  invite(access: RoomAccess): Person {
    const person = this.join(access);
    if (access.room.kind === "private" && !isModerator(access)) {
      throw new ChatError("forbidden", "Only who owns or moderates this room may invite people.");
    }
    return person;
  }

  /** May the actor make somebody who is `before` in this room into `after` (null is no member)? */
  setRole(access: RoomAccess, before: Role | null, after: Role | null): Person {
    const person = this.join(access), { room, role, actor } = access;
    const own = room.kind === "public" && actor?.admin ? RANK.owner : RANK[role ?? "banned"];
    const reach = Math.max(RANK[before ?? "banned"], RANK[after ?? "banned"]);
    if (own < RANK.moderator || (own < RANK.owner && reach >= own)) {
      throw new ChatError("forbidden", "Only who owns this room, or moderates it, may decide that.");
    }
    return person;
  }

  /** Is the actor an account, with a token that is good for this? Throws `sign_in` or `forbidden`. */
  account(actor: Actor, scope: Scope): Person {
    return requireAccount(actor, scope);
  }

  /** Is the actor an admin of the server? */
  admin(actor: Actor): Person {
    const person = this.account(actor, "account");
    if (!actor?.admin) throw new ChatError("forbidden", "Only an admin of this server may do that.");
    return person;
  }

  /** Can the actor change what this account is? `takesAway` where it can do less afterwards: not one's own. */
  administer(actor: Actor, account: string, takesAway: boolean): void {
    if (this.admin(actor).id === account && takesAway) {
      throw new ChatError("invalid", "You can't remove your own access. Ask another admin.");
    }
  }

  #govern(access: RoomAccess, least: "moderator" | "owner", verb: string): void {
    const { actor, room, role } = access;
    if (room.id === GENERAL) {
      throw new ChatError("forbidden", `Nobody may ${verb} the room "${room.name}": it is always there.`);
    }
    scoped(actor, "rooms");
    if (room.kind === "direct") {
      throw new ChatError("forbidden", `Nobody may ${verb} a direct conversation: it belongs to both.`);
    }
    if (RANK[role ?? "banned"] >= RANK[least] || (actor?.admin && room.kind === "public")) return;
    if (room.createdBy && !room.createdBy.guest) {
      throw new ChatError("forbidden", `Only its owner may ${verb} the room "${room.name}".`);
    }
    if (accountOf(actor) === null) this.#fullGuest(`${verb} rooms`);
  }

  #fullGuest(verb: string): void {
    if (this.guests !== "full") throw new ChatError("forbidden", `Guests may not ${verb} here: sign in first.`);
  }
}

/** Whether the actor keeps order in the room: its owner, a moderator, or an admin where everybody may come. */
export function isModerator({ actor, room, role }: RoomAccess): boolean {
  return RANK[role ?? "banned"] >= RANK.moderator || (room.kind === "public" && actor?.admin === true);
}

/** The account that asks, with a token that is good for this. Throws {@link ChatError} `sign_in` or `forbidden`. */
export function requireAccount(actor: Actor, scope: Scope): Person {
  const person = accountOf(actor);
  if (!person) throw new ChatError("sign_in", "Sign in first.");
  scoped(actor, scope);
  return person;
}

function named(actor: Actor): Person {
  if (actor === null) throw new ChatError("sign_in", "Say who you are: give a name or sign in.");
  return actor.person;
}

function scoped(actor: Actor, scope: Scope): void {
  if (actor?.scopes && !actor.scopes.includes(scope)) {
    throw new ChatError("forbidden", `This token is not good for that: it lacks the scope "${scope}".`);
  }
}
