/**
 * A dialog over the page. The browser keeps the focus inside, closes on Escape, and gives the focus back.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "@/components/icon.tsx";
import { t } from "@/lib/ui/strings.ts";

/** A dialog that is open for as long as it is drawn. */
export function Dialog(
  { title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren },
) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        // A press on the dim ground around it counts as one on the dialog itself.
        const { target, currentTarget } = event;
        if (target === currentTarget && !inside(event, currentTarget)) currentTarget.close();
      }}
    >
      <div class="dialog-head">
        <h2 dir="auto">{title}</h2>
        <button type="button" class="icon" aria-label={t.join.cancel} onClick={() => dialog.current?.close()}>
          <Icon name="x" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

function inside({ clientX, clientY }: MouseEvent, element: Element): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
