/**
 * Parts of forms. Each form works without a script.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Icon } from "@/components/icon.tsx";
import { t } from "@/lib/client/strings.ts";

/** A sentence that says what was wrong. */
export function Wrong({ children, id }: { children?: ComponentChildren; id?: string }) {
  if (!children) return null;
  return (
    <p class="wrong" role="alert" id={id}>
      <Icon name="alert" size={15} />
      <span>{children}</span>
    </p>
  );
}

/** The question for a name, with its button in one line. */
export function JoinField(
  { id, button, name, problem, autofocus }: {
    id: string;
    button: string;
    name?: string;
    problem?: string;
    autofocus?: boolean;
  },
) {
  return (
    <>
      <label for={id}>{t.join.label}</label>
      <div class="bar-field">
        <input
          id={id}
          name="name"
          value={name}
          placeholder={t.join.placeholder}
          maxLength={20}
          required
          autoFocus={autofocus}
          autocomplete="nickname"
          autocapitalize="words"
          enterkeyhint="go"
          dir="auto"
          aria-invalid={problem ? "true" : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
        />
        <button type="submit" class="button go">{button}</button>
      </div>
      <Wrong id={`${id}-problem`}>{problem}</Wrong>
    </>
  );
}

/** Name and purpose of a room. `id` makes the ids of the fields unique in the page. */
export function RoomFields(
  { id, name, description, autofocus }: { id: string; name?: string; description?: string; autofocus?: boolean },
) {
  return (
    <>
      <div class="field">
        <label for={`${id}-name`}>{t.newRoom.name}</label>
        <input
          id={`${id}-name`}
          name="name"
          value={name}
          maxLength={60}
          required
          autoFocus={autofocus}
          autocomplete="off"
          dir="auto"
          aria-describedby={`${id}-hint`}
        />
        <small id={`${id}-hint`}>{t.newRoom.nameHint}</small>
      </div>
      <div class="field">
        <label for={`${id}-description`}>
          {t.newRoom.description} <span>({t.newRoom.optional})</span>
        </label>
        <input
          id={`${id}-description`}
          name="description"
          value={description}
          maxLength={500}
          autocomplete="off"
          dir="auto"
        />
      </div>
    </>
  );
}

/** The question for a room's name before it is deleted. */
export function DeleteFields({ id, room, autofocus }: { id: string; room: string; autofocus?: boolean }) {
  return (
    <>
      <p>{t.settings.removeWarning}</p>
      <div class="field">
        <label for={`${id}-confirm`} dir="auto">{t.settings.removeType(room)}</label>
        <input id={`${id}-confirm`} name="confirm" required autoFocus={autofocus} autocomplete="off" dir="auto" />
      </div>
    </>
  );
}
