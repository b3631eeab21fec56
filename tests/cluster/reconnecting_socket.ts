/**
 * A socket that comes back: to whichever door is open, and away from one where nothing comes any more.
 * @module
 */
import type { Happened } from "@/tests/cluster/history.ts";
import { sentence, within } from "@/tests/limits.ts";

/** Where a client lives. */
export interface Surroundings {
  readonly random: () => number;
  /** An address to connect to, such as `http://127.0.0.1:8000`; another one each time, perhaps. */
  readonly door: () => string;
  /** Takes what happened. */
  readonly note: (happened: Happened) => void;
  /** Takes, in a sentence, what must never happen and no history tells. */
  readonly fault: (sentence: string) => void;
}

/** A room in which a client is, and up to where it has everything there; undefined before it first came. */
export interface Place {
  readonly room: number;
  readonly position: number | undefined;
}

/** Somebody who always comes back where they were, and sends again what was not acknowledged. */
export interface Resident {
  readonly name: string;
  readonly places: readonly Place[];
  /** How often they have come. */
  readonly arrivals: number;
  /** Whether they are in all their rooms, and nothing that they have sent is open. */
  readonly isDone: boolean;
  /** Comes, and comes back until it leaves. */
  come(): void;
  /** Says something new, unless too much is on the way. */
  say(): void;
  /** Changes, deletes or reacts to one of its messages. */
  meddle(): void;
  /** Drops its connection, and comes back. */
  stumble(): void;
  /** Goes for good, with a goodbye. Resolves once the server has answered, or is not there. */
  leave(): Promise<void>;
  /** Goes at once, and says nothing. */
  vanish(): void;
}

/** What happens on a line. */
export interface LineEvents {
  readonly onOpen?: () => void;
  readonly onFrame: (text: string) => void;
}

const LOOK_MS = 400;
/** So long without a word, and a client asks; twice as long, and it goes elsewhere. */
const QUIET_MS = 1_200;
/** A server that runs answers a goodbye within this. */
export const GOODBYE_MS = 20_000;

/** The connection of somebody who comes back. */
export class Line {
  /** Whether the server has let the client in: the client says so, and only then asks whether anybody is there. */
  isIn = false;
  readonly #around: Surroundings;
  readonly #path: string;
  readonly #headers: Record<string, string>;
  readonly #events: LineEvents;
  #socket: WebSocket | undefined;
  #heardAt = 0;
  #watch: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** Nothing is tried before {@link come}. */
  constructor(around: Surroundings, path: string, events: LineEvents, headers: Record<string, string> = {}) {
    this.#around = around;
    this.#path = path;
    this.#headers = headers;
    this.#events = events;
  }

  /** Connects, and connects again until {@link leave}. */
  come(): void {
    this.#watch ??= setInterval(() => this.#look(), LOOK_MS);
    this.#connect();
  }

  /** Sends a frame; it is lost where there is no connection. */
  send(frame: Record<string, unknown>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Drops the connection, and comes back. */
  stumble(): void {
    const socket = this.#drop();
    if (socket && socket.readyState !== WebSocket.CLOSED) socket.close();
    this.#again();
  }

  /** Goes for good, with a goodbye. Resolves once the server has answered, or is not there. */
  async leave(who: string): Promise<void> {
    const socket = this.#end();
    if (socket) await sayGoodbye(socket, who, this.#around.fault);
  }

  /** Goes at once. */
  vanish(): void {
    const socket = this.#end();
    if (socket && socket.readyState !== WebSocket.CLOSED) socket.close();
  }

  #connect(): void {
    this.#heardAt = performance.now();
    const socket = this.#socket = openSocket(this.#around.door() + this.#path, this.#headers);
    socket.onopen = () => {
      if (socket === this.#socket) this.#events.onOpen?.();
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardAt = performance.now();
      takeText(data, this.#events.onFrame, this.#around.fault);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#drop();
      this.#again();
    };
  }

  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), 50 + this.#around.random() * 250);
  }

  /** A connection on which nothing comes any more is left behind: nobody may ever tell that it is dead. */
  #look(): void {
    if (!this.#socket) return;
    const quiet = performance.now() - this.#heardAt;
    if (quiet > 2 * QUIET_MS) this.stumble();
    else if (quiet > QUIET_MS && this.isIn) this.send({ type: "ping" });
  }

  #drop(): WebSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.isIn = false;
    return socket;
  }

  #end(): WebSocket | undefined {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    return this.#drop();
  }
}

/** Takes what a server has said. That nobody can read it is told as a fault. */
export function takeText(text: string, take: (text: string) => void, fault: (sentence: string) => void): void {
  try {
    take(text);
  } catch (error) {
    fault(`Nobody can read “${text}”: ${sentence(error)}`);
  }
}

/** Closes a socket, and waits until the server has answered. That it does not is told as a fault. */
export async function sayGoodbye(socket: WebSocket, who: string, fault: (sentence: string) => void): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  socket.close(1000);
  try {
    await within(`an answer to the goodbye of ${who}`, closed, GOODBYE_MS);
  } catch (error) {
    fault(sentence(error));
  }
}

/** Deno's own socket takes headers, of which the types of a browser's know nothing. */
function openSocket(url: string, headers: Record<string, string>): WebSocket {
  return Reflect.construct(WebSocket, [url.replace("http", "ws"), { headers }]);
}
