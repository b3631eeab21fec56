/**
 * A client of protocol 5, as the web app is one: a socket for several rooms, each of which it resumes where it was after
 * a cut. It sends again, with the same nonce, what had no answer, and writes down what it sends and is told.
 * @module
 */
import { type Entry } from "@/lib/model/entry.ts";
import { splitMessageId } from "@/lib/model/message.ts";
import { type ClientFrame, parseServerFrame, type ServerFrame } from "@/lib/protocols/app/frames.ts";
import type { Account } from "@/tests/cluster/account.ts";
import { toldOf } from "@/tests/cluster/left.ts";
import { Line, type Place, type Resident, type Surroundings } from "@/tests/cluster/reconnecting_socket.ts";

/** A room that it looks at. */
interface Followed extends Place {
  position: number | undefined;
  epoch: string | undefined;
  /** Whether the server has said, on this connection, that it is in. */
  isIn: boolean;
}

/** A request without which nothing is lost: it is not made again. */
type Wish =
  & { readonly id: number }
  & ({ readonly type: "edit"; readonly content: string } | {
    readonly type: "delete" | "react";
  });

/** A post that has no answer yet. */
interface Waiting {
  readonly place: Followed;
  readonly content: string;
}

type Ok = Extract<ServerFrame, { type: "ok" }>;
type Refusal = Extract<ServerFrame, { type: "error" }>;
type Events = Extract<ServerFrame, { type: "events" }>;

const WINDOW = 6;
const AGAIN_MS = 100;
/** What a client may be told while stores and servers come and go, and while it does not read. */
const PASSING = new Set(["store_unavailable", "rate_limited", "message_not_found", "going_away", "too_slow"]);

/** Somebody with an account who has the web app open, and writes everything down. */
export class Page implements Resident {
  /** How often it has come. */
  arrivals = 0;
  readonly name: string;
  readonly places: readonly Followed[];
  readonly #around: Surroundings;
  readonly #line: Line;
  /** The requests of this connection that have no answer yet. */
  readonly #open = new Set<string>();
  readonly #subscribing = new Map<string, Followed>();
  readonly #wishes = new Map<string, Wish>();
  readonly #waiting = new Map<string, Waiting>();
  /** What its messages said at first, by id. */
  readonly #own = new Map<number, string>();
  #said = 0;

  /** Nobody comes before {@link come}. */
  constructor({ name, cookie }: Account, rooms: readonly number[], around: Surroundings) {
    this.name = name;
    this.places = rooms.map((room) => ({ room, position: undefined, epoch: undefined, isIn: false }));
    this.#around = around;
    this.#line = new Line(around, "/ws", { onFrame: (text) => this.#take(parseServerFrame(text)) }, { cookie });
  }

  /** Whether it is in all its rooms, and every request has its answer. */
  get isDone(): boolean {
    return this.#line.isIn && this.places.every(({ isIn }) => isIn) && this.#waiting.size + this.#open.size === 0;
  }

  /** Comes, and comes back until it leaves. */
  come(): void {
    this.#line.come();
  }

  /** Says something new in one of its rooms, unless too much is on the way. */
  say(): void {
    if (this.#waiting.size >= WINDOW) return;
    const place = this.#oneOf(this.places)!, nonce = this.#newNonce(), content = `${this.name} says ${this.#said}`;
    this.#waiting.set(nonce, { place, content });
    this.#post(nonce, { place, content });
  }

  /** Changes, deletes or reacts to one of its messages. */
  meddle(): void {
    const [id, content] = this.#oneOf([...this.#own]) ?? [],
      room = id === undefined ? undefined : splitMessageId(id)?.room;
    if (id === undefined || room === undefined || !this.#isIn(this.#placeOf(room))) return;
    const chosen = this.#around.random(), nonce = this.#newNonce();
    if (chosen < 0.3) {
      this.#wishes.set(nonce, { type: "react", id });
      return this.#ask({ type: "react", room, id, emoji: "👍", on: chosen < 0.15, nonce });
    }
    if (chosen < 0.5) {
      // Whether that comes to pass or not, it is left alone from now on.
      this.#own.delete(id);
      this.#wishes.set(nonce, { type: "delete", id });
      return this.#ask({ type: "delete", room, id, nonce });
    }
    const edited = `${content}, or rather ${this.#said}`;
    this.#wishes.set(nonce, { type: "edit", id, content: edited });
    this.#ask({ type: "edit", room, id, content: edited, nonce });
  }

  /** Drops its connection, and comes back. */
  stumble(): void {
    this.#line.stumble();
  }

  /** Goes for good, with a goodbye. Resolves once the server has answered, or is not there. */
  async leave(): Promise<void> {
    await this.#line.leave(this.name);
  }

  /** Goes at once, and says nothing. */
  vanish(): void {
    this.#line.vanish();
  }

  #take(frame: ServerFrame | undefined): void {
    switch (frame?.type) {
      case "hello":
        return this.#arrive(frame);
      case "events":
        return this.#read(frame);
      case "reset":
        return this.#begin(this.#placeOf(frame.room), frame.head, "reset");
      case "ok":
        return this.#done(frame);
      case "error":
        return this.#refused(frame);
    }
  }

  #arrive({ user, rooms }: Extract<ServerFrame, { type: "hello" }>): void {
    if (user?.name !== this.name) this.#around.fault(`${this.name} is taken for ${user?.name ?? "nobody"}.`);
    this.arrivals++;
    this.#line.isIn = true;
    this.#open.clear();
    this.#subscribing.clear();
    this.#wishes.clear();
    for (const place of this.places) {
      place.isIn = false;
      const summary = rooms.find(({ room }) => room.id === place.room);
      if (!summary) this.#around.fault(`${this.name} is not told of room ${place.room}.`);
      else if (place.position === undefined) this.#begin(place, summary.head, "joined");
      this.#subscribe(place);
    }
  }

