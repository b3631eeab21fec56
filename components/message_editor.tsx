/**
 * The field in which someone changes a message.
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "@/lib/ui/strings.ts";
import { fitHeight } from "@/lib/client/fit_height.ts";
import { returnFocus } from "@/lib/client/return_focus.ts";

/** The field in which someone changes a message; Enter saves, Escape gives up. */
export function MessageEditor(
  { id, content, onSave, onCancel }: {
    /** Id of the element that takes the focus afterwards, where nothing better is left. */
    id: string;
    content: string;
    onSave: (content: string) => void;
    onCancel: () => void;
  },
) {
  const field = useRef<HTMLTextAreaElement>(null);
  // Before the next key, which would go to the composer.
  useLayoutEffect(() => {
    const area = field.current, before = document.activeElement;
    if (!area) return;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    fitHeight(area);
    return () => returnFocus(before, id);
  }, []);
  const save = () => onSave(field.current?.value.trim() ?? "");
  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        maxLength={4000}
        aria-label={t.message.editLabel}
        dir="auto"
        defaultValue={content}
        onInput={(event) => fitHeight(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onCancel();
          else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="actions">
        <small>{t.message.editHint}</small>
        <button type="button" class="button" onClick={onCancel}>{t.message.cancel}</button>
        <button type="submit" class="button go">{t.message.save}</button>
      </div>
    </form>
  );
}
