import { useEffect, useState } from "preact/hooks";
import { Avatar, Mark } from "@/components/avatar.tsx";
import { canTryNow, PhaseDot, usePhaseText } from "@/components/connection_state.tsx";
import { Empty } from "@/components/empty.tsx";
import { Icon } from "@/components/icon.tsx";
import { DeleteRoomDialog, NewRoomDialog } from "@/components/room_dialogs.tsx";
import { GENERAL, type Room } from "@/lib/chat/entries.ts";
import { roomAddress } from "@/lib/client/addresses.ts";
import { type Live, live, type Visit } from "@/lib/client/live.ts";
import { t } from "@/lib/client/strings.ts";

type Open = { readonly what: "new" } | { readonly what: "delete"; readonly room: Room } | undefined;

/** The rooms, and how one is connected. `current` is the id of the page's room. */
export default function Sidebar({ visit, rooms, current }: { visit: Visit; rooms: readonly Room[]; current?: number }) {
  const [page] = useState(() => {
    const page = live(visit);
    page.list.rooms.value = rooms;
    return page;
  });
  const [open, setOpen] = useState<Open>();
  useEffect(() => page.start(), []);
  const close = () => setOpen(undefined);
  return (
    <nav class="rail" aria-label={t.rooms.navigation}>
      <div class="place">
        <a href="/">
          <Mark />
          <strong>{t.place}</strong>
        </a>
        {page.managesRooms && (
          <a
            class="icon"
            href="/rooms/new"
            aria-label={t.rooms.new}
            title={t.rooms.new}
            onClick={instead(() => setOpen({ what: "new" }))}
          >
            <Icon name="plus" />
          </a>
        )}
      </div>
      <div class="rooms">
        <h2>{t.rooms.heading}</h2>
        <Rooms
          rooms={page.list.rooms.value}
          current={current}
          manages={page.managesRooms}
          onDelete={(room) => setOpen({ what: "delete", room })}
        />
      </div>
      <Me page={page} current={current} />
      {open?.what === "new" && <NewRoomDialog onClose={close} />}
      {open?.what === "delete" && (
        <DeleteRoomDialog room={open.room} current={open.room.id === current} onClose={close} />
      )}
    </nav>
  );
}

function Rooms(
  { rooms, current, manages, onDelete }: {
    rooms: readonly Room[];
    current?: number;
    manages: boolean;
    onDelete: (room: Room) => void;
  },
) {
  if (rooms.length === 0) {
    return (
      <Empty icon="hash" line={t.rooms.none}>
        {manages && <a class="button" href="/rooms/new">{t.rooms.new}</a>}
      </Empty>
    );
  }
  return (
    <ul>
      {rooms.map((room) => (
        <li key={room.id} class="entry" data-room={room.id}>
          <a class="item" href={roomAddress(room.id)} aria-current={room.id === current ? "page" : undefined}>
            <Icon name="hash" size={14} />
            <bdi>{room.name}</bdi>
            {room.archived && <small>{t.rooms.archived}</small>}
          </a>
          {manages && room.id !== GENERAL && (
            <a
              class="icon"
              href={`${roomAddress(room.id)}/settings#delete`}
              aria-label={t.rooms.deleteNamed(room.name)}
              title={t.rooms.deleteNamed(room.name)}
              onClick={instead(() => onDelete(room))}
            >
              <Icon name="trash" size={15} />
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function Me({ page, current }: { page: Live; current?: number }) {
  const user = page.user.value, phase = page.connection.phase.value;
  const text = usePhaseText(phase);
  const join = current === undefined ? "/join" : `/join?next=${encodeURIComponent(roomAddress(current))}`;
  return (
    <div class="me">
      {user && <Avatar person={user} size="sm" />}
      <div>
        {user ? <strong class="start" dir="auto">{user.name}</strong> : <a class="link" href={join}>{t.join.button}</a>}
        <span class="state needs-script" role="status">
          <PhaseDot phase={phase} />
          {text}
          {current === undefined && canTryNow(phase) && (
            <button type="button" onClick={() => page.connection.connect()}>{t.connection.tryNow}</button>
          )}
        </span>
      </div>
      {user?.guest && (
        <a class="icon" href={join} aria-label={t.join.rename} title={t.join.rename}>
          <Icon name="pencil" size={16} />
        </a>
      )}
    </div>
  );
}

/** A plain click does this instead of following the link. */
function instead(act: () => void) {
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    act();
  };
}