  #begin(place: Followed | undefined, { seq, epoch }: { seq: number; epoch: string }, type: "joined" | "reset"): void {
    if (!place) return;
    place.position = seq;
    place.epoch = epoch;
    this.#around.note({ client: this.name, room: place.room, type, seq });
  }

  #subscribe(place: Followed): void {
    const { room, position, epoch } = place;
    if (position === undefined || epoch === undefined) return;
    const nonce = this.#newNonce();
    this.#around.note({ client: this.name, room, type: "resumed", after: position });
    this.#subscribing.set(nonce, place);
    this.#ask({ type: "subscribe", room, after: position, epoch, nonce });
  }

  #read({ room, from, entries }: Events): void {
    const place = this.#placeOf(room);
    if (!place) return this.#around.fault(`${this.name} is told what happens in room ${room}, and is not there.`);
    if (entries[0]?.seq !== from) this.#around.fault(`${this.name} has entries from ${from} that begin elsewhere.`);
    for (const entry of entries) this.#saw(place, entry);
  }

  #saw(place: Followed, entry: Entry): void {
    place.position = entry.seq;
    this.#around.note({ client: this.name, room: place.room, type: "saw", entry: toldOf(place.room, entry) });
  }

  #done({ nonce, id, seq }: Ok): void {
    if (!this.#open.delete(nonce)) this.#around.fault(`${this.name} has an answer to ${nonce}, which has had its own.`);
    const followed = this.#subscribing.get(nonce), waiting = this.#waiting.get(nonce), wish = this.#wishes.get(nonce);
    this.#subscribing.delete(nonce);
    this.#waiting.delete(nonce);
    this.#wishes.delete(nonce);
    if (followed) this.#enter(followed);
    if (waiting) {
      const { place: { room }, content } = waiting;
      this.#around.note({ client: this.name, room, type: "acknowledged", nonce, id: id ?? 0, seq: seq ?? 0 });
      if (id !== undefined) this.#own.set(id, content);
    }
    if (wish && seq !== undefined) this.#changed(wish, seq);
  }

  #changed(wish: Wish, seq: number): void {
    const { id } = wish, told = { client: this.name, room: splitMessageId(id)?.room ?? 0, id, seq };
    if (wish.type === "edit") this.#around.note({ ...told, type: "edited", content: wish.content });
    if (wish.type === "delete") this.#around.note({ ...told, type: "deleted" });
  }

  #enter(place: Followed): void {
    place.isIn = true;
    for (const [nonce, waiting] of this.#waiting) {
      if (waiting.place === place) this.#post(nonce, waiting);
    }
  }

  #refused({ nonce, code, detail }: Refusal): void {
    if (!PASSING.has(code)) this.#around.fault(`${this.name} is told “${detail}” (${code}).`);
    if (nonce === undefined) return;
    if (!this.#open.delete(nonce)) this.#around.fault(`${this.name} is refused ${nonce}, which has had its answer.`);
    this.#wishes.delete(nonce);
    const { arrivals } = this, followed = this.#subscribing.get(nonce), waiting = this.#waiting.get(nonce);
    this.#subscribing.delete(nonce);
    setTimeout(() => {
      // On another connection it has been asked again already.
      if (arrivals !== this.arrivals || !this.#line.isIn) return;
      if (followed) this.#subscribe(followed);
      else if (waiting) this.#post(nonce, waiting);
    }, AGAIN_MS);
  }

  #post(nonce: string, { place, content }: Waiting): void {
    const { room } = place;
    this.#around.note({ client: this.name, room, type: "sent", nonce, content });
    if (this.#isIn(place)) this.#ask({ type: "post", room, content, nonce });
  }

  #ask(frame: ClientFrame & { readonly nonce: string }): void {
    this.#open.add(frame.nonce);
    this.#line.send(frame);
  }

  #isIn(place: Followed | undefined): boolean {
    return this.#line.isIn && place?.isIn === true;
  }

  #placeOf(room: number): Followed | undefined {
    return this.places.find((place) => place.room === room);
  }

  #oneOf<T>(several: readonly T[]): T | undefined {
    return several[Math.floor(this.#around.random() * several.length)];
  }

  #newNonce(): string {
    return `${this.name}:${++this.#said}`;
  }
}
