/**
 * The landing page: what this is, who is here, and a field to join.
 * @module
 */
import type { Person } from "@/lib/model/person.ts";
import { Faces, Mark } from "@/components/person.tsx";
import { Empty, Icon } from "@/components/icon.tsx";
import { JoinField, Saved } from "@/components/forms.tsx";
import { Styles } from "@/components/page_layout.tsx";
import { roomAddress } from "@/lib/ui/addresses.ts";
import { t } from "@/lib/ui/strings.ts";

/** A room as a visitor sees it. */
export interface LandingRoom {
  readonly id: number;
  readonly name: string;
  /** The last message. */
  readonly said?: { readonly by: string; readonly words: string };
  readonly people: readonly Person[];
}

/** What the landing page shows. */
export interface LandingProps {
  /** Whether people can join without an account. */
  readonly guests: boolean;
  readonly rooms: readonly LandingRoom[];
  /** Whether there are more rooms. */
  readonly more: boolean;
  /** Whether the reader has just deleted their account. */
  readonly deleted?: boolean;
  /** A name that was refused, and why. */
  readonly refused?: { readonly name: string; readonly problem: string };
}

/** The landing page of the server. */
export function Landing({ guests, rooms, more, deleted, refused }: LandingProps) {
  const here = new Set(rooms.flatMap(({ people }) => people.map(({ id }) => id))).size;
  return (
    <div class="landing">
      <Styles names={["landing"]} />
      <main>
        <section class="hello">
          <Mark big />
          <h1>{t.place}</h1>
          <p>{t.landing.about} {guests ? t.landing.here(here) : t.landing.closed}</p>
          <Saved when={deleted}>{t.account.erased}</Saved>
          {guests ? <AsGuest {...refused} /> : (
            <p class="ways">
              <a class="button go" href="/login">{t.action.signIn}</a>
              <a class="button" href="/register">{t.register.title}</a>
            </p>
          )}
        </section>
        {guests && <OpenRooms rooms={rooms} more={more} />}
      </main>
    </div>
  );
}

function AsGuest(refused: Partial<NonNullable<LandingProps["refused"]>>) {
  return (
    <form class="guest join" method="post" action="/">
      <input type="hidden" name="next" value="/" />
      <JoinField id="name" button={t.join.button} {...refused} />
      <small>
        {t.join.noAccount} <a class="link" href="/login">{t.action.signIn}</a> {t.join.or}{" "}
        <a class="link" href="/register">{t.join.createAccount}</a> {t.join.keep}
      </small>
    </form>
  );
}

function OpenRooms({ rooms, more }: Pick<LandingProps, "rooms" | "more">) {
  return (
    <section class="open" aria-labelledby="open-rooms">
      <h2 id="open-rooms">{t.landing.rooms}</h2>
      {rooms.length === 0 && <Empty icon="hash" line={t.landing.empty} />}
      <ul>
        {rooms.map((room) => (
          <li key={room.id}>
            <Card {...room} />
          </li>
        ))}
      </ul>
      {more && (
        <p class="more">
          <a class="link" href="/rooms">{t.rooms.back}</a>
        </p>
      )}
    </section>
  );
}

function Card({ id, name, said, people }: LandingRoom) {
  return (
    <a class="room-card" href={roomAddress(id)}>
      <Icon name="hash" size={17} />
      <div>
        <strong class="line" dir="auto">{name}</strong>
        <p class="line" dir="auto">
          {said && <b>{said.by}</b>} {said?.words ?? t.landing.noMessages}
        </p>
      </div>
      <Faces people={people} />
    </a>
  );
}
