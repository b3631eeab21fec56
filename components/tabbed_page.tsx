/**
 * A page of forms in several parts, each at an address of its own.
 * @module
 */
import type { ComponentChildren } from "preact";
import { CardPage } from "@/components/card_page.tsx";

/** A part of such a page: its address and its name. */
export interface Tab {
  readonly href: string;
  readonly name: string;
}

/** One part, with the way to the others and back. */
export function TabbedPage(
  { title, label, tabs, current, back, children }: {
    title: string;
    /** What the parts are parts of. */
    label: string;
    tabs: readonly Tab[];
    /** Address of the part that is shown. */
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
