/**
 * The operations of writers, and the appends that they become.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Deletion, Edit, PinChange } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { put, remove } from "@/lib/store/commit.ts";
import { keys } from "@/lib/store/keys.ts";
import type { Append, Built, Guard, Slot } from "@/lib/store/log/append.ts";

/** A post or a change, until it is done. */
export interface Operation {
  readonly kind: "post" | "edit" | "delete" | "pin" | "unpin" | "archive" | "reopen" | "ban" | "admit";
  /** Unique; the nonce of a post. */
  readonly name: string;
  readonly room: number;
  readonly by: Person;
  /** `seq` of the message that it is about. */
  readonly target?: number | undefined;
  /** Whose role it changes. */
  readonly member?: Person;
  readonly content: string;
  done: boolean;
  /** It was refused by a right that its writer did not have any more. */
  refused?: boolean;
}

/** The append of an operation. */
export function appendOf(operation: Operation, guard?: Guard): Append {
  const { kind, target, member, by, name, content } = operation;
  if (kind === "archive" || kind === "reopen") return archiving(by, kind === "archive");
  if (member) return banning(by, member, kind === "ban");
  if (kind === "post" || target === undefined) {
    return {
      nonce: { by, value: name },
      members: [by.id],
      guard,
      build({ seq, at }, { room, roles }) {
        if (room.archived) throw new ChatError("room_archived");
        if (roles.get(by.id) === "banned") throw new ChatError("forbidden");
        const entry = newPost(by, name, content, seq, at);
        return { entry, stored: entry };
      },
    };
  }
  return {
    target,
    build: (slot, { target }) => {
      if (target?.type !== "post") throw new ChatError("message_not_found");
      return change(operation, target, slot);
    },
  };
}

function archiving(by: Person, archived: boolean): Append {
  return {
    mutations: 1,
    build({ seq, at }, { room }) {
      if (room.archived === archived) return undefined;
      const { id, name, description } = room;
      const entry = { type: "room", seq, at, by, name, description, archived } as const;
      return { entry, stored: entry, mutations: [put(keys.room(id), { ...room, archived })] };
    },
  };
}

function banning(by: Person, member: Person, isBanned: boolean): Append {
  const role = isBanned ? "banned" : null;
  return {
    members: [member.id],
    mutations: 1,
    build({ seq, at }, { room, roles }) {
      if (roles.get(member.id) === role) return undefined;
      const entry = { type: "member", seq, at, by, member, role } as const, key = keys.member(room.id, member.id);
      return { entry, stored: entry, mutations: [role ? put(key, { role, person: member, since: at }) : remove(key)] };
    },
  };
}

/** A public room. */
export function newRoom(id: number): Room {
  return { id, name: `room ${id}`, description: "", kind: "public", archived: false, createdAt: 0, createdBy: null };
}

/** A message that has not been changed yet. */
export function newPost(by: Person, nonce: string, content: string, seq: number, at: number): Post {
  return { type: "post", seq, at, by, content, nonce, editedAt: null, replyTo: null, pinned: false, reactions: [] };
}

function change({ kind, by, content }: Operation, post: Post, { seq, at }: Slot): Built | undefined {
  const change = { seq, at, by };
  if (kind === "edit") {
    if (post.content === content) return undefined;
    const message = { ...post, content, editedAt: at };
    const entry: Edit = { type: "edit", ...change, message };
    return {
      entry,
      stored: { type: "edit", ...change, post: post.seq },
      targetAfter: message,
    };
  }
  if (kind === "delete") {
    const entry: Deletion = { type: "delete", ...change, post: post.seq };
    const stone: Deletion = { ...entry, seq: post.seq, by: post.by, nonce: post.nonce };
    return { entry, stored: entry, targetAfter: stone };
  }
  const on = kind === "pin";
  if (post.pinned === on) return undefined;
  const entry: PinChange = { type: "pin", ...change, post: post.seq, on };
  return { entry, stored: entry, targetAfter: { ...post, pinned: on } };
}
