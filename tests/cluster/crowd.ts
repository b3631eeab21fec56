/**
 * Crowds: thousands of clients of protocol 1 that keep nothing but what a test counts.
 * @module
 */
import { LARGE_ROOM } from "@/lib/live/room_presence.ts";
import { memoryOf } from "@/tests/bench/cost.ts";
import { ask, within } from "@/tests/limits.ts";
import { type Running, startServer } from "@/tests/process.ts";

/** How much longer than usual messages may take while a client misbehaves; less than FLOOR_MS is fine. */
const WORSE = 3;
const FLOOR_MS = 150;
/** With all tries no more than the rate limit of one person. */
const MESSAGES = 10;
const TRIES = 3;
/** How much a server may grow, in megabytes: under a few clients, and for each of a crowd. */
const GROWTH = 256;
const GROWTH_EACH = 0.1;
/** Files that this process and the server open beside sockets. */
const OTHER_FILES = 64;
const FEWEST = 200;
/** Requests under way at once. */
const LANES = 32;

/** What the server sends, as far as a test looks at it. */
interface Frame {
  readonly type: string;
  readonly content?: string;
  /** How many people a list names. */
  readonly count?: number;
  readonly items?: readonly Frame[];
}

/** The position of a client that comes back. */
interface Position {
  readonly after?: string;
}

/** A frame that has to come. */
interface Awaited {
  readonly matches: (frame: Frame) => boolean;
  readonly what: string;
  readonly came: PromiseWithResolvers<void>;
}

let lastText = "", lastFrame: Frame;

/** A frame that a whole crowd gets is parsed once. */
function parsed(text: string): Frame {
  if (text !== lastText) [lastText, lastFrame] = [text, JSON.parse(text)];
  return lastFrame;
}

/** A client in one room. */
export class Member {
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<number>();
  readonly #awaited = new Set<Awaited>();
  readonly #name: string;
  #failure = "";
  /** How often each type of frame has join, and "list of a large room". */
  readonly counts = new Map<string, number>();
  /** Resolves once it is in the room. */
  readonly ready: Promise<void>;

  /**
   * Joins a room. It names itself in the address: a first frame has to come within ten seconds, which is too soon for
   * thousands on a machine that is busy with other things.
   */
  constructor(url: string, room: number, name: string, position: Position = {}) {
    const hello = new URLSearchParams({ username: name, batch: "true", ...position });
    this.#name = name;
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/ws/chat/${room}?${hello}`);
    this.#socket.onmessage = ({ data }) => this.#take(parsed(data));
    this.#socket.onerror = (event) => this.#failure = event instanceof ErrorEvent ? event.message : event.type;
    this.#socket.onclose = ({ code, reason }) => this.#end(`${code} ${reason || this.#failure}`, code);
    this.ready = this.awaits("a first list of who is there", ({ type }) => type === "users_list");
    // Not every test awaits it.
    this.ready.catch(() => undefined);
  }

  #take(frame: Frame): void {
    if (frame.type === "batch") { for (const item of frame.items ?? []) this.#take(item); }
    const type = (frame.count ?? 0) > LARGE_ROOM ? "list of a large room" : frame.type;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    for (const awaited of this.#awaited) {
      if (!awaited.matches(frame)) continue;
      this.#awaited.delete(awaited);
      awaited.came.resolve();
    }
  }

  #end(why: string, code: number): void {
    this.#closed.resolve(code);
    for (const { what, came } of this.#awaited) {
      came.reject(new Error(`${this.#name} was closed (${why}) before there was ${what}.`));
    }
  }

