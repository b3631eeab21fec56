/**
 * Parts of the sidebar: the rooms, and at its foot the reader and the connection.
 * @module
 */
import { Empty, Icon, IconLink, RoomIcon } from "@/components/icon.tsx";
import type { Person } from "@/lib/model/person.ts";
import { GENERAL, type Room, roomTitle } from "@/lib/model/room.ts";
import { personAddress, roomAddress, signInAddress } from "@/lib/ui/addresses.ts";
import { onPlainClick } from "@/lib/client/input.ts";
import type { PageStore } from "@/lib/client/page_store.ts";
import type { RoomItem } from "@/lib/client/room_list.ts";
import { t } from "@/lib/ui/strings.ts";
import { Avatar } from "@/components/person.tsx";
import { canTryNow, PhaseDot, usePhaseText } from "@/components/connection_state.tsx";

interface RoomsProps {
  readonly page: PageStore;
  /** Id of the room that the page shows. */
  readonly current?: number;
  readonly onDelete: (room: Room) => void;
}

/** The reader's rooms, then their direct messages. */
export function Rooms(props: RoomsProps) {
  const items = props.page.rooms.items.value;
  const direct = items.filter(({ room }) => room.kind === "direct");
  const rooms = items.filter(({ room }) => room.kind !== "direct");
  return (
    <div class="rooms">
      <h2>{t.rooms.heading}</h2>
      {rooms.length > 0 ? <Section {...props} items={rooms} /> : (
        <Empty icon="hash" line={t.rooms.none}>
          {props.page.context.managesRooms && <a class="button" href="/rooms/new">{t.rooms.new}</a>}
        </Empty>
      )}
      {direct.length > 0 && (
        <>
          <h2>{t.rooms.direct}</h2>
          <Section {...props} items={direct} />
        </>
      )}
    </div>
  );
}

function Section({ page, current, onDelete, items }: RoomsProps & { items: readonly RoomItem[] }) {
  const user = page.user.value;
  return (
    <ul>
      {items.map(({ room, unread, mentions }) => (
        <li key={room.id} class="entry" data-room={room.id}>
          <a
            class={unread > 0 ? "item unread" : "item"}
            href={roomAddress(room.id)}
            aria-current={room.id === current ? "page" : undefined}
          >
            <RoomIcon page={page} room={room} size={14} />
            <bdi>{roomTitle(room, user)}</bdi>
            {room.archived && <small>{t.rooms.archived}</small>}
            <Unread direct={room.kind === "direct"} unread={unread} mentions={mentions} />
          </a>
          {page.context.managesRooms && mayDelete(room, user) && (
            <IconLink
              name="trash"
              size={15}
              label={t.rooms.deleteNamed(room.name)}
              href={`${roomAddress(room.id)}/settings#delete`}
              onClick={onPlainClick(() => onDelete(room))}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

/** The number of unread messages, in a badge if they are addressed to the reader. */
function Unread({ direct, unread, mentions }: { direct: boolean; unread: number; mentions: number }) {
  if (unread === 0 && mentions === 0) return null;
  const own = direct ? unread : mentions;
  return (
    <>
      {own < unread && <span class="count" aria-hidden="true">{t.number(unread)}</span>}
      {own > 0 && <b class="badge" aria-hidden="true">{t.rooms.badge(own)}</b>}
      <span class="sr">
        {t.rooms.unread(unread)}
        {mentions > 0 && `, ${t.rooms.mentions(mentions)}`}
      </span>
    </>
  );
}

/** Whether to offer deletion; the server decides. */
function mayDelete({ id, kind, createdBy }: Room, user: Person | null): boolean {
  return id !== GENERAL && kind !== "direct" && (!createdBy || createdBy.guest || createdBy.id === user?.id);
}

/** The reader. `current` is the id of the page's room. */
export function Me({ page, current }: { page: PageStore; current?: number }) {
  const user = page.user.value, phase = page.connection.phase.value;
  const text = usePhaseText(phase);
  const here = current === undefined ? "/rooms" : roomAddress(current);
  return (
    <div class="me">
      {user && <Avatar person={user} picture={page.context.pictures[user.id]} size="sm" />}
      <div>
        <Name page={page} here={here} />
        <span class="state needs-script" role="status">
          <PhaseDot phase={phase} />
          {text}
          {current === undefined && canTryNow(phase) && (
            <button type="button" onClick={() => page.connection.connect()}>{t.connection.tryNow}</button>
          )}
        </span>
      </div>
      {user && !user.guest ? <ForAccount page={page} /> : <ForGuest named={user !== null} here={here} />}
    </div>
  );
}

function Name({ page, here }: { page: PageStore; here: string }) {
  const user = page.user.value;
  if (!user) return <a class="link" href={`/join?next=${encodeURIComponent(here)}`}>{t.join.button}</a>;
  const name = <strong class="line" dir="auto">{user.name}</strong>;
  return user.guest ? name : <a href={personAddress(user.name)} title={t.people.yours}>{name}</a>;
}

function ForAccount({ page }: { page: PageStore }) {
  return (
    <>
      <IconLink name="settings" size={16} label={t.account.title} href="/settings" />
      {/* Closed first, so that the end of the session doesn't lead this page to signing in. */}
      <form method="post" action="/logout" onSubmit={() => page.connection.close()}>
        <button type="submit" class="icon" aria-label={t.action.signOut} title={t.action.signOut}>
          <Icon name="log-out" size={16} />
        </button>
      </form>
    </>
  );
}

function ForGuest({ named, here }: { named: boolean; here: string }) {
  return (
    <>
      {named && (
        <IconLink name="pencil" size={16} label={t.join.rename} href={`/join?next=${encodeURIComponent(here)}`} />
      )}
      <a class="link" href={signInAddress(here)}>{t.action.signIn}</a>
    </>
  );
}
