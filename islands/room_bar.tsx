import { useEffect } from "preact/hooks";
import { Faces } from "@/components/person.tsx";
import { PhaseDot, usePhaseText } from "@/components/connection_state.tsx";
import { IconLink, RoomIcon } from "@/components/icon.tsx";
import { roomTitle } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { useRoom } from "@/lib/client/page_store.ts";
import { t } from "@/lib/ui/strings.ts";

/** The header of the room: name, description, people, and a link to its settings if there are any for the reader. */
export default function RoomBar(
  { context, snapshot, settings }: { context: PageContext; snapshot: RoomSnapshot; settings: boolean },
) {
  const { page, room } = useRoom(context, snapshot);
  const { id, description } = room.room.value, user = page.user.value;
  const name = roomTitle(room.room.value, user);
  const phase = page.connection.phase.value, phaseText = usePhaseText(phase);
  const unseen = room.view.unseen.value, people = room.people.value;
  useEffect(() => {
    document.title = unseen === 0 ? t.room.pageTitle(name) : t.room.unseenTitle(name, unseen);
  }, [name, unseen]);
  return (
    <header class="bar">
      <IconLink name="chevron-left" size={22} label={t.rooms.back} href="/rooms" class="back" />
      <div>
        <h1>
          <RoomIcon page={page} room={room.room.value} size={15} />
          <bdi class="line">{name}</bdi>
          <span class="needs-script phase" title={phaseText}>
            <PhaseDot phase={phase} />
            <span class="sr">{phaseText}</span>
          </span>
        </h1>
        {description && <p class="line" dir="auto" title={description}>{description}</p>}
      </div>
      <a class="to-people" href="#people" title={t.people.title}>
        <Faces people={people} pictures={page.context.pictures} />
      </a>
      {settings && <IconLink name="settings" label={t.settings.tabs} href={`${roomAddress(id)}/settings`} />}
    </header>
  );
}
