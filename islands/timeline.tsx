import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Empty } from "@/components/empty.tsx";
import { Icon } from "@/components/icon.tsx";
import { ACTIONS_FORM, Message, type MessageActions } from "@/components/message.tsx";
import { MessageEditor } from "@/components/message_editor.tsx";
import { PendingMessage } from "@/components/pending_message.tsx";
import { roomTitle } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { messageId } from "@/lib/model/message.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import { useRoom } from "@/lib/client/use_page.ts";
import { messageActions } from "@/lib/client/message_actions.ts";
import { returnFocus } from "@/lib/client/return_focus.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { continues, type Row, rows } from "@/lib/client/timeline_rows.ts";
import { Scroller } from "@/lib/client/scroller.ts";
import { t } from "@/lib/ui/strings.ts";
import { dayName, machineTime } from "@/lib/ui/time.ts";

interface Shared {
  readonly page: PageStore;
  readonly room: RoomStore;
  readonly actions: MessageActions;
}

/** The conversation: what was said, what comes in, and what is on its way. */
export default function Timeline(
  { context, snapshot, marked }: { context: PageContext; snapshot: RoomSnapshot; marked?: number },
) {
  const { page, room } = useRoom(context, snapshot);
  const [shared] = useState((): Shared => ({ page, room, actions: messageActions(page, room) }));
  const scrolling = useScrolling(room, marked);
  useEffect(() => room.follow(), []);
  const { posts } = room.history.window.value, zone = page.zone.value;
  // The same element again lets the hundreds of messages be, when only what is around them changes.
  const list = useMemo(() => <Rows {...shared} rows={rows(posts, zone)} marked={marked} />, [posts, zone]);
  return (
    <div class="stage">
      <section
        class="timeline"
        id="timeline"
        tabIndex={0}
        aria-label={t.room.messages}
        ref={scrolling.element}
        onScroll={scrolling.onScroll}
        onKeyDown={moveFocus}
      >
        <div class="column">
          <h2 class="sr">{t.room.messages}</h2>
          <Older room={room} reader={page.user.value} />
          {list}
          <OnTheirWay {...shared} />
          <Newer room={room} />
        </div>
      </section>
      <Pill room={room} />
      <div class="sr" role="status" aria-live="polite" dir="auto">{room.view.announcement.value}</div>
      <form id={ACTIONS_FORM} method="post" hidden />
    </div>
  );
}

/** Keeps the reader's place over changes, and loads pages before they are reached. */
function useScrolling(room: RoomStore, marked: number | undefined) {
  const element = useRef<HTMLElement>(null);
  const scroller = useRef<Scroller>();
  const { newer } = room.history.window.value;
  const look = () => {
    const at = scroller.current;
    if (!at) return;
    at.remember();
    room.view.atEnd = at.atEnd && !room.history.window.peek().newer;
    room.seen();
    if (room.history.hasFailed) return;
    if (at.nearStart) room.history.loadOlder();
    else if (at.nearEnd) room.history.loadNewer();
  };
  useLayoutEffect(() => {
    if (!element.current) return;
    scroller.current = new Scroller(element.current);
    if (marked !== undefined) document.getElementById(`m${marked}`)?.scrollIntoView({ block: "center" });
    look();
  }, []);
  useLayoutEffect(() => {
    if (!room.view.atEnd) scroller.current?.restore();
    look();
  }, [room.history.window.value, room.view.editing.value]);
  useLayoutEffect(() => {
    if (room.view.toEnd.value === 0) return;
    scroller.current?.toEnd();
    look();
  }, [room.view.toEnd.value, newer]);
  return { element, onScroll: look };
}

/** The arrow keys walk from message to message; Tab then leads to what can be done with it. */
function moveFocus(event: KeyboardEvent): void {
  const { target, key, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement) || target.localName !== "article") {
    return;
  }
  const articles = [...currentTarget.querySelectorAll<HTMLElement>("article[data-message]")];
  const at = articles.indexOf(target);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 }[key];
  const article = next === undefined ? undefined : articles[next];
  if (!article) return;
  event.preventDefault();
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
}

function Rows({ page, room, actions, rows, marked }: Shared & { rows: readonly Row[]; marked?: number }) {
  const [current, setCurrent] = useState<number>();
  const last = rows.at(-1)?.post.seq;
  const stop = rows.some(({ post }) => post.seq === current) ? current : last;
  return (
    <>
      {rows.map((row) => (
        <div key={row.post.seq} class="row" onFocusIn={() => setCurrent(row.post.seq)}>
          {row.newDay && (
            <h3 class="day">
              <time dateTime={machineTime(row.post.at).slice(0, 10)}>
                {dayName(row.post.at, page.now.value, page.zone.value)}
              </time>
            </h3>
          )}
          <RowMessage
            page={page}
            room={room}
            actions={actions}
            row={row}
            marked={row.post.seq === marked}
            current={row.post.seq === stop}
          />
        </div>
      ))}
    </>
  );
}

