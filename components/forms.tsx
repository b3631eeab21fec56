/**
 * Parts of forms. They work without scripts.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Icon } from "@/components/icon.tsx";
import { DESCRIPTION_MAX, ROOM_NAME_MAX, USERNAME_MAX } from "@/lib/model/limits.ts";
import { t } from "@/lib/ui/strings.ts";

/** An error message. */
export function Wrong({ children, id }: { children?: ComponentChildren; id?: string }) {
  if (!children) return null;
  return (
    <p class="wrong" role="alert" id={id}>
      <Icon name="alert" size={15} />
      <span>{children}</span>
    </p>
  );
}

/** A confirmation. */
export function Saved({ when = false, children = t.action.saved }: { when?: boolean; children?: ComponentChildren }) {
  return when ? <p class="good" role="status">{children}</p> : null;
}

/** The buttons at the end of a form: `children`, then the one that sends it. */
export function Submit({ label, quiet = false, disabled, children }: {
  label: string;
  /** Whether the button has no colour of its own. */
  quiet?: boolean;
  disabled?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class="actions">
      {children}
      <button type="submit" class={quiet ? "button" : "button go"} disabled={disabled}>{label}</button>
    </div>
  );
}

interface FieldProps {
  /** Unique in the page. */
  readonly id: string;
  /** Name of the form field; the id by default. */
  readonly name?: string;
  readonly label: string;
  readonly type?: "text" | "password" | "email" | "file" | "multiline";
  readonly value?: string;
  readonly autocomplete?: string;
  /** Media types of files. */
  readonly accept?: string;
  readonly maxLength?: number;
  /** Whether it can be left empty. */
  readonly optional?: boolean;
  /** By default, the first field with a problem gets the focus. */
  readonly autofocus?: boolean;
  readonly hint?: string;
  /** What is wrong with the value. */
  readonly problem?: string;
}

/** A field with its label, hint and problem. */
export function Field(props: FieldProps) {
  const { id, label, type = "text", value, autocomplete = "off", accept, hint, problem, optional = false } = props;
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const shared = {
    id,
    name: props.name ?? id,
    maxLength: props.maxLength,
    required: !optional,
    autoFocus: props.autofocus ?? problem !== undefined,
    dir: type === "password" || type === "file" ? undefined : "auto",
    "aria-invalid": problem ? "true" : undefined,
    "aria-describedby": described || undefined,
  } as const;
  return (
    <div class="field">
      <label for={id}>{label} {optional && <span>({t.field.optional})</span>}</label>
      {type === "multiline"
        ? <textarea {...shared}>{value}</textarea>
        : <input {...shared} type={type} value={value} autocomplete={autocomplete} accept={accept} />}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      <Wrong id={`${id}-problem`}>{problem}</Wrong>
    </div>
  );
}

/** A select box; `options` are labels by value. */
export function Choice({ id, name = id, label, options, value, hidden }: {
  id: string;
  name?: string;
  label: string;
  options: Readonly<Record<string, string>>;
  value?: string;
  /** Whether the label is for screen readers only. */
  hidden?: boolean;
}) {
  return (
    <div class="field">
      <label for={id} class={hidden ? "sr" : undefined}>{label}</label>
      <select id={id} name={name}>
        {Object.entries(options).map(([key, words]) => (
          <option key={key} value={key} selected={key === value}>{words}</option>
        ))}
      </select>
    </div>
  );
}

/** Radio buttons; `options` are labels by value. */
export function Radios({ name, label, options, value }: {
  name: string;
  label: string;
  options: Readonly<Record<string, string>>;
  value: string;
}) {
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      {Object.entries(options).map(([key, words]) => (
        <Tick key={key} type="radio" name={name} label={words} value={key} checked={key === value} />
      ))}
    </fieldset>
  );
}

/** A checkbox, or a radio button. */
export function Tick({ type = "checkbox", name, label, value = "yes", checked, autofocus }: {
  type?: "checkbox" | "radio";
  name: string;
  label: string;
  value?: string;
  checked?: boolean;
  autofocus?: boolean;
}) {
  return (
    <label class="tick">
      <input type={type} name={name} value={value} checked={checked} autoFocus={autofocus} />
      <span>{label}</span>
    </label>
  );
}

/** A field for a guest's name, with its button in one line. */
export function JoinField({ id, button, name, problem, autofocus }: {
  id: string;
  button: string;
  name?: string;
  problem?: string;
  autofocus?: boolean;
}) {
  return (
    <>
      <label for={id}>{t.join.label}</label>
      <div class="bar-field">
        <input
          id={id}
          name="name"
          value={name}
          placeholder={t.join.placeholder}
          maxLength={USERNAME_MAX}
          required
          autoFocus={autofocus ?? problem !== undefined}
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

/** What is wrong with the fields of a room. */
export interface RoomProblems {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** Name and description of a room. `id` makes the ids of the fields unique in the page. */
export function RoomFields({ id, name, description, problems = {}, autofocus }: {
  id: string;
  name?: string;
  description?: string;
  problems?: RoomProblems;
  autofocus?: boolean;
}) {
  return (
    <>
      <Field
        id={`${id}-name`}
        name="name"
        label={t.field.name}
        hint={t.newRoom.nameHint}
        value={name}
        maxLength={ROOM_NAME_MAX}
        problem={problems.name}
        autofocus={autofocus}
      />
      <Field
        id={`${id}-description`}
        name="description"
        label={t.field.purpose}
        value={description}
        maxLength={DESCRIPTION_MAX}
        problem={problems.description}
        optional
      />
    </>
  );
}

/** Kind and first members of a new room, for people with an account. */
export function MembershipFields(
  { id, kind, people, problem }: { id: string; kind?: string; people?: string; problem?: string },
) {
  return (
    <>
      <Radios
        name="kind"
        label={t.newRoom.kind}
        options={{ public: t.newRoom.public, private: t.newRoom.private }}
        value={kind === "private" ? kind : "public"}
      />
      <Field
        id={`${id}-people`}
        name="people"
        label={t.newRoom.people}
        hint={t.newRoom.peopleHint}
        value={people}
        problem={problem}
        optional
      />
    </>
  );
}

/** Asks for the name of the room that is to be deleted; `typed` is what didn't match. */
export function DeleteFields({ id, room, typed, problem, autofocus }: {
  id: string;
  room: string;
  typed?: string;
  problem?: string;
  autofocus?: boolean;
}) {
  return (
    <>
      <p>{t.settings.removeWarning}</p>
      <Field
        id={`${id}-confirm`}
        name="confirm"
        label={t.settings.removeType(room)}
        value={typed}
        problem={problem}
        autofocus={autofocus}
      />
    </>
  );
}
