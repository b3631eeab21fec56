/**
 * Dialogs of the sidebar. Without scripts there is a page for each.
 * @module
 */
import { useState } from "preact/hooks";
import { Dialog } from "@/components/dialog.tsx";
import { DeleteFields, MembershipFields, RoomFields, Submit } from "@/components/forms.tsx";
import type { Room } from "@/lib/model/room.ts";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { RequestError } from "@/lib/client/connection.ts";
import { deleteRoom } from "@/lib/client/rest.ts";
import { t } from "@/lib/ui/strings.ts";

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
  const { busy, problem, submit } = useSubmit(async (form) => {
    if (field(form, "confirm").trim() !== room.name) {
      throw new RequestError("invalid", t.settings.removeMismatch(room.name));
    }
    await deleteRoom(room.id);
    if (current) location.assign("/");
    else onClose();
  });
  return (
    <Dialog title={t.rooms.deleteNamed(room.name)} onClose={onClose}>
      <form method="post" action={`${roomAddress(room.id)}/settings`} onSubmit={submit}>
        <DeleteFields id="delete-room" room={room.name} problem={problem} autofocus />
        <Submit label={t.settings.remove} disabled={busy}>
          <button type="button" class="button" onClick={onClose}>{t.action.cancel}</button>
        </Submit>
      </form>
    </Dialog>
  );
}

function useSubmit(act: (form: FormData) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: { preventDefault(): void; readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await act(new FormData(event.currentTarget));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
