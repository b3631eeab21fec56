/**
 * The layout of settings: tabs, and a link back.
 * @module
 */
import type { ComponentChildren } from "preact";
import { CardPage, type PageLink } from "@/components/card_page.tsx";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";

/** Tabs of the account settings. */
export const TABS = [
  { href: "/settings", name: t.account.profile },
  { href: "/settings/picture", name: t.account.picture },
  { href: "/settings/appearance", name: t.account.appearance },
  { href: "/settings/password", name: t.field.password },
  { href: "/settings/sessions", name: t.account.sessions },
  { href: "/settings/tokens", name: t.account.tokens },
  { href: "/settings/data", name: t.account.data },
];

/** A page of the account settings; `current` is its address. */
export function SettingsPage({ current, children }: { current: string; children: ComponentChildren }) {
  return (
    <CardPage title={t.account.title} back={{ href: "/rooms", name: t.account.back }} wide>
      <Tabs label={t.account.tabs} tabs={TABS} current={current} />
      {children}
    </CardPage>
  );
}

/** A page of a room's settings; `title` is the room's name as the reader sees it. */
export function RoomSettingsPage({ room, title, part, children }: {
  room: number;
  title: string;
  part: "" | "/members" | "/invites";
  children: ComponentChildren;
}) {
  const settings = `${roomAddress(room)}/settings`;
  const tabs = [
    { href: settings, name: t.settings.tab },
    { href: `${settings}/members`, name: t.members.tab },
    { href: `${settings}/invites`, name: t.invites.tab },
  ];
  return (
    <CardPage title={t.settings.title(title)} back={{ href: roomAddress(room), name: t.settings.back }} wide>
      <Tabs label={t.settings.tabs} tabs={tabs} current={settings + part} />
      {children}
    </CardPage>
  );
}

function Tabs({ label, tabs, current }: { label: string; tabs: readonly PageLink[]; current: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ href, name }) => (
        <a key={href} href={href} aria-current={href === current ? "page" : undefined}>{name}</a>
      ))}
    </nav>
  );
}
