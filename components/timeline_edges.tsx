/**
 * What is around the messages of the timeline.
 * @module
 */
import { Empty, Icon } from "@/components/icon.tsx";
import { onPlainClick } from "@/lib/client/input.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { messageId } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { roomTitle } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";

/** The room's first line; in an empty room, an invitation to write. */
export function Beginning({ room, reader }: { room: RoomStore; reader: Person | null }) {
  if (room.history.window.value.posts.length === 0) {
    return (
      <Empty icon="message" line={t.room.empty}>
        <a class="button" href="#composer">{t.room.emptyButton}</a>
      </Empty>
    );
  }
  const name = roomTitle(room.room.value, reader);
  const line = room.room.value.kind === "direct" ? t.room.startDirect(name) : t.room.start(name);
  return <p class="beginning" dir="auto">{line}</p>;
}

/** A link that loads the page before the first message, or after the last. */
export function PageLink({ room, side }: { room: RoomStore; side: "older" | "newer" }) {
  const { posts } = room.history.window.value, loading = room.history.loading.value === side;
  const [name, post] = side === "older" ? ["before", posts[0]] as const : ["after", posts.at(-1)] as const;
  return (
    <div class="more-messages">
      <a
        class="button"
        href={`${roomAddress(room.id)}?${name}=${messageId(room.id, post?.seq ?? 1)}`}
        aria-busy={loading ? "true" : "false"}
        onClick={onPlainClick(() => void room.history.retry(side))}
      >
        {loading ? t.room.loading : t.room[side]}
      </a>
    </div>
  );
}

/** A link to the latest messages; none where the reader has seen them. */
export function LatestLink({ room }: { room: RoomStore }) {
  const unseen = room.view.unseen.value, { newer } = room.history.window.value;
  if (unseen === 0 && !newer) return null;
  return (
    <a
      class="pill"
      href={roomAddress(room.id)}
      onClick={onPlainClick(() => newer ? void room.history.loadLatest() : room.view.scrollToEnd())}
    >
      {unseen > 0 ? t.room.newMessages(unseen) : t.room.latest} <Icon name="arrow-down" size={15} />
    </a>
  );
}
