import { useState } from "preact/hooks";
import { Mark } from "@/components/person.tsx";
import { IconLink } from "@/components/icon.tsx";
import { DeleteRoomDialog, NewRoomDialog } from "@/components/dialogs.tsx";
import { Me, Rooms } from "@/components/sidebar.tsx";
import type { Room } from "@/lib/model/room.ts";
import { onPlainClick } from "@/lib/client/input.ts";
import type { PageContext } from "@/lib/client/page_context.ts";
import { usePage } from "@/lib/client/page_store.ts";
import type { RoomItem } from "@/lib/client/room_list.ts";
import { t } from "@/lib/ui/strings.ts";

type Open = { readonly what: "new" } | { readonly what: "delete"; readonly room: Room } | undefined;

/** The sidebar: rooms, reader, connection. `current` is the id of the page's room. */
export default function Sidebar(
  { context, rooms, current }: { context: PageContext; rooms: readonly RoomItem[]; current?: number },
) {
  const page = usePage(context), [open, setOpen] = useState<Open>();
  useState(() => page.rooms.items.value = rooms);
  const close = () => setOpen(undefined);
  const user = page.user.value;
  return (
    <nav class="rail" aria-label={t.rooms.heading}>
      <div class="place">
        <a href="/">
          <Mark />
          <strong>{t.place}</strong>
        </a>
        <IconLink name="users" label={t.people.title} href="/people" />
        {page.context.managesRooms && (
          <IconLink
            name="plus"
            label={t.rooms.new}
            href="/rooms/new"
            onClick={onPlainClick(() => setOpen({ what: "new" }))}
          />
        )}
      </div>
      <Rooms page={page} current={current} onDelete={(room) => setOpen({ what: "delete", room })} />
      <Me page={page} current={current} />
      {open?.what === "new" && <NewRoomDialog member={user?.guest === false} onClose={close} />}
      {open?.what === "delete" && (
        <DeleteRoomDialog room={open.room} current={open.room.id === current} onClose={close} />
      )}
    </nav>
  );
}