function RowMessage(
  { page, room, actions, row: { post, continued }, marked, current }: Shared & {
    row: Row;
    marked: boolean;
    current: boolean;
  },
) {
  const user = page.user.value, zone = page.zone.value;
  const editing = room.view.editing.value === post.seq, withdrawn = room.pendingDeletes.pending.value.has(post.seq);
  return useMemo(() => {
    if (withdrawn) return <Withdrawn id={`m${post.seq}`} onUndo={() => room.pendingDeletes.undo(post.seq)} />;
    const own = user?.id === post.by.id;
    return (
      <Message
        room={room.id}
        post={post}
        picture={page.pictures[post.by.id]}
        zone={zone}
        continued={continued}
        reader={user?.id}
        own={own}
        marked={marked}
        current={current}
        actions={actions}
      >
        {editing
          ? (
            <MessageEditor
              id={`m${post.seq}`}
              content={post.content}
              onSave={(content) => save(room, post.seq, content)}
              onCancel={() => room.view.editing.value = undefined}
            />
          )
          : undefined}
      </Message>
    );
  }, [post, continued, marked, current, user, zone, editing, withdrawn]);
}

async function save(room: RoomStore, seq: number, content: string): Promise<void> {
  if (content !== "" && !await room.edit(seq, content)) return;
  room.view.editing.value = undefined;
  if (content === "") room.pendingDeletes.add(seq);
}

function Withdrawn({ id, onUndo }: { id: string; onUndo: () => void }) {
  const undo = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    undo.current?.focus({ preventScroll: true });
    return () => returnFocus(null, id);
  }, []);
  return (
    <p class="note" role="status">
      {t.message.removed}
      <button type="button" ref={undo} onClick={onUndo}>{t.message.undo}</button>
    </p>
  );
}

function OnTheirWay({ page, room }: Shared) {
  const user = page.user.value;
  const { posts, newer } = room.history.window.value;
  if (!user || newer) return null;
  const items = page.outbox.items.value.filter((item) => item.room === room.id && item.by === user.id);
  const said = (at: number) => ({ by: user, at });
  return (
    <>
      {items.map((item, index) => {
        const sent = items[index - 1], before = sent ? said(sent.at) : posts.at(-1);
        const continued = before !== undefined && continues(before, said(item.at));
        return (
          <PendingMessage
            key={item.nonce}
            item={item}
            by={user}
            picture={page.pictures[user.id]}
            zone={page.zone.value}
            continued={continued}
            offline={page.connection.phase.value.name !== "live"}
            onRetry={() => page.outbox.retry(item.nonce)}
            onDiscard={() => page.outbox.discard(item.nonce)}
          />
        );
      })}
    </>
  );
}

function Older({ room, reader }: { room: RoomStore; reader: Person | null }) {
  const { posts, older } = room.history.window.value;
  const first = posts[0];
  if (!older || !first) return <Beginning room={room} reader={reader} />;
  return (
    <div class="more-messages">
      <PageLink room={room} side="older" address={`${roomAddress(room.id)}?before=${messageId(room.id, first.seq)}`} />
    </div>
  );
}

function Beginning({ room, reader }: { room: RoomStore; reader: Person | null }) {
  const { posts } = room.history.window.value, { kind } = room.room.value;
  const name = roomTitle(room.room.value, reader);
  if (posts.length > 0) {
    return <p class="beginning" dir="auto">{kind === "direct" ? t.room.startDirect(name) : t.room.start(name)}</p>;
  }
  return (
    <Empty icon="message" line={t.room.empty}>
      <a class="button" href="#composer">{t.room.emptyButton}</a>
    </Empty>
  );
}

function Newer({ room }: { room: RoomStore }) {
  const { posts, newer } = room.history.window.value;
  const last = posts.at(-1);
  if (!newer || !last) return null;
  return (
    <div class="more-messages">
      <PageLink room={room} side="newer" address={`${roomAddress(room.id)}?after=${messageId(room.id, last.seq)}`} />
    </div>
  );
}

function PageLink({ room, side, address }: { room: RoomStore; side: "older" | "newer"; address: string }) {
  const loading = room.history.loading.value === side;
  return (
    <a
      class="button"
      href={address}
      aria-busy={loading ? "true" : "false"}
      onClick={(event) => {
        event.preventDefault();
        room.view.problem.value = undefined;
        room.history.hasFailed = false;
        if (side === "older") room.history.loadOlder();
        else room.history.loadNewer();
      }}
    >
      {loading ? t.room.loading : t.room[side]}
    </a>
  );
}

function Pill({ room }: { room: RoomStore }) {
  const count = room.view.unseen.value;
  const away = room.history.window.value.newer;
  if (count === 0 && !away) return null;
  return (
    <a
      class="pill"
      href={roomAddress(room.id)}
      onClick={(event) => {
        event.preventDefault();
        if (away) room.history.loadLatest();
        else {
          room.view.unseen.value = 0;
          room.view.toEnd.value++;
        }
      }}
    >
      {count > 0 ? t.room.newMessages(count) : t.room.latest} <Icon name="arrow-down" size={15} />
    </a>
  );
}
