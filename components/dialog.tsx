/**
 * Modal dialogs.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "@/components/icon.tsx";
import { t } from "@/lib/ui/strings.ts";

/** A modal dialog, open while it is rendered. The browser traps the focus and closes it on Escape. */
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
        // A click on the backdrop has the dialog as its target.
        const { target, currentTarget } = event;
        if (target === currentTarget && !inside(event, currentTarget)) currentTarget.close();
      }}
    >
      <div class="dialog-head">
        <h2 dir="auto">{title}</h2>
        <button type="button" class="icon" aria-label={t.action.cancel} onClick={() => dialog.current?.close()}>
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
