/**
 * The policy: what an actor can do here. Commands ask it with the room and the roles as of their commit. What someone can't
 * know of is `room_not_found`, not `forbidden`.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { AccountGuard } from "@/lib/chat/account_guard.ts";
import type { Scope } from "@/lib/model/account.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { GENERAL, type Room, type RoomKind } from "@/lib/model/room.ts";

/** What guests can do: everything in public rooms, only talk there, or nothing. */
export type GuestPolicy = "full" | "chat" | "none";

/** A person whom the server knows by a cookie, a token or a given name. */
export interface Principal {
  readonly person: Person;
  /** Id of the session; null for a guest. */
  readonly session: string | null;
  /** What the token is good for; null for everything. */
  readonly scopes: readonly Scope[] | null;
  /** When a token expires, in milliseconds since 1970; null where the session alone decides. */
  readonly expiresAt: number | null;
  /** What commits check of the account and its session; null for a guest. */
  readonly guard: AccountGuard | null;
}

/** Who is asking; null for someone who hasn't given a name. */
export type Actor = Principal | null;

/** Who is asking, in which room, and their role there. */
export interface RoomAccess {
  readonly actor: Actor;
  readonly room: Room;
  readonly role: Role | null;
}

/** A person without a session: a guest, or someone in whose name a question is asked. */
export function asGuest(person: Person): Principal {
  return { person, session: null, scopes: null, expiresAt: null, guard: null };
}

/** The account that is asking, or null for guests and for someone without a name. */
export function accountOf(actor: Actor): Person | null {
  return actor && !actor.person.guest ? actor.person : null;
}

/** Whether the actor is an admin of the server. */
export function isAdmin(actor: Actor): boolean {
  return actor?.guard?.admin === true;
}

const RANK: Readonly<Record<Role, number>> = { banned: 0, member: 1, moderator: 2, owner: 3 };

/** The rules of one server. Each method returns or throws {@link ChatError}. */
export class Policy {
  /** @param guests What guests can do. */
  constructor(readonly guests: GuestPolicy) {}

  /** Can the actor look around at all? Throws `sign_in` where guests can't. */
  browse(actor: Actor): void {
    if (this.guests === "none" && accountOf(actor) === null) {
      throw new ChatError("sign_in", "You need an account to use this server.");
    }
    requireScope(actor, "read");
  }

  /** Can the actor read this room? Throws `room_not_found` for a room that they can't know of. */
  read({ actor, room, role }: RoomAccess): void {
    this.browse(actor);
    if (room.kind !== "public" && (role === null || role === "banned")) throw new ChatError("room_not_found");
    if (role === "banned") throw new ChatError("forbidden", `You're banned from ${room.name}.`);
  }

  /** Can an account with this role read this room? */
  isReader({ kind }: Room, role: Role | null | undefined): boolean {
    return role ? role !== "banned" : kind === "public";
  }

  /** Can the actor set how far they have read? In an archived room too. */
  markRead(access: RoomAccess): Person {
    this.read(access);
    requireScope(access.actor, "write");
    return requireName(access.actor);
  }

  /** Can the actor write to this room: post, react, type? */
  write(access: RoomAccess): Person {
    const person = this.markRead(access);
    if (access.room.archived) throw new ChatError("room_archived", "This room is archived and read-only.");
    return person;
  }

  /** Can the actor set a status? */
  setStatus(actor: Actor): Person {
    return requireName(actor);
  }

  /** Can the actor create rooms of this kind? Those that aren't public are for accounts. */
  createRoom(actor: Actor, kind: RoomKind): Person | null {
    this.browse(actor);
    if (kind !== "public") return requireAccount(actor, "rooms");
    requireScope(actor, "rooms");
    if (accountOf(actor) === null) this.#requireFullGuests("create rooms");
    return actor?.person ?? null;
  }

  /** Can the actor rename, describe or archive this room? */
  updateRoom(access: RoomAccess): Person {
    this.read(access);
    const person = requireName(access.actor);
    this.#govern(access, "moderator", "change");
    return person;
  }

