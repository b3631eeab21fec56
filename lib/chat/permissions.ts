/**
 * What an actor can see and do, for those who draw buttons and read. Commands ask the policy themselves.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Scope } from "@/lib/model/account.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Actor, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";

/** What an actor can do on the server. */
export interface ServerPermissions {
  readonly browse: boolean;
  readonly createRooms: boolean;
  readonly admin: boolean;
}

/** What an actor can do in a room. */
export interface RoomPermissions {
  readonly read: boolean;
  readonly write: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  /** Join, and leave. */
  readonly join: boolean;
  readonly invite: boolean;
  /** Whether the actor can give a role to someone who has the role `before`; null is no member. */
  setRole(before: Role | null, after: Role | null): boolean;
  edit(post: Post): boolean;
  deleteMessage(post: Post): boolean;
}

/** A read-only view of the policy. */
export class Permissions {
  readonly #policy: Policy;

  /** A view of this policy. */
  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** What the actor can do on the server. */
  on(actor: Actor): ServerPermissions {
    const policy = this.#policy;
    return {
      browse: allowed(() => policy.browse(actor)),
      createRooms: allowed(() => policy.createRoom(actor, "public")),
      admin: allowed(() => policy.admin(actor)),
    };
  }

  /** What the actor can do in a room. */
  in(access: RoomAccess): RoomPermissions {
    const policy = this.#policy;
    return {
      read: allowed(() => policy.read(access)),
      write: allowed(() => policy.write(access)),
      update: allowed(() => policy.updateRoom(access)),
      delete: allowed(() => policy.deleteRoom(access)),
      join: allowed(() => policy.join(access)),
      invite: allowed(() => policy.invite(access)),
      setRole: (before, after) => allowed(() => policy.setRole(access, before, after)),
      edit: (post) => allowed(() => policy.editMessage(access, post)),
      deleteMessage: (post) => allowed(() => policy.deleteMessage(access, post)),
    };
  }

  /** Throws {@link ChatError} `sign_in` or `forbidden` unless the actor can look around. */
  requireBrowse(actor: Actor): void {
    this.#policy.browse(actor);
  }

  /** Throws {@link ChatError} `forbidden` unless the actor can edit the message. */
  requireEdit(access: RoomAccess, post: Post): void {
    this.#policy.editMessage(access, post);
  }

  /** Throws {@link ChatError} `room_not_found` or `forbidden` unless the actor can read the room. */
  requireRead(access: RoomAccess): void {
    this.#policy.read(access);
  }

  /** The account that asks, with a token that is good for this. Throws {@link ChatError} `sign_in` or `forbidden`. */
  requireAccount(actor: Actor, scope: Scope): Person {
    return requireAccount(actor, scope);
  }
}

function allowed(ask: () => unknown): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (error instanceof ChatError) return false;
    throw error;
  }
}
