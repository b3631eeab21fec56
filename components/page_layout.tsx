/**
 * Layouts of pages.
 * @module
 */
import { asset, Head } from "fresh/runtime";
import type { ComponentChildren } from "preact";
import { Mark } from "@/components/person.tsx";
import { t } from "@/lib/ui/strings.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";

/** Adds stylesheets of `static/` to the head of the page. */
export function Styles({ names }: { names: readonly string[] }) {
  return <Head>{names.map((name) => <link key={name} rel="stylesheet" href={asset(`/${name}.css`)} />)}</Head>;
}

/** A link to a page. */
export interface PageLink {
  readonly href: string;
  readonly name: string;
}

/** A page with one card in the middle; a wide one, for lists, is at the top. It can end with a link back. */
export function CardPage({ title, wide = false, back, children }: {
  title: string;
  wide?: boolean;
  back?: PageLink;
  children: ComponentChildren;
}) {
  return (
    <div class={wide ? "alone top" : "alone"}>
      <Styles names={["card_page"]} />
      <main class={wide ? "card wide" : "card"}>
        <header>
          <a href="/" aria-label={t.place}>
            <Mark />
          </a>
          <h1 dir="auto">{title}</h1>
        </header>
        {children}
        {back && (
          <p>
            <a class="link" href={back.href}>{back.name}</a>
          </p>
        )}
      </main>
    </div>
  );
}

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
