/**
 * A message of the timeline.
 * @module
 */
import type { ComponentChildren } from "preact";
import { isMine, messageId, type Post, type Reaction } from "@/lib/model/message.ts";
import { Avatar } from "@/components/avatar.tsx";
import { Icon } from "@/components/icon.tsx";
import { Markup } from "@/components/markup.tsx";
import { messageAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { clock, fullTime, machineTime } from "@/lib/ui/time.ts";

/** The emoji that are one press away. */
export const QUICK_EMOJI = ["👍", "❤️", "😂", "🎉"] as const;

/** Id of the form that the buttons of all messages submit where no script runs. */
export const ACTIONS_FORM = "message-actions";

/** What a script does in place of the page's own links and buttons. */
export interface MessageActions {
  /** Adds or withdraws an emoji. */
  react(post: Post, emoji: string): void;
  /** Opens the message for editing. */
  edit(post: Post): void;
  /** Deletes it, with time to take that back. */
  remove(post: Post): void;
  /** Copies its address. Answers false where the browser does not allow that. */
  copyLink(post: Post): boolean;
}

/** How a message is drawn. */
export interface MessageProps {
  readonly room: number;
  readonly post: Post;
  /** The author's picture, for who has one. */
  readonly picture?: string;
  readonly zone: string;
  /** Drawn without name and picture, as it goes on what the same person said. */
  readonly continued: boolean;
  /** Id of the reader, or undefined without a name. */
  readonly reader?: string;
  /** The reader wrote it. */
  readonly own: boolean;
  /** The page was opened for this message. */
  readonly marked?: boolean;
  /** Tab stops here: one message of the timeline has it. */
  readonly current?: boolean;
  readonly actions?: MessageActions;
  /** What stands in place of the text, such as a field to edit it. */
  readonly children?: ComponentChildren;
}

/** A message of the timeline. */
export function Message(props: MessageProps) {
  const { room, post, picture, zone, continued, marked, current, children } = props;
  const classes = ["msg", continued && "more", marked && "marked"].filter(Boolean).join(" ");
  return (
    <article
      class={classes}
      id={`m${post.seq}`}
      data-message={messageId(room, post.seq)}
      tabIndex={current ? 0 : -1}
      autofocus={marked}
      aria-label={t.message.by(post.by.name)}
    >
      {continued ? <When {...props} /> : <Avatar person={post.by} picture={picture} />}
      <div>
        {!continued && (
          <header>
            <bdi class="author">{post.by.name}</bdi>
            <When {...props} />
          </header>
        )}
        {children ?? <Markup content={post.content} after={<Edited at={post.editedAt} zone={zone} />} />}
        <Chips {...props} />
      </div>
      {!children && <Tools {...props} />}
    </article>
  );
}

function Edited({ at, zone }: { at: number | null; zone: string }) {
  if (at === null) return null;
  return <span class="edited" title={t.message.editedAt(fullTime(at, zone))}>({t.message.edited})</span>;
}

function When({ room, post, zone }: MessageProps) {
  const full = fullTime(post.at, zone);
  return (
    <a class="when" href={messageAddress(room, post.seq)} title={full} aria-label={t.message.at(full)} tabIndex={-1}>
      <time dateTime={machineTime(post.at)}>{clock(post.at, zone)}</time>
    </a>
  );
}

function Chips(props: MessageProps) {
  const { reactions } = props.post;
  if (reactions.length === 0) return null;
  return (
    <ul class="chips">
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip {...props} reaction={reaction} />
        </li>
      ))}
    </ul>
  );
}

function Chip({ room, post, reader, actions, reaction }: MessageProps & { reaction: Reaction }) {
  const { emoji, count, users } = reaction;
  const label = t.message.reacted(emoji, count, users);
  return (
    <button
      type="submit"
      class="chip"
      form={ACTIONS_FORM}
      formAction={messageAddress(room, post.seq)}
      name="react"
      value={emoji}
      aria-pressed={reader !== undefined && isMine(reaction, reader) ? "true" : "false"}
      aria-label={label}
      title={label}
      onClick={intercepted(actions && (() => actions.react(post, emoji)))}
    >
      {emoji} <b>{t.number(count)}</b>
    </button>
  );
}

function Tools({ room, post, own, actions }: MessageProps) {
  const address = messageAddress(room, post.seq);
  return (
    <div class="tools" role="group" aria-label={t.message.tools}>
      {QUICK_EMOJI.map((emoji) => (
        <button
          key={emoji}
          type="submit"
          form={ACTIONS_FORM}
          formAction={address}
          name="react"
          value={emoji}
          aria-label={t.message.react(emoji)}
          title={t.message.react(emoji)}
          onClick={intercepted(actions && (() => actions.react(post, emoji)))}
        >
          {emoji}
        </button>
      ))}
      <a
        href={address}
        aria-label={t.message.copyLink}
        title={t.message.copyLink}
        onClick={intercepted(actions && (() => actions.copyLink(post)))}
      >
        <Icon name="link" size={16} />
      </a>
      {own && (
        <a
          href={`${address}/edit`}
          aria-label={t.message.edit}
          title={t.message.edit}
          onClick={intercepted(actions && (() => actions.edit(post)))}
        >
          <Icon name="pencil" size={16} />
        </a>
      )}
      {own && (
        <a
          href={`${address}/edit#delete`}
          aria-label={t.message.delete}
          title={t.message.delete}
          onClick={intercepted(actions && (() => actions.remove(post)))}
        >
          <Icon name="trash" size={16} />
        </a>
      )}
    </div>
  );
}

/** A click that a script answers, and the page itself where it answers false; with a modifier it is the browser's. */
function intercepted(act: (() => boolean | void) | undefined) {
  if (!act) return undefined;
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (act() !== false) event.preventDefault();
  };
}
