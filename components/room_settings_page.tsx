/**
 * The layout of room settings.
 * @module
 */
import type { ComponentChildren } from "preact";
import { TabbedPage } from "@/components/tabbed_page.tsx";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";

type RoomPart = "" | "/members" | "/invites";

/** A page of a room's settings; `title` is the room's name as the reader sees it. */
export function RoomSettingsPage(
  { room, title, part, children }: { room: number; title: string; part: RoomPart; children: ComponentChildren },
) {
  const at = (part: RoomPart) => `${roomAddress(room)}/settings${part}`;
  return (
    <TabbedPage
      title={t.settings.title(title)}
      label={t.settings.tabs}
      tabs={[
        { href: at(""), name: t.settings.tab },
        { href: at("/members"), name: t.members.tab },
        { href: at("/invites"), name: t.invites.tab },
      ]}
      current={at(part)}
      back={{ href: roomAddress(room), name: t.settings.back }}
    >
      {children}
    </TabbedPage>
  );
}
