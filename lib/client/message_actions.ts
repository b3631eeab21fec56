/**
 * Message actions.
 * @module
 */
import { isMine, type Post } from "@/lib/model/message.ts";
import { messageAddress } from "@/lib/ui/addresses.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** What the links and buttons of a message do with scripts. */
export type MessageActions = ReturnType<typeof messageActions>;

/** What a reader can do with the messages of a room. */
export function messageActions(page: PageStore, room: RoomStore) {
  return {
    /** Adds a reaction, or removes the reader's. */
    react(post: Post, emoji: string): void {
      const user = page.user.peek();
      if (!user) page.joining.value = true;
      else room.react(post.seq, emoji, !post.reactions.some((it) => it.emoji === emoji && isMine(it, user.id)));
    },
    /** Opens the message for editing. */
    edit(post: Post): void {
      room.view.editing.value = post.seq;
    },
    /** Deletes it, with undo. */
    remove(post: Post): void {
      room.pendingDeletes.add(post.seq);
    },
    /** Copies its address. Answers false if the browser doesn't allow that: only a secure context does. */
    copyLink(post: Post): boolean {
      if (!("clipboard" in navigator)) return false;
      const address = new URL(messageAddress(room.id, post.seq), location.href).href;
      navigator.clipboard.writeText(address).then(
        () => room.view.notify(t.message.copied),
        () => location.assign(address),
      );
      return true;
    },
  };
}
