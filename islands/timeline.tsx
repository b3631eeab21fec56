import { useEffect, useMemo, useState } from "preact/hooks";
import { ACTIONS_FORM } from "@/components/message.tsx";
import { MessageRows } from "@/components/message_rows.tsx";
import { Beginning, LatestLink, PageLink, PendingMessages } from "@/components/timeline_edges.tsx";
import { messageActions } from "@/lib/client/message_actions.ts";
import { moveFocus } from "@/lib/client/input.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { rows } from "@/lib/client/timeline_rows.ts";
import { useRoom } from "@/lib/client/page_store.ts";
import { useScrolling } from "@/lib/client/use_scrolling.ts";
import { t } from "@/lib/ui/strings.ts";

/** The room's messages, and the reader's own that are on their way. `marked` is the `seq` that the page opens at. */
export default function Timeline(
  { context, snapshot, marked }: { context: PageContext; snapshot: RoomSnapshot; marked?: number },
) {
  const { page, room } = useRoom(context, snapshot);
  const [actions] = useState(() => messageActions(page, room));
  const { element, onScroll } = useScrolling(room, marked);
  useEffect(() => room.follow(), []);
  const { posts, older, newer } = room.history.window.value, zone = page.zone.value;
  // The same element again spares the hundreds of messages when only what is around them changes.
  const list = useMemo(
    () => <MessageRows page={page} room={room} actions={actions} rows={rows(posts, zone)} marked={marked} />,
    [posts, zone],
  );
  return (
    <div class="stage">
      <section
        class="timeline"
        id="timeline"
        tabIndex={0}
        aria-label={t.room.messages}
        ref={element}
        onScroll={onScroll}
        onKeyDown={moveFocus}
      >
        <div class="column">
          <h2 class="sr">{t.room.messages}</h2>
          {older && posts.length > 0
            ? <PageLink room={room} side="older" />
            : <Beginning room={room} reader={page.user.value} />}
          {list}
          <PendingMessages page={page} room={room} />
          {newer && posts.length > 0 && <PageLink room={room} side="newer" />}
        </div>
      </section>
      <LatestLink room={room} />
      <div class="sr" role="status" aria-live="polite" dir="auto">{room.view.announcement.value}</div>
      <form id={ACTIONS_FORM} method="post" hidden />
    </div>
  );
}
