/**
 * What is around the messages of the timeline: where it begins, links to more, and the reader's own on their way.
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
import { MessageLayout } from "@/components/message.tsx";
import { Markup } from "@/components/markup.tsx";
import type { Outgoing } from "@/lib/client/storage.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import { continues } from "@/lib/client/timeline_rows.ts";
import { clock, machineTime } from "@/lib/ui/time.ts";

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

/** The reader's messages that are not in the timeline yet: dimmed, and those that have to wait say for what. */
export function PendingMessages({ page, room }: { page: PageStore; room: RoomStore }) {
  const user = page.user.value, { posts, newer } = room.history.window.value;
  if (!user || newer) return null;
  const items = page.outbox.items.value.filter((item) => item.room === room.id && item.by === user.id);
  return (
    <>
      {items.map((item, index) => {
        const sent = items[index - 1], before = sent ? { by: user, at: sent.at } : posts.at(-1);
        const continued = before !== undefined && continues(before, { by: user, at: item.at });
        return <PendingMessage key={item.nonce} page={page} by={user} item={item} continued={continued} />;
      })}
    </>
  );
}

function PendingMessage({ page, item, by, continued }: {
  page: PageStore;
  item: Outgoing;
  by: Person;
  continued: boolean;
}) {
  const when = (
    <span class="when">
      <time dateTime={machineTime(item.at)}>{clock(item.at, page.zone.value)}</time>
    </span>
  );
  return (
    <article
      class={`msg ${continued ? "more" : ""} ${item.state === "sent" ? "" : "pending"}`}
      data-pending={item.state}
      aria-label={t.message.by(by.name)}
    >
      <MessageLayout by={by} picture={page.context.pictures[by.id]} continued={continued} when={when}>
        <Markup content={item.content} />
        <Status page={page} item={item} />
      </MessageLayout>
    </article>
  );
}

function Status({ page, item }: { page: PageStore; item: Outgoing }) {
  if (item.state === "failed") {
    return (
      <p class="wait failed">
        <Icon name="alert" size={14} />
        <span>{item.problem}</span>
        <button type="button" onClick={() => page.outbox.retry(item.nonce)}>{t.message.retry}</button>
        <button type="button" onClick={() => page.outbox.discard(item.nonce)}>{t.message.discard}</button>
      </p>
    );
  }
  if (item.state === "sent" || page.connection.phase.value.name === "live") return null;
  return (
    <p class="wait">
      <Icon name="clock" size={13} /> {t.message.waiting}
    </p>
  );
}
