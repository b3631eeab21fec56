/**
 * The layout of pages with one card: a form, or a message.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Mark } from "@/components/avatar.tsx";
import { Styles } from "@/components/styles.tsx";
import { t } from "@/lib/ui/strings.ts";

/** A link to a page. */
export interface PageLink {
  readonly href: string;
  readonly name: string;
}

/** A page with one card in the middle; a wide one, for lists, is at the top. It can end with a link back. */
export function CardPage(
  { title, wide = false, back, children }: {
    title: string;
    wide?: boolean;
    back?: PageLink;
    children: ComponentChildren;
  },
) {
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
