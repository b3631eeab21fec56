/**
 * The operations of writers, and the appends that they become.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import type { Deletion, Edit, PinChange } from "@/lib/model/entry.ts";
import type { Post } from "@/lib/model/message.ts";
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import type { Append, Built, Slot } from "@/lib/store/log/append.ts";

/** A post or a change, until it is done. */
export interface Operation {
  readonly kind: "post" | "edit" | "delete" | "pin" | "unpin";
  /** Unique; the nonce of a post. */
  readonly name: string;
  readonly room: number;
  readonly by: Person;
  /** `seq` of the message that it is about. */
  readonly target?: number | undefined;
  readonly content: string;
  done: boolean;
}

/** The append of an operation. */
export function appendOf(operation: Operation): Append {
  const { kind, target, by, name, content } = operation;
  if (kind === "post" || target === undefined) {
    return {
      nonce: { by, value: name },
      build({ seq, at }) {
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
