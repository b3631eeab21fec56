/**
 * A room's page: rooms, conversation, people.
 * @module
 */
import type { Present } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import type { PageContext } from "@/lib/client/page_context.ts";
import type { RoomItem } from "@/lib/client/room_list.ts";
import { t } from "@/lib/ui/strings.ts";
import type { MessageWindow } from "@/lib/client/message_window.ts";
import { Styles } from "@/components/page_layout.tsx";
import Composer from "@/islands/composer.tsx";
import People from "@/islands/people.tsx";
import RoomBar from "@/islands/room_bar.tsx";
import Sidebar from "@/islands/sidebar.tsx";
import Timeline from "@/islands/timeline.tsx";

/** What a room's page shows. */
export interface RoomPageProps {
  readonly context: PageContext;
  readonly rooms: readonly RoomItem[];
  readonly room: Room;
  /** Whether its settings have something for the reader. */
  readonly settings: boolean;
  readonly head: Head;
  readonly window: MessageWindow;
  readonly people: readonly Present[];
  /** For the composer's form. */
  readonly nonce: string;
  /** `seq` of the message that the page is about. */
  readonly marked?: number;
  /** What was typed and refused, and why. */
  readonly refused?: { readonly content: string; readonly problem: string };
}

/** A room's page. */
export function RoomPage(props: RoomPageProps) {
  const { context, rooms, room, settings, head, window, people, nonce, marked, refused } = props;
  const snapshot = { room, head };
  return (
    <div class="app">
      <Styles names={["room", "timeline", "composer"]} />
      <a class="skip" href="#timeline">{t.skip}</a>
      <Sidebar context={context} rooms={rooms} current={room.id} />
      <main class="room" data-room={room.id}>
        <RoomBar context={context} snapshot={{ ...snapshot, people }} settings={settings} />
        <Timeline context={context} snapshot={{ ...snapshot, window }} marked={marked} />
        <Composer context={context} snapshot={snapshot} nonce={nonce} refused={refused} />
      </main>
      <People context={context} snapshot={{ ...snapshot, people }} />
    </div>
  );
}
