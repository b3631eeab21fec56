/**
 * The room list of the sidebar.
 * @module
 */
import { Empty, IconLink, RoomIcon } from "@/components/icon.tsx";
import type { Person } from "@/lib/model/person.ts";
import { GENERAL, type Room, roomTitle } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { onPlainClick } from "@/lib/client/input.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomItem } from "@/lib/client/room_list.ts";
import { t } from "@/lib/ui/strings.ts";

interface RoomsProps {
  readonly page: PageStore;
  /** Id of the room that the page shows. */
  readonly current?: number;
  readonly onDelete: (room: Room) => void;
}

/** The reader's rooms, then their direct messages. */
export function Rooms(props: RoomsProps) {
  const items = props.page.rooms.items.value;
  const direct = items.filter(({ room }) => room.kind === "direct");
  const rooms = items.filter(({ room }) => room.kind !== "direct");
  return (
    <div class="rooms">
      <h2>{t.rooms.heading}</h2>
      {rooms.length > 0 ? <Section {...props} items={rooms} /> : (
        <Empty icon="hash" line={t.rooms.none}>
          {props.page.context.managesRooms && <a class="button" href="/rooms/new">{t.rooms.new}</a>}
        </Empty>
      )}
      {direct.length > 0 && (
        <>
          <h2>{t.rooms.direct}</h2>
          <Section {...props} items={direct} />
        </>
      )}
    </div>
  );
}

function Section({ page, current, onDelete, items }: RoomsProps & { items: readonly RoomItem[] }) {
  const user = page.user.value;
  return (
    <ul>
      {items.map(({ room, unread, mentions }) => (
        <li key={room.id} class="entry" data-room={room.id}>
          <a
            class={unread > 0 ? "item unread" : "item"}
            href={roomAddress(room.id)}
            aria-current={room.id === current ? "page" : undefined}
          >
            <RoomIcon room={room} reader={user} pictures={page.context.pictures} size={14} />
            <bdi>{roomTitle(room, user)}</bdi>
            {room.archived && <small>{t.rooms.archived}</small>}
            <Unread direct={room.kind === "direct"} unread={unread} mentions={mentions} />
          </a>
          {page.context.managesRooms && mayDelete(room, user) && (
            <IconLink
              name="trash"
              size={15}
              label={t.rooms.deleteNamed(room.name)}
              href={`${roomAddress(room.id)}/settings#delete`}
              onClick={onPlainClick(() => onDelete(room))}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** The number of unread messages, in a badge if they are addressed to the reader. */
function Unread({ direct, unread, mentions }: { direct: boolean; unread: number; mentions: number }) {
  if (unread === 0 && mentions === 0) return null;
  const own = direct ? unread : mentions;
  return (
    <>
      {own < unread && <span class="count" aria-hidden="true">{t.number(unread)}</span>}
      {own > 0 && <b class="badge" aria-hidden="true">{t.rooms.badge(own)}</b>}
      <span class="sr">
        {t.rooms.unread(unread)}
        {mentions > 0 && `, ${t.rooms.mentions(mentions)}`}
      </span>
    </>
  );
}

/** Whether to offer deletion; the server decides. */
function mayDelete({ id, kind, createdBy }: Room, user: Person | null): boolean {
  return id !== GENERAL && kind !== "direct" && (!createdBy || createdBy.guest || createdBy.id === user?.id);
}
