/**
 * The reader's messages that the server has not acknowledged.
 * @module
 */
import { MessageLayout } from "@/components/message.tsx";
import { Icon } from "@/components/icon.tsx";
import { Markup } from "@/components/markup.tsx";
import type { Outgoing } from "@/lib/client/storage.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { continues } from "@/lib/client/timeline_rows.ts";
import type { Person } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";
import { clock, machineTime } from "@/lib/ui/time.ts";

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

interface PendingProps {
  readonly page: PageStore;
  readonly item: Outgoing;
}

function PendingMessage({ page, item, by, continued }: PendingProps & { by: Person; continued: boolean }) {
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

function Status({ page, item }: PendingProps) {
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
