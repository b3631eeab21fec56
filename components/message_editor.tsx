/**
 * The editor of a message.
 * @module
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { CONTENT_MAX } from "@/lib/model/limits.ts";
import { fitHeight } from "@/lib/client/fit_height.ts";
import { isComposing, isSubmit } from "@/lib/client/keys.ts";
import { returnFocus } from "@/lib/client/return_focus.ts";
import { t } from "@/lib/ui/strings.ts";

/** A field with a message's text, in its place; Enter saves, Escape cancels. */
export function MessageEditor(
  { id, content, onSave, onCancel }: {
    /** Id of the element that takes the focus afterwards if the one that had it is gone. */
    id: string;
    content: string;
    onSave: (content: string) => void;
    onCancel: () => void;
  },
) {
  const field = useRef<HTMLTextAreaElement>(null);
  // In the same turn, so that the next key does not go to the composer.
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
        maxLength={CONTENT_MAX}
        aria-label={t.message.editLabel}
        dir="auto"
        defaultValue={content}
        onInput={(event) => fitHeight(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !isComposing(event)) onCancel();
          else if (isSubmit(event)) save();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="actions">
        <small>{t.message.editHint}</small>
        <button type="button" class="button" onClick={onCancel}>{t.action.cancel}</button>
        <button type="submit" class="button go">{t.action.save}</button>
      </div>
    </form>
  );
}