  /** Can the actor delete this room? */
  deleteRoom(access: RoomAccess): void {
    this.read(access);
    this.#govern(access, "owner", "delete");
  }

  /** Can the actor edit this message? */
  editMessage({ actor }: RoomAccess, post: Post): void {
    if (actor?.person.id !== post.by.id) throw new ChatError("forbidden", "You can only edit your own messages.");
  }

  /** Can the actor delete this message? Its author can, and moderators. */
  deleteMessage(access: RoomAccess, post: Post): void {
    if (access.actor?.person.id === post.by.id || isModerator(access)) return;
    throw new ChatError("forbidden", "You can only delete your own messages.");
  }

  /** Can the actor become a member of this room, or leave it? */
  join(access: RoomAccess): Person {
    const person = requireAccount(access.actor, "rooms");
    this.read(access);
    if (access.room.kind === "direct") {
      throw new ChatError("forbidden", "Only two people can be in a direct conversation.");
    }
    return person;
  }

  /** Can the actor invite people to this room and see its invites? */
  invite(access: RoomAccess): Person {
    const person = this.join(access);
    if (access.room.kind === "private" && !isModerator(access)) {
      throw new ChatError("forbidden", "Only owners and moderators can invite people to this room.");
    }
    return person;
  }

  /** Can the actor give `after` (null removes) to someone whose role here is `before` (null is no member)? */
  setRole(access: RoomAccess, before: Role | null, after: Role | null): Person {
    const person = this.join(access), { room, role, actor } = access;
    const own = room.kind === "public" && isAdmin(actor) ? RANK.owner : RANK[role ?? "banned"];
    const reach = Math.max(RANK[before ?? "banned"], RANK[after ?? "banned"]);
    if (own < RANK.moderator || (own < RANK.owner && reach >= own)) {
      throw new ChatError("forbidden", "Only owners and moderators can change roles.");
    }
    return person;
  }

  /** Is the actor an admin of the server? */
  admin(actor: Actor): Person {
    const person = requireAccount(actor, "account");
    if (!isAdmin(actor)) throw new ChatError("forbidden", "Only admins can do that.");
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
    if (room.id === GENERAL) throw new ChatError("forbidden", "This room can't be changed or deleted.");
    requireScope(actor, "rooms");
    if (room.kind === "direct") throw new ChatError("forbidden", `You can't ${verb} a direct conversation.`);
    if (RANK[role ?? "banned"] >= RANK[least] || (isAdmin(actor) && room.kind === "public")) return;
    if (room.owned || (room.createdBy && !room.createdBy.guest)) {
      throw new ChatError(
        "forbidden",
        `Only owners ${least === "owner" ? "" : "and moderators "}can ${verb} this room.`,
      );
    }
    if (accountOf(actor) === null) this.#requireFullGuests(`${verb} rooms`);
  }

  #requireFullGuests(verb: string): void {
    if (this.guests !== "full") throw new ChatError("forbidden", `Guests can't ${verb} here. Sign in first.`);
  }
}

/** Whether the actor keeps order in the room: an owner, a moderator, or an admin in a public room. */
export function isModerator({ actor, room, role }: RoomAccess): boolean {
  return RANK[role ?? "banned"] >= RANK.moderator || (room.kind === "public" && isAdmin(actor));
}

/** The account that is asking, with a token that is good for this. Throws {@link ChatError} `sign_in` or `forbidden`. */
export function requireAccount(actor: Actor, scope: Scope): Person {
  const person = accountOf(actor);
  if (!person) throw new ChatError("sign_in", "Sign in first.");
  requireScope(actor, scope);
  return person;
}

function requireName(actor: Actor): Person {
  if (actor === null) throw new ChatError("sign_in", "Enter a name or sign in.");
  return actor.person;
}

function requireScope(actor: Actor, scope: Scope): void {
  if (actor?.scopes && !actor.scopes.includes(scope)) {
    throw new ChatError("forbidden", `This token lacks the scope "${scope}".`);
  }
}

/** Whether a question to the policy is answered without a refusal. */
export function allows(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}
