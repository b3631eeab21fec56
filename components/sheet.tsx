/**
 * One card in the middle of a page: a form, or a sentence and a way on.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Mark } from "@/components/avatar.tsx";
import { t } from "@/lib/client/strings.ts";

/** A page that is one card. */
export function Sheet({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="alone">
      <main class="sheet">
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
