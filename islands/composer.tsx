import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "@/components/dialog.tsx";
import { JoinField, Wrong } from "@/components/forms.tsx";
import { Icon } from "@/components/icon.tsx";
import { StatusBanners, TypingLine } from "@/components/status_banners.tsx";
import { CONTENT_MAX } from "@/lib/model/limits.ts";
import { roomTitle } from "@/lib/model/room.ts";
import { roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { fitHeight } from "@/lib/client/fit_height.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import { useRoom } from "@/lib/client/use_page.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { t } from "@/lib/ui/strings.ts";
import { TypingNotifier } from "@/lib/client/typing_notifier.ts";

interface ComposerProps {
  readonly context: PageContext;
  readonly snapshot: RoomSnapshot;
  /** Makes the form's message one message, however often it is submitted. */
  readonly nonce: string;
  /** What was typed into the form and refused, and why. */
  readonly refused?: { readonly content: string; readonly problem: string };
}

/** Where one writes; for somebody without a name, where one gives it. */
export default function Composer({ context, snapshot, nonce, refused }: ComposerProps) {
  const { page, room } = useRoom(context, snapshot);
  return (
    <footer class="write">
      <div class="column">
        <TypingLine names={room.typing.value} />
        <StatusBanners page={page} room={room} />
        {room.deleted.value || room.room.value.archived
          ? null
          : page.user.value
          ? <Field page={page} room={room} nonce={nonce} refused={refused} />
          : <Join page={page} room={room} refused={refused} />}
      </div>
    </footer>
  );
}

function Join({ page, room, refused }: { page: PageStore; room: RoomStore } & Pick<ComposerProps, "refused">) {
  const name = roomTitle(room.room.value, page.user.value);
  const form = (id: string, autofocus = false) => (
    <form class="guest" method="post" action="/join">
      <input type="hidden" name="next" value={roomAddress(room.id)} />
      <JoinField id={id} button={t.join.button} autofocus={autofocus} />
    </form>
  );
  return (
    <section id="composer" aria-label={t.composer.label(name)}>
      {refused && <Kept {...refused} next={roomAddress(room.id)} />}
      {form("join-here")}
      {page.joining.value && (
        <Dialog title={t.join.toWrite} onClose={() => page.joining.value = false}>{form("join-name", true)}</Dialog>
      )}
    </section>
  );
}

/** What somebody wrote whose session had ended: it is theirs to take along. */
function Kept({ content, problem, next }: NonNullable<ComposerProps["refused"]> & { next: string }) {
  return (
    <>
      <Wrong>
        {problem} <a class="link" href={signInAddress(next)}>{t.me.signIn}</a>
      </Wrong>
      <div class="field">
        <textarea aria-label={t.composer.refused} readOnly dir="auto">{content}</textarea>
      </div>
    </>
  );
}

function Field(
  { page, room, nonce, refused }: { page: PageStore; room: RoomStore } & Pick<ComposerProps, "nonce" | "refused">,
) {
  const { kind } = room.room.value, name = roomTitle(room.room.value, page.user.value);
  const { area, over, send, onInput, onKeyDown } = useField(page, room);
  return (
    <>
      <Wrong>{refused?.problem}</Wrong>
      {over > 0 && <p class="over" role="status">{t.composer.tooLong(over)}</p>}
      <form
        class="composer"
        method="post"
        action={roomAddress(room.id)}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <input type="hidden" name="nonce" value={nonce} />
        <textarea
          id="composer"
          ref={area}
          name="content"
          rows={1}
          required
          aria-label={t.composer.label(name)}
          placeholder={kind === "direct" ? t.composer.placeholderDirect(name) : t.composer.placeholder(name)}
          dir="auto"
          autocomplete="off"
          onInput={onInput}
          onKeyDown={onKeyDown}
        >
          {refused?.content}
        </textarea>
        <button type="submit" class="send" aria-label={t.composer.send} title={t.composer.send}>
          <Icon name="arrow-up" size={20} />
        </button>
      </form>
    </>
  );
}

function useField(page: PageStore, room: RoomStore) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [over, setOver] = useState(0);
  const [typist] = useState(() => new TypingNotifier((on) => room.type(on)));
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    field.value ||= page.drafts.get(room.id);
    fitHeight(field);
    // On a touch screen the focus would open the keyboard over what the reader came to read.
    if (!touch() && document.activeElement === document.body) field.focus({ preventScroll: true });
    const wake = (event: KeyboardEvent) => wakes(event) && field.focus();
    document.addEventListener("keydown", wake);
    return () => {
      document.removeEventListener("keydown", wake);
      typist.stop();
    };
  }, []);
  const changed = (text: string) => {
    page.drafts.set(room.id, text);
    setOver(text.trim().length - CONTENT_MAX);
    if (area.current) fitHeight(area.current);
  };
  const send = () => {
    const field = area.current, user = page.user.peek();
    const content = field?.value.replaceAll("\r\n", "\n").trim() ?? "";
    if (!field || !user || content === "" || content.length > CONTENT_MAX) return;
    room.post(user, content);
    field.value = "";
    changed("");
    typist.stop();
    field.focus();
  };
  const onInput = (event: { readonly currentTarget: HTMLTextAreaElement }) => {
    const { value } = event.currentTarget;
    changed(value);
    if (value.trim() === "") typist.stop();
    else typist.key();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !touch()) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && area.current?.value === "" && editLast(page, room)) event.preventDefault();
  };
  return { area, over, send, onInput, onKeyDown };
}

/** Whether a key is the beginning of a message, typed while the focus was in what is only read. */
function wakes({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return false;
  return target === document.body || target.matches(".timeline, .timeline article");
}

function touch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

/** Opens the last own message for editing, if there is one in the page. */
function editLast(page: PageStore, room: RoomStore): boolean {
  const id = page.user.peek()?.id;
  const last = room.history.window.peek().posts.findLast(({ by }) => by.id === id);
  if (!last) return false;
  room.view.editing.value = last.seq;
  return true;
}
