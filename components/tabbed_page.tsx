/**
 * The layout of pages with tabs.
 * @module
 */
import type { ComponentChildren } from "preact";
import { CardPage } from "@/components/card_page.tsx";

/** A link to a page. */
export interface Tab {
  readonly href: string;
  readonly name: string;
}

/** A page with tabs to its siblings, and a link back. */
export function TabbedPage(
  { title, label, tabs, current, back, children }: {
    title: string;
    /** Name of the tabs for screen readers. */
    label: string;
    tabs: readonly Tab[];
    /** Address of the current tab. */
    current: string;
    back: Tab;
    children: ComponentChildren;
  },
) {
  return (
    <CardPage title={title} wide>
      <nav class="tabs" aria-label={label}>
        {tabs.map(({ href, name }) => (
          <a key={href} href={href} aria-current={href === current ? "page" : undefined}>{name}</a>
        ))}
      </nav>
      {children}
      <p>
        <a class="link" href={back.href}>{back.name}</a>
      </p>
    </CardPage>
  );
}