  /** Resolves with the code with which the socket is closed. */
  get closed(): Promise<number> {
    return within(`${this.#name}'s socket to close`, this.#closed.promise);
  }

  /** Resolves once such a frame has come. */
  awaits(what: string, matches: (frame: Frame) => boolean): Promise<void> {
    const came = Promise.withResolvers<void>();
    this.#awaited.add({ matches, what, came });
    return within(`${what}, for ${this.#name}`, came.promise);
  }

  /** Resolves once a message with this content has come. */
  receives(content: string): Promise<void> {
    return this.awaits(`"${content}"`, (frame) => frame.content === content);
  }

  /** Resolves once a list counts this many people. */
  seesCount(count: number): Promise<void> {
    return this.awaits(`a list of ${count} people`, (frame) => frame.count === count);
  }

  /** Posts a message. */
  post(content: string): void {
    this.#socket.send(JSON.stringify({ type: "message", content }));
  }

  /** Closes. Resolves once the socket is closed. */
  async leave(): Promise<void> {
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(1000);
    await this.closed;
  }
}

/** Lets `count` clients join a room together. */
export function crowd(url: string, room: number, count: number, position?: Position): Member[] {
  return Array.from({ length: count }, (_, index) => new Member(url, room, `m${index}`, position));
}

/** Lets people of these names join room 1. Resolves once they are there. */
export async function join(url: string, ...names: readonly string[]): Promise<Member[]> {
  const members = names.map((name) => new Member(url, 1, name));
  await allReady(members);
  return members;
}

/** Resolves once all are in their rooms. */
export async function allReady(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ ready }) => ready));
}

/** Lets all leave. */
export async function allLeave(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map((member) => member.leave()));
}

/** Posts a message, and resolves once all have it. */
export async function broadcast(from: Member, members: readonly Member[], content: string): Promise<void> {
  const received = members.map((member) => member.receives(content));
  from.post(content);
  await Promise.all(received);
}

/** Makes rooms and returns their ids. */
export async function makeRooms(url: string, count: number): Promise<number[]> {
  const rooms: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const body = JSON.stringify({ name: `room ${next++}` });
      const response = await ask(`${url}/api/chat/rooms`, { method: "POST", body });
      rooms.push((await response.json()).id);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return rooms;
}

/** As many sockets as a test wants, or as this process and the server may open: then a line says so. */
export async function socketsAllowed(wanted: number): Promise<number> {
  const limits = await Deno.readTextFile("/proc/self/limits");
  const [, most] = /Max open files\s+\S+\s+(\S+)/.exec(limits) ?? [];
  const open = Array.from(Deno.readDirSync("/proc/self/fd")).length;
  const fit = most === "unlimited" ? Infinity : Math.max(FEWEST, Number(most) - open - OTHER_FILES);
  if (fit >= wanted) return wanted;
  console.log(`With ${fit} sockets, not ${wanted}: a process may open no more than ${most} files here.`);
  return fit;
}

/** The 99th percentile of how long messages take from one to the other, in milliseconds. */
export async function p99(from: Member, to: Member): Promise<number> {
  const delays: number[] = [];
  for (let index = 0; index < MESSAGES; index++) {
    const begun = performance.now();
    await broadcast(from, [to], crypto.randomUUID());
    delays.push(performance.now() - begun);
  }
  return delays.sort((a, b) => a - b)[Math.ceil(MESSAGES * 0.99) - 1]!;
}

/** Throws if messages take much longer than usual, each time: the machine may do something else once. */
export async function assertHardlyNoticed(usual: number, from: Member, to: Member): Promise<void> {
  const most = Math.max(WORSE * usual, FLOOR_MS), times: string[] = [];
  while (times.length < TRIES) {
    const under = await p99(from, to);
    if (under <= most) return;
    times.push(under.toFixed(1));
  }
  throw new Error(`A message took ${times.join(", ")} ms, and ${usual.toFixed(1)} before.`);
}

/** Throws if a server has grown, from `before` megabytes, by more than a crowd of this size may cost. */
export async function assertBounded(pid: number, before: number, members = 0): Promise<void> {
  const grown = await memoryOf(pid) - before, most = Math.max(GROWTH, members * GROWTH_EACH);
  if (grown > most) throw new Error(`The server grew by ${grown.toFixed(0)} MB, and may by ${most.toFixed(0)}.`);
}

/** Runs a server of one isolate until `act` resolves. */
export async function withServer(env: Record<string, string>, act: (server: Running) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using server = await startServer(folder, { WORKERS: "1", ...env });
    await act(server);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
