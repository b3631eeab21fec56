/**
 * One card in the middle of a page: a form, or a sentence and a way on.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Mark } from "@/components/avatar.tsx";
import { Styles } from "@/components/styles.tsx";
import { t } from "@/lib/ui/strings.ts";

/** A page that is one card; a wide one holds lists, and stands at the top. */
export function CardPage(
  { title, wide = false, children }: { title: string; wide?: boolean; children: ComponentChildren },
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
      </main>
    </div>
  );
}
