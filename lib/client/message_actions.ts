/**
 * Message actions.
 * @module
 */
import { isMine, type Post, type Reaction } from "@/lib/model/message.ts";
import { messageAddress } from "@/lib/ui/addresses.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** What a reader can do with the messages of a room. */
export function messageActions(page: PageStore, room: RoomStore) {
  return {
    react(post: Post, emoji: string): void {
      const user = page.user.peek();
      if (user) room.react(post.seq, emoji, !has(post.reactions, emoji, user.id));
      else page.joining.value = true;
    },
    edit(post: Post): void {
      room.view.editing.value = post.seq;
    },
    remove(post: Post): void {
      room.pendingDeletes.add(post.seq);
    },
    copyLink(post: Post): boolean {
      // Only in a secure context; elsewhere the link leads to the address.
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

function has(reactions: readonly Reaction[], emoji: string, person: string): boolean {
  return reactions.some((reaction) => reaction.emoji === emoji && isMine(reaction, person));
}
