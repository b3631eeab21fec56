/**
 * The layout of account settings.
 * @module
 */
import type { ComponentChildren } from "preact";
import { TabbedPage } from "@/components/tabbed_page.tsx";
import { t } from "@/lib/ui/strings.ts";

/** Tabs of the settings. */
export const TABS = [
  { href: "/settings", name: t.account.profile },
  { href: "/settings/picture", name: t.account.picture },
  { href: "/settings/appearance", name: t.account.appearance },
  { href: "/settings/password", name: t.field.password },
  { href: "/settings/sessions", name: t.account.sessions },
  { href: "/settings/tokens", name: t.account.tokens },
  { href: "/settings/data", name: t.account.data },
];

/** A page of the reader's settings. */
export function SettingsPage({ current, children }: { current: string; children: ComponentChildren }) {
  return (
    <TabbedPage
      title={t.account.title}
      label={t.account.tabs}
      tabs={TABS}
      current={current}
      back={{ href: "/rooms", name: t.account.back }}
    >
      {children}
    </TabbedPage>
  );
}
