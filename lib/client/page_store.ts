/**
 * What all islands of a page share. Islands are separate roots, and this is where they meet: one socket, one outbox, one
 * state of the room. On the server each island gets an inert one of its own.
 * @module
 */
import { IS_BROWSER } from "fresh/runtime";
import { effect, signal } from "@preact/signals";
import type { Person, Present } from "@/lib/model/person.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { Connection } from "@/lib/client/connection.ts";
import { signInAddress } from "@/lib/ui/addresses.ts";
import { Drafts } from "@/lib/client/drafts.ts";
import { loadPage } from "@/lib/client/history.ts";
import { Idle } from "@/lib/client/idle.ts";
import { type KeyValueStorage, Outbox } from "@/lib/client/outbox.ts";
import { RoomList } from "@/lib/client/room_list.ts";
import { postMessage } from "@/lib/client/rest.ts";
import { RoomState } from "@/lib/client/room.ts";
import { watchKeyboard } from "@/lib/client/viewport.ts";
import type { MessageWindow } from "@/lib/client/message_window.ts";

/** What the server knew about the visit when it drew the page; every island is given it. */
export interface PageContext {
  /** Who reads; null is somebody without a name. */
  readonly user: Person | null;
  /** Time zone in which times are drawn. */
  readonly zone: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether the reader may make rooms, and delete those that nobody with an account owns. */
  readonly managesRooms: boolean;
  /** The pictures of those people in the page who have one: the file's id by the person's. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** A room as the server drew it. Each island has the parts that it draws. */
export interface RoomSeed {
  readonly room: Room;
  readonly head: Head;
  readonly window?: MessageWindow;
  readonly people?: readonly Present[];
}

/** Close code for somebody whose session has ended. */
const SESSION_ENDED = 4401;

/** What all islands of a page share. */
export class PageStore {
  /** Who the server takes this page for. */
  readonly user = signal<Person | null>(null);
  /** Time zone in which times are drawn: the server's guess first, then the device's. */
  readonly zone = signal("UTC");
  /** Milliseconds since 1970, kept to the minute. */
  readonly now = signal(0);
  /** See {@link PageContext.managesRooms}. */
  managesRooms = false;
  /** See {@link PageContext.pictures}. */
  pictures: PageContext["pictures"] = {};
  /** A name is wanted: somebody without one tried to write. */
  readonly joining = signal(false);
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly list = new RoomList();
  readonly idle = new Idle();
  #room: RoomState | undefined;
  #visited = false;
  #started = false;

  /** An inert one: it does nothing before {@link PageStore.start}. */
  constructor() {
    const shelf = IS_BROWSER ? localShelf() : undefined;
    this.connection = new Connection(() => new WebSocket(address()));
    // The socket takes posts to the rooms it follows; what was left for another room goes over REST.
    this.outbox = new Outbox(
      shelf,
      ({ room, content, nonce }) =>
        room === this.#room?.id
          ? this.connection.request({ type: "post", room, content, nonce })
          : postMessage(room, content, nonce),
    );
    this.drafts = new Drafts(shelf);
  }

  /** Takes over what the server knew; the first island's word counts. */
  adopt({ user, zone, now, managesRooms, pictures }: PageContext): void {
    if (this.#visited) return;
    this.#visited = true;
    this.user.value = user;
    this.zone.value = zone;
    this.now.value = now;
    this.managesRooms = managesRooms;
    this.pictures = pictures;
  }

  /** The state of the page's room, with the parts that an island was given. */
  room({ room, head, window, people }: RoomSeed): RoomState {
    const state = this.#room ??= this.#roomState(room, head);
    state.onFollow = () => {
      this.#send();
      if (this.idle.away.peek()) this.#tellStatus();
    };
    state.me = this.user.peek();
    if (window && state.window.peek().posts.length === 0) state.window.value = window;
    if (people && state.people.peek().length === 0) state.people.value = people;
    return state;
  }

  #roomState(room: Room, head: Head): RoomState {
    const state = new RoomState(room, head, { connection: this.connection, outbox: this.outbox, load: loadPage });
    if (IS_BROWSER) state.show(document.visibilityState === "visible");
    return state;
  }

  /** Connects, in the browser, once. */
  start(): void {
    if (this.#started || !IS_BROWSER) return;
    this.#started = true;
    this.zone.value = rememberedZone();
    this.now.value = Date.now();
    setInterval(() => this.now.value = Date.now(), 60_000);
    this.outbox.restore();
    this.connection.listen((frame) => {
      if (frame.type === "hello") this.#greeted(frame.user);
      if (this.#room) this.#room.me = this.user.peek();
      this.list.receive(frame);
      this.#room?.receive(frame);
      // The server takes posts to a room from those who follow it, so with a room they wait for that.
      if (frame.type === "hello" && !this.#room) this.#send();
    });
    effect(() => {
      const phase = this.connection.phase.value;
      if (phase.name !== "live") this.outbox.close();
      if (phase.name === "refused" && phase.code === SESSION_ENDED) leave();
    });
    this.idle.away.subscribe(() => this.#tellStatus());
    this.idle.watch();
    this.#watchNetwork();
    watchKeyboard();
    this.connection.connect();
  }

  /** The server has said who it takes this page for; one that was drawn for an account may not go on as somebody else. */
  #greeted(user: Person | null): void {
    const before = this.user.peek();
    if (before && !before.guest && before.id !== user?.id) return leave();
    this.user.value = user;
  }

  #tellStatus(): void {
    if (this.user.peek()) this.connection.send({ type: "status", state: this.idle.away.peek() ? "away" : "online" });
  }

  #send(): void {
    const user = this.user.peek();
    if (user) this.outbox.open(user.id);
  }

  #watchNetwork(): void {
    addEventListener("online", () => this.connection.connect());
    addEventListener("offline", () => this.connection.goOffline());
    document.addEventListener("visibilitychange", () => {
      const visible = document.visibilityState === "visible";
      this.#room?.show(visible);
      if (visible) this.connection.connect();
    });
    addEventListener("pagehide", () => {
      this.#room?.pendingDeletes.flush();
      this.connection.close();
    });
    // A page that comes back from the browser's cache has no socket any more.
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.connection.connect();
    });
  }
}

let shared: PageStore | undefined;

/** The page's own; a new one on the server, where many pages are drawn side by side. */
export function pageStore(visit: PageContext): PageStore {
  const page = IS_BROWSER ? shared ??= new PageStore() : new PageStore();
  page.adopt(visit);
  return page;
}

/** The page goes to where one signs in, and comes back after that. */
function leave(): void {
  location.assign(signInAddress(location.pathname + location.search));
}

function address(): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws`;
}

/** `localStorage`, or undefined where the browser forbids it. */
function localShelf(): KeyValueStorage | undefined {
  let shelf: KeyValueStorage | undefined;
  try {
    shelf = localStorage;
  } catch {
    // Then what is written lives as long as the page.
  }
  return shelf;
}

/** The device's time zone, kept in a cookie so that the server draws the next page in it. */
function rememberedZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  document.cookie = `tz=${timeZone}; path=/; max-age=31536000; samesite=lax`;
  return timeZone;
}
