/**
 * The state that all islands of a page share. Islands are separate roots, so they meet here: one connection, one outbox,
 * one room. On the server each island has an inert store of its own.
 * @module
 */
import { IS_BROWSER } from "fresh/runtime";
import { effect, type Signal, signal } from "@preact/signals";
import type { Person } from "@/lib/model/person.ts";
import { Connection } from "@/lib/client/connection.ts";
import { Drafts } from "@/lib/client/drafts.ts";
import { browserStorage } from "@/lib/client/storage.ts";
import { Idle } from "@/lib/client/idle.ts";
import { loadPage, postMessage } from "@/lib/client/rest.ts";
import { Outbox } from "@/lib/client/outbox.ts";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { RoomList } from "@/lib/client/room_list.ts";
import { RoomStore } from "@/lib/client/room_store.ts";
import { watchKeyboard } from "@/lib/client/input.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { useEffect, useState } from "preact/hooks";

/** Close code of a session that has ended. */
const SESSION_ENDED = 4401;

/** Wires the connection to the page's room, the room list, the outbox, the drafts and the reader's status. */
export class PageStore {
  /** The reader, as the server knows them. */
  readonly user: Signal<Person | null>;
  /** Time zone in which times are drawn: the server's guess first, then the device's. */
  readonly zone: Signal<string>;
  /** Milliseconds since 1970, kept to the minute. */
  readonly now: Signal<number>;
  /** What the server drew the page with, and what doesn't change. */
  readonly context: PageContext;
  /** Whether the dialog that asks for a name is open. */
  readonly joining = signal(false);
  readonly connection = new Connection(() => new WebSocket("/ws"));
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly rooms = new RoomList();
  readonly idle = new Idle();
  #room: RoomStore | undefined;
  #isStarted = false;

  /** A store that does nothing before {@link PageStore.start}. */
  constructor(context: PageContext) {
    this.context = context;
    this.user = signal(context.user);
    this.zone = signal(context.zone);
    this.now = signal(context.now);
    const storage = IS_BROWSER ? browserStorage() : undefined;
    this.drafts = new Drafts(storage);
    // The socket takes posts to the rooms it follows; what was left for another room goes over REST.
    this.outbox = new Outbox(
      storage,
      ({ room, content, nonce }) =>
        room === this.#room?.id
          ? this.connection.request({ type: "post", room, content, nonce })
          : postMessage(room, content, nonce),
    );
  }

  /** The page's room, with the parts that an island was given. */
  room(snapshot: RoomSnapshot): RoomStore {
    this.#room ??= this.#createRoom(snapshot);
    this.#room.adopt(snapshot);
    return this.#room;
  }

  #createRoom(snapshot: RoomSnapshot): RoomStore {
    const { connection, outbox, user } = this;
    const onSubscribed = () => {
      this.#openOutbox();
      if (this.idle.away.peek()) this.#sendStatus();
    };
    const room = new RoomStore(snapshot, { connection, outbox, user, load: loadPage, onSubscribed });
    if (IS_BROWSER) room.view.isVisible = isVisible();
    return room;
  }

  /** Connects, once, in the browser. */
  start(): void {
    if (this.#isStarted || !IS_BROWSER) return;
    this.#isStarted = true;
    this.zone.value = rememberTimeZone();
    this.now.value = Date.now();
    setInterval(() => this.now.value = Date.now(), 60_000);
    this.outbox.restore();
    this.#watchConnection();
    this.#watchPage();
    this.idle.away.subscribe(() => this.#sendStatus());
    this.idle.watch();
    watchKeyboard();
    this.connection.connect();
  }

  #watchConnection(): void {
    this.connection.listen((frame) => {
      if (frame.type === "hello") this.#greeted(frame.user);
      this.rooms.receive(frame);
      this.#room?.receive(frame);
      // The socket takes posts to a room once it is followed, so with a room the outbox waits for that.
      if (frame.type === "hello" && !this.#room) this.#openOutbox();
    });
    effect(() => {
      const phase = this.connection.phase.value;
      if (phase.name !== "live") this.outbox.close();
      if (phase.name === "refused" && phase.code === SESSION_ENDED) goToSignIn();
    });
  }

  /** A page that was drawn for an account does not go on as another person. */
  #greeted(user: Person | null): void {
    const before = this.user.peek();
    if (before && !before.guest && before.id !== user?.id) return goToSignIn();
    this.user.value = user;
  }

  #sendStatus(): void {
    if (this.user.peek()) this.connection.send({ type: "status", state: this.idle.away.peek() ? "away" : "online" });
  }

  #openOutbox(): void {
    const user = this.user.peek();
    if (user) this.outbox.open(user.id);
  }

  #watchPage(): void {
    document.addEventListener("visibilitychange", () => {
      this.#room?.show(isVisible());
      if (isVisible()) this.connection.connect();
    });
    addEventListener("online", () => this.connection.connect());
    addEventListener("offline", () => this.connection.goOffline());
    addEventListener("pagehide", () => {
      this.#room?.pendingDeletes.flush();
      this.connection.close();
    });
    // A page that comes back from the browser's cache has no socket any more.
    addEventListener("pageshow", ({ persisted }) => persisted && this.connection.connect());
  }
}

let shared: PageStore | undefined;

/** The page's store; a new one on the server, where many pages are drawn side by side. */
export function pageStore(context: PageContext): PageStore {
  return IS_BROWSER ? shared ??= new PageStore(context) : new PageStore(context);
}

/** Goes to the page to sign in, which leads back here. */
function goToSignIn(): void {
  location.assign(signInAddress(location.pathname + location.search));
}

/** The device's time zone. It is kept in a cookie, so that the server draws the next page in it. */
function rememberTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  document.cookie = `tz=${timeZone}; path=/; max-age=31536000; samesite=lax`;
  return timeZone;
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}

/** The page's store, which connects once the first island is there. */
export function usePage(context: PageContext): PageStore {
  const [page] = useState(() => pageStore(context));
  useEffect(() => page.start(), []);
  return page;
}

/** The page's store and its room. */
export function useRoom(context: PageContext, snapshot: RoomSnapshot): { page: PageStore; room: RoomStore } {
  const page = usePage(context);
  const [room] = useState(() => page.room(snapshot));
  return { page, room };
}
