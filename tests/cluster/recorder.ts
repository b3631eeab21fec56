/**
 * A client of protocol 1 that goes on whatever happens to its connections, and writes down what it sends and is told: it
 * comes back where it was, to whichever door is open, and sends again, with the same nonce, what was not acknowledged.
 * @module
 */
import { splitMessageId } from "@/lib/model/message.ts";
import type { Happened, Told } from "@/tests/cluster/history.ts";
import { Line, type Place, type Resident, type Surroundings } from "@/tests/cluster/reconnecting_socket.ts";

/** Omits what every happening has from each kind of it. */
type Happening = Happened extends infer One ? One extends Happened ? Omit<One, "client" | "room"> : never : never;

interface Message {
  readonly id: number;
  readonly content: string;
}

const WINDOW = 4;
/** What a client may be told while stores and servers come and go. */
const PASSING = new Set(["store_unavailable", "rate_limited", "message_not_found"]);

/** Somebody in a room who writes everything down. */
export class Recorder implements Resident {
  /** The `seq` up to which it has everything; undefined before it first came. */
  position: number | undefined;
  /** How often it has come. */
  arrivals = 0;
  readonly name: string;
  readonly room: number;
  readonly #around: Surroundings;
  readonly #waiting = new Map<string, string>();
  readonly #sentAgain = new Set<string>();
  readonly #own: Message[] = [];
  readonly #line: Line;
  #changing: Message | undefined;
  #epoch: string | undefined;
  #token: string | undefined;
  #said = 0;

  /** Nobody comes before {@link come}. */
  constructor(name: string, room: number, around: Surroundings) {
    this.name = name;
    this.room = room;
    this.#around = around;
    this.#line = new Line(around, `/ws/chat/${room}`, {
      onOpen: () => {
        const { position: after } = this;
        this.#line.send({ username: name, guest_token: this.#token, after, epoch: this.#epoch });
      },
      onFrame: (text) => this.#take(JSON.parse(text)),
    });
  }

  /** The one room. */
  get places(): readonly Place[] {
    return [this];
  }

  /** Whether it is in the room, and nothing that it has sent is open. */
  get isDone(): boolean {
    return this.#line.isIn && this.#waiting.size === 0;
  }

  /** Comes, and comes back until it leaves. */
  come(): void {
    this.#line.come();
  }

  /** Says something new, unless too much is on the way. */
  say(): void {
    if (this.#waiting.size >= WINDOW) return;
    const nonce = `${this.name}:${++this.#said}`, content = `${this.name} says ${this.#said}`;
    this.#waiting.set(nonce, content);
    this.#happened({ type: "sent", nonce, content });
    this.#post(nonce, content);
  }

  /** Changes, deletes or reacts to one of its messages. */
  meddle(): void {
    if (!this.#line.isIn || this.#changing || this.#own.length === 0) return;
    const { random } = this.#around,
      index = Math.floor(random() * this.#own.length),
      { id, content } = this.#own[index]!;
    const chosen = random();
    if (chosen < 0.3) return this.#line.send({ type: "react", id, emoji: "👍", on: random() < 0.5 });
    if (chosen < 0.5) {
      // Whether that comes to pass or not, it is left alone from now on.
      this.#own.splice(index, 1);
      return this.#line.send({ type: "delete", id });
    }
    this.#changing = { id, content: `${content.split(",")[0]}, or rather ${++this.#said}` };
    this.#line.send({ type: "edit", ...this.#changing });
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

  #take(frame: Record<string, unknown>): void {
    const { type, seq } = frame;
    if (type === "connected") return this.#arrive(frame);
    if (type === "reset") {
      this.position = Number(seq);
      this.#epoch = String(frame.epoch);
      this.#happened({ type: "reset", seq: this.position });
    } else if (type === "error") this.#refused(frame);
    else if (typeof seq === "number" && typeof frame.room_id === "number" && type !== "read") this.#read(seq, frame);
  }

  #arrive(frame: Record<string, unknown>): void {
    this.arrivals++;
    this.#line.isIn = true;
    this.#epoch = String(frame.epoch);
    if (typeof frame.guest_token === "string") this.#token = frame.guest_token;
    if (this.position === undefined) {
      this.position = Number(frame.seq);
      this.#happened({ type: "joined", seq: this.position });
    } else this.#happened({ type: "resumed", after: this.position });
    this.#changing = undefined;
    for (const [nonce, content] of this.#waiting) this.#sendAgain(nonce, content);
  }

  #refused({ code, content, nonce }: Record<string, unknown>): void {
    if (!PASSING.has(String(code))) this.#around.fault(`${this.name} is told “${content}” (${code}).`);
    if (nonce === undefined) this.#changing = undefined;
    else if (typeof nonce === "string") {
      setTimeout(() => {
        const waiting = this.#waiting.get(nonce);
        if (waiting !== undefined && this.#line.isIn) this.#sendAgain(nonce, waiting);
      }, 100);
    }
  }

  #read(seq: number, frame: Record<string, unknown>): void {
    const { nonce } = frame, own = typeof nonce === "string" ? nonce : undefined;
    if (own !== undefined) this.#acknowledged(own, seq, frame);
    // What was sent again is answered with the message that it made the first time, which has come by then.
    if (own !== undefined && this.#sentAgain.has(own) && seq <= this.position!) return;
    this.position = seq;
    const entry = told(seq, frame);
    this.#happened({ type: "saw", entry });
    if (entry.by === this.name) this.#changed(entry);
  }

  #acknowledged(nonce: string, seq: number, frame: Record<string, unknown>): void {
    const content = this.#waiting.get(nonce);
    this.#happened({ type: "acknowledged", nonce, id: Number(frame.id), seq });
    if (content === undefined) return;
    this.#waiting.delete(nonce);
    this.#own.push({ id: Number(frame.id), content });
  }

  #changed({ kind, id, seq, content }: Told): void {
    if (id === undefined) return;
    // A message that is gone already stands as a deletion, too, at its own place and at that of each edit.
    if (kind === "edit" && id === this.#changing?.id && content === this.#changing.content) {
      this.#happened({ type: "edited", id, seq, content });
      const index = this.#own.findIndex((message) => message.id === id);
      if (index >= 0) this.#own[index] = this.#changing;
      this.#changing = undefined;
    }
  }

  #sendAgain(nonce: string, content: string): void {
    this.#sentAgain.add(nonce);
    this.#happened({ type: "sent", nonce, content });
    this.#post(nonce, content);
  }

  #post(nonce: string, content: string): void {
    if (!this.#line.isIn) return void this.#sentAgain.add(nonce);
    this.#line.send({ type: "message", content, nonce });
  }

  #happened(happening: Happening): void {
    this.#around.note({ client: this.name, room: this.room, ...happening });
  }
}

/** An entry as a frame of protocol 1 tells it. */
function told(seq: number, { type, id, username, content, nonce }: Record<string, unknown>): Told {
  const kind = type === "message" ? "post" : type === "edited" ? "edit" : type === "deleted" ? "delete" : "other";
  return {
    seq,
    kind,
    ...(typeof id === "number" && splitMessageId(id) ? { id } : {}),
    ...(typeof username === "string" ? { by: username } : {}),
    ...(typeof content === "string" && kind !== "delete" ? { content } : {}),
    ...(typeof nonce === "string" ? { nonce } : {}),
  };
}
