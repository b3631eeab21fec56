/**
 * What an actor can see and do, for those who draw buttons and read. Commands ask the policy themselves.
 * @module
 */
import type { Scope } from "@/lib/model/account.ts";
import type { Role } from "@/lib/model/membership.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Actor, allows, type Policy, requireAccount, type RoomAccess } from "@/lib/chat/policy.ts";

/** What an actor can do on the server. */
export type ServerPermissions = Readonly<Record<"browse" | "createRooms" | "admin", boolean>>;

/** What an actor can do in a room; `join` is to leave it, too. */
export interface RoomPermissions extends Readonly<Record<"read" | "update" | "delete" | "join", boolean>> {
  /** Whether the actor can give a role to someone who has the role `before`; null is no member. */
  setRole(before: Role | null, after: Role | null): boolean;
}

/** A read-only view of the policy. */
export class Permissions {
  /** A view of this policy. */
  constructor(private readonly policy: Policy) {}

  /** What the actor can do on the server. */
  on(actor: Actor): ServerPermissions {
    const { policy } = this;
    return {
      browse: allows(() => policy.browse(actor)),
      createRooms: allows(() => policy.createRoom(actor, "public")),
      admin: allows(() => policy.admin(actor)),
    };
  }

  /** What the actor can do in a room. */
  in(access: RoomAccess): RoomPermissions {
    const { policy } = this;
    return {
      read: allows(() => policy.read(access)),
      update: allows(() => policy.updateRoom(access)),
      delete: allows(() => policy.deleteRoom(access)),
      join: allows(() => policy.join(access)),
      setRole: (before, after) => allows(() => policy.setRole(access, before, after)),
    };
  }

  /** Throws {@link ChatError} `sign_in` or `forbidden` unless the actor can look around. */
  requireBrowse(actor: Actor): void {
    this.policy.browse(actor);
  }

  /** Throws {@link ChatError} `forbidden` unless the actor can edit the message. */
  requireEdit(access: RoomAccess, post: Post): void {
    this.policy.editMessage(access, post);
  }

  /** Throws {@link ChatError} `room_not_found` or `forbidden` unless the actor can read the room. */
  requireRead(access: RoomAccess): void {
    this.policy.read(access);
  }

  /** The account that asks, with a token that is good for this. Throws {@link ChatError} `sign_in` or `forbidden`. */
  requireAccount(actor: Actor, scope: Scope): Person {
    return requireAccount(actor, scope);
  }
}
