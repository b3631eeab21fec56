/**
 * A message that the server has not acknowledged yet.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { Avatar } from "@/components/avatar.tsx";
import { Icon } from "@/components/icon.tsx";
import { Markup } from "@/components/markup.tsx";
import type { Outgoing } from "@/lib/client/outbox_storage.ts";
import { t } from "@/lib/ui/strings.ts";
import { clock, machineTime } from "@/lib/ui/time.ts";

/** How a message on its way is drawn. */
export interface PendingMessageProps {
  readonly item: Outgoing;
  readonly by: Person;
  /** The picture of who has one. */
  readonly picture?: string;
  readonly zone: string;
  readonly continued: boolean;
  /** There is no connection. */
  readonly offline: boolean;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** A message that the server has not acknowledged yet: dimmed, and if it has to wait it says for what. */
export function PendingMessage(props: PendingMessageProps) {
  const { item, by, picture, zone, continued } = props;
  const time = (
    <span class="when">
      <time dateTime={machineTime(item.at)}>{clock(item.at, zone)}</time>
    </span>
  );
  return (
    <article
      class={`msg ${continued ? "more" : ""} ${item.state === "sent" ? "" : "pending"}`}
      data-pending={item.state}
      aria-label={t.message.by(by.name)}
    >
      {continued ? time : <Avatar person={by} picture={picture} />}
      <div>
        {!continued && (
          <header>
            <bdi class="author">{by.name}</bdi>
            {time}
          </header>
        )}
        <Markup content={item.content} />
        <Status {...props} />
      </div>
    </article>
  );
}

function Status({ item, offline, onRetry, onDiscard }: PendingMessageProps) {
  if (item.state === "failed") {
    return (
      <p class="wait failed">
        <Icon name="alert" size={14} />
        <span>{item.problem}</span>
        <button type="button" onClick={onRetry}>{t.message.retry}</button>
        <button type="button" onClick={onDiscard}>{t.message.discard}</button>
      </p>
    );
  }
  if (!offline || item.state === "sent") return null;
  return (
    <p class="wait">
      <Icon name="clock" size={13} /> {t.message.waiting}
    </p>
  );
}
