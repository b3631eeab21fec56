/**
 * Messages of the timeline.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Avatar } from "@/components/person.tsx";
import { Icon, type IconName } from "@/components/icon.tsx";
import { Markup } from "@/components/markup.tsx";
import type { MessageActions } from "@/lib/client/message_actions.ts";
import { onPlainClick } from "@/lib/client/input.ts";
import { isMine, messageId, type Post } from "@/lib/model/message.ts";
import type { Row } from "@/lib/client/timeline_rows.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";
import { clock, fullTime, machineTime } from "@/lib/ui/time.ts";

/** Emoji that are one click away. */
const QUICK_EMOJI = ["👍", "❤️", "😂", "🎉"] as const;

/** Id of the form that the buttons of all messages submit without scripts. */
export const ACTIONS_FORM = "message-actions";

interface MessageProps extends Row {
  readonly room: number;
  /** Id of the author's avatar file. */
  readonly picture?: string;
  readonly zone: string;
  /** Id of the reader, or undefined without a name. */
  readonly reader?: string;
  /** Whether the page opens at this message. */
  readonly marked: boolean;
  /** Whether it is the timeline's tab stop. */
  readonly current: boolean;
  readonly actions: MessageActions;
  /** What replaces the text, such as its editor. */
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
      <MessageLayout by={post.by} picture={picture} continued={continued} when={<When {...props} />}>
        {children || <Markup content={post.content} after={<Edited at={post.editedAt} zone={zone} />} />}
        <Chips {...props} />
      </MessageLayout>
      {!children && <Tools {...props} />}
    </article>
  );
}

/** A message's author and time, above or before its text. */
export function MessageLayout({ by, picture, continued, when, children }: {
  by: Person;
  picture: string | undefined;
  continued: boolean;
  when: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      {continued ? when : <Avatar person={by} picture={picture} />}
      <div>
        {!continued && (
          <header>
            <bdi class="author line">{by.name}</bdi>
            {when}
          </header>
        )}
        {children}
      </div>
    </>
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
  const { post, reader } = props;
  if (post.reactions.length === 0) return null;
  return (
    <ul class="chips">
      {post.reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <ReactButton
            {...props}
            emoji={reaction.emoji}
            label={t.message.reacted(reaction.emoji, reaction.count, reaction.users)}
            pressed={reader !== undefined && isMine(reaction, reader) ? "true" : "false"}
          >
            {reaction.emoji} <b>{t.number(reaction.count)}</b>
          </ReactButton>
        </li>
      ))}
    </ul>
  );
}

/** A button that adds or removes the reader's reaction; as a chip, `pressed` says whether there is one. */
function ReactButton({ room, post, actions, emoji, label, pressed, children }: MessageProps & {
  emoji: string;
  label: string;
  pressed?: "true" | "false";
}) {
  return (
    <button
      type="submit"
      class={pressed === undefined ? undefined : "chip"}
      form={ACTIONS_FORM}
      formAction={messageAddress(room, post.seq)}
      name="react"
      value={emoji}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={onPlainClick(() => actions.react(post, emoji))}
    >
      {children}
    </button>
  );
}

function Tools(props: MessageProps) {
  const { room, post, reader, actions } = props, address = messageAddress(room, post.seq);
  const link = (icon: IconName, label: string, href: string, act: (post: Post) => boolean | void) => (
    <a
      href={href}
      aria-label={label}
      title={label}
      onClick={onPlainClick(() => act(post))}
    >
      <Icon name={icon} size={16} />
    </a>
  );
  return (
    <div class="tools" role="group" aria-label={t.message.tools}>
      {QUICK_EMOJI.map((emoji) => (
        <ReactButton key={emoji} {...props} emoji={emoji} label={t.message.react(emoji)}>{emoji}</ReactButton>
      ))}
      {link("link", t.message.copyLink, address, actions.copyLink)}
      {reader === post.by.id && (
        <>
          {link("pencil", t.message.edit, `${address}/edit`, actions.edit)}
          {link("trash", t.action.delete, `${address}/edit#delete`, actions.remove)}
        </>
      )}
    </div>
  );
}
