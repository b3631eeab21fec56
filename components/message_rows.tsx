/**
 * The messages of the timeline, with a divider over each day.
 * @module
 */
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Message } from "@/components/message.tsx";
import type { MessageActions } from "@/lib/client/message_actions.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import { fitHeight, isComposing, isSubmit, returnFocus } from "@/lib/client/input.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import type { Row } from "@/lib/client/timeline_rows.ts";
import { t } from "@/lib/ui/strings.ts";
import { dayName, machineTime } from "@/lib/ui/time.ts";
import { CONTENT_MAX } from "@/lib/model/limits.ts";

interface RowProps {
  readonly page: PageStore;
  readonly room: RoomStore;
  readonly actions: MessageActions;
}

/** Messages with a divider over each day. One of them is a tab stop: the one that had the focus last. */
export function MessageRows({ rows, marked, ...shared }: RowProps & {
  rows: readonly Row[];
  /** `seq` of the message that the page opens at. */
  marked?: number;
}) {
  const [focused, setFocused] = useState<number>(), { now, zone } = shared.page;
  const stop = rows.some(({ post }) => post.seq === focused) ? focused : rows.at(-1)?.post.seq;
  return (
    <>
      {rows.map((row) => (
        <div key={row.post.seq} onFocusIn={() => setFocused(row.post.seq)}>
          {row.newDay && (
            <h3 class="day">
              <time dateTime={machineTime(row.post.at).slice(0, 10)}>
                {dayName(row.post.at, now.value, zone.value)}
              </time>
            </h3>
          )}
          <RowMessage {...shared} {...row} marked={row.post.seq === marked} current={row.post.seq === stop} />
        </div>
      ))}
    </>
  );
}

function RowMessage(
  { page, room, actions, ...row }: RowProps & Row & { marked: boolean; current: boolean },
) {
  const { post, continued, marked, current } = row;
  const reader = page.user.value?.id, zone = page.zone.value, { editing } = room.view;
  const isEdited = editing.value === post.seq, isDeleted = room.pendingDeletes.pending.value.has(post.seq);
  return useMemo(() => {
    const id = `m${post.seq}`;
    if (isDeleted) return <DeletedNote id={id} onUndo={() => room.pendingDeletes.undo(post.seq)} />;
    return (
      <Message
        {...row}
        room={room.id}
        picture={page.context.pictures[post.by.id]}
        zone={zone}
        reader={reader}
        actions={actions}
      >
        {isEdited && (
          <MessageEditor
            id={id}
            content={post.content}
            onSave={(content) => save(room, post.seq, content)}
            onCancel={() => editing.value = undefined}
          />
        )}
      </Message>
    );
  }, [post, continued, marked, current, reader, zone, isEdited, isDeleted]);
}

/** Saves an edited message; without a text it is deleted. */
async function save(room: RoomStore, seq: number, content: string): Promise<void> {
  if (content !== "" && !await room.edit(seq, content)) return;
  room.view.editing.value = undefined;
  if (content === "") room.pendingDeletes.add(seq);
}

function DeletedNote({ id, onUndo }: { id: string; onUndo: () => void }) {
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

/** A field with a message's text, in its place; Enter saves, Escape cancels. */
export function MessageEditor({ id, content, onSave, onCancel }: {
  /** Id of the element that takes the focus afterwards if the one that had it is gone. */
  id: string;
  content: string;
  onSave: (content: string) => void;
  onCancel: () => void;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  // In the same turn, so that the next key does not go to the composer.
  useLayoutEffect(() => {
    const area = field.current, before = document.activeElement;
    if (!area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    fitHeight(area);
    return () => returnFocus(before, id);
  }, []);
  const save = () => onSave(field.current?.value.trim() ?? "");
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        maxLength={CONTENT_MAX}
        aria-label={t.message.editLabel}
        dir="auto"
        defaultValue={content}
        onInput={(event) => fitHeight(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isComposing(event)) onCancel();
          else if (isSubmit(event)) save();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="actions">
        <small>{t.message.editHint}</small>
        <button type="button" class="button" onClick={onCancel}>{t.action.cancel}</button>
        <button type="submit" class="button go">{t.action.save}</button>
      </div>
    </form>
  );
}
