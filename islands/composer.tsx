import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "@/components/dialogs.tsx";
import { JoinField, Wrong } from "@/components/forms.tsx";
import { Icon } from "@/components/icon.tsx";
import { StatusBanners, TypingLine } from "@/components/status_banners.tsx";
import { roomTitle } from "@/lib/model/room.ts";
import { roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { ComposerModel } from "@/lib/client/composer_model.ts";
import { fitHeight, focusOnTyping, hasTouchKeyboard } from "@/lib/client/input.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { type PageStore, useRoom } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";
import { t } from "@/lib/ui/strings.ts";

interface ComposerProps {
  readonly context: PageContext;
  readonly snapshot: RoomSnapshot;
  /** For the form without scripts: a message is posted once, however often it is submitted. */
  readonly nonce: string;
  /** A message of the form that was refused, and why. */
  readonly refused?: { readonly content: string; readonly problem: string };
}

/** The composer; without a name, a field to join. */
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
      {refused && <Refused {...refused} next={roomAddress(room.id)} />}
      {form("join-here")}
      {page.joining.value && (
        <Dialog title={t.join.toWrite} onClose={() => page.joining.value = false}>{form("join-name", true)}</Dialog>
      )}
    </section>
  );
}

/** The text of a reader whose session had ended, for them to copy. */
function Refused({ content, problem, next }: NonNullable<ComposerProps["refused"]> & { next: string }) {
  return (
    <>
      <Wrong>
        {problem} <a class="link" href={signInAddress(next)}>{t.action.signIn}</a>
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
  const area = useRef<HTMLTextAreaElement>(null), [composer] = useState(() => new ComposerModel(page, room));
  useEffect(() => {
    const field = area.current;
    if (!field) return;
    composer.attach(field);
    // On a touch screen the focus would open the keyboard over the messages.
    if (!hasTouchKeyboard() && document.activeElement === document.body) field.focus({ preventScroll: true });
    const stop = focusOnTyping(field);
    return () => {
      stop();
      composer.detach();
    };
  }, []);
  useLayoutEffect(() => {
    if (area.current) fitHeight(area.current);
  }, [composer.text.value]);
  return (
    <>
      <Wrong>{refused?.problem}</Wrong>
      {composer.over > 0 && <p class="over" role="status">{t.composer.tooLong(composer.over)}</p>}
      <form
        class="bar-field composer"
        method="post"
        action={roomAddress(room.id)}
        onSubmit={(event) => {
          event.preventDefault();
          composer.send();
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
          onInput={() => composer.input()}
          onKeyDown={(event) => composer.keyDown(event)}
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
