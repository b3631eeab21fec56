/**
 * Modal dialogs. Without scripts there is a page for each.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "@/components/icon.tsx";
import { t } from "@/lib/ui/strings.ts";
import { DeleteFields, MembershipFields, RoomFields, Submit } from "@/components/forms.tsx";
import type { Room } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { refusalIn } from "@/lib/client/connection.ts";
import { deleteRoom } from "@/lib/client/rest.ts";

/** A modal dialog, open while it is rendered. The browser traps the focus, and closes it on Escape or a click beside it. */
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
    <dialog ref={dialog} aria-label={title} closedby="any" onClose={onClose}>
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

/** A dialog to create a room. `member` is whether the reader has an account. */
export function NewRoomDialog({ member, onClose }: { member: boolean; onClose: () => void }) {
  return (
    <Dialog title={t.rooms.new} onClose={onClose}>
      <form method="post" action="/rooms/new">
        <RoomFields id="new-room" autofocus />
        {member && <MembershipFields id="new-room" />}
        <Submit label={t.newRoom.create}>
          <button type="button" class="button" onClick={onClose}>{t.action.cancel}</button>
        </Submit>
      </form>
    </Dialog>
  );
}

/** A dialog to delete a room. If it is the page's own, the page goes to another room. */
export function DeleteRoomDialog({ room, current, onClose }: { room: Room; current: boolean; onClose: () => void }) {
  const [isBusy, setBusy] = useState(false), [problem, setProblem] = useState<string>();
  const submit = async (event: { preventDefault(): void; readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("confirm");
    if (String(typed).trim() !== room.name) return setProblem(t.settings.removeMismatch(room.name));
    setBusy(true);
    const refusal = await deleteRoom(room.id).then(() => undefined, refusalIn);
    setBusy(false);
    setProblem(refusal?.message);
    if (!refusal && current) location.assign("/");
    else if (!refusal) onClose();
  };
  return (
    <Dialog title={t.rooms.deleteNamed(room.name)} onClose={onClose}>
      <form method="post" action={`${roomAddress(room.id)}/settings`} onSubmit={submit}>
        <DeleteFields id="delete-room" room={room.name} problem={problem} autofocus />
        <Submit label={t.settings.remove} disabled={isBusy}>
          <button type="button" class="button" onClick={onClose}>{t.action.cancel}</button>
        </Submit>
      </form>
    </Dialog>
  );
}
