import { assert, assertEquals } from "@std/assert";
import { CROWD } from "@/lib/live/company.ts";
import { startServer } from "@/tests/process.ts";

const MEMBERS = 1_000;
const ROOMS = 300;
const HISTORY = 50;
/** Of what is usual the others may see so much more while somebody misbehaves; less than FLOOR_MS is nothing. */
const WORSE = 3;
const FLOOR_MS = 150;
/** A server that thousands lean on may grow by so much, in bytes. */
const GROWTH = 256 * 2 ** 20;

interface Frame {
  readonly type: string;
  readonly content?: string;
  /** How many people a list names. */
  readonly count?: number;
  readonly items?: readonly Frame[];
}

/** A client that keeps nothing but what a test counts. */
class Member {
  readonly #socket: WebSocket;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<number>();
  readonly counts = new Map<string, number>();
  onFrame: (frame: Frame) => void = () => undefined;

  constructor(url: string, room: string | number, hello: Record<string, unknown>) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/ws/chat/${room}`);
    this.#socket.onopen = () => this.#socket.send(JSON.stringify({ batch: true, ...hello }));
    this.#socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.#socket.onclose = ({ code }) => this.#closed.resolve(code);
  }

  #take(frame: Frame): void {
    if (frame.type === "batch") { for (const item of frame.items ?? []) this.#take(item); }
    const type = (frame.count ?? 0) > CROWD ? "list of a crowd" : frame.type;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    if (frame.type === "users_list") this.#ready.resolve();
    this.onFrame(frame);
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get closed(): Promise<number> {
    return this.#closed.promise;
  }

  say(content: string, more: Record<string, unknown> = {}): void {
    this.#socket.send(JSON.stringify({ type: "message", content, ...more }));
  }

  /** Resolves once a message with this content has come. */
  hears(content: string): Promise<void> {
    return new Promise((resolve) => {
      const before = this.onFrame;
      this.onFrame = (frame) => {
        before(frame);
        if (frame.content === content) resolve();
      };
    });
  }

  async leave(): Promise<void> {
    if (this.#socket.readyState < WebSocket.CLOSING) this.#socket.close(1000);
    await this.closed;
  }
}

/** The longest of so many messages' ways from one to the other, but for the slowest hundredth; in milliseconds. */
async function p99(from: Member, to: Member, times: number): Promise<number> {
  const delays: number[] = [];
  for (let index = 0; index < times; index++) {
    const content = crypto.randomUUID(), heard = to.hears(content), begun = performance.now();
    from.say(content);
    await heard;
    delays.push(performance.now() - begun);
  }
  return delays.sort((a, b) => a - b)[Math.ceil(times * 0.99) - 1]!;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

async function withServer(
  env: Record<string, string>,
  act: (url: string, pid: number) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await using server = await startServer(folder, { WORKERS: "1", ...env });
    await act(server.url, server.pid);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function crowd(url: string, room: string | number, count: number, hello: Record<string, unknown> = {}): Member[] {
  return Array.from({ length: count }, (_, index) => new Member(url, room, { username: `m${index}`, ...hello }));
}

async function makeRoom(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}/api/chat/rooms`, { method: "POST", body: JSON.stringify({ name }) });
  return (await response.json()).id;
}

Deno.test("a thousand people in one room hear what one says, and of each other no more than once a second", async () => {
  await withServer({}, async (url) => {
    const begun = performance.now();
    const members = crowd(url, 1, MEMBERS);
    await Promise.all(members.map(({ ready }) => ready));
    const heard = members.map((member) => member.hears("hello, everybody"));
    members[0]!.say("hello, everybody");
    await Promise.all(heard);
    const seconds = (performance.now() - begun) / 1000;
    for (const { counts } of members) {
      // Each gets one as it comes, and then what all get.
      const lists = counts.get("list of a crowd") ?? 0;
      assert(lists <= seconds + 2, `${lists} lists came in ${seconds.toFixed(1)} s`);
    }
    await Promise.all(members.map((member) => member.leave()));
  });
});

Deno.test("a thousand who come back at once for what they missed all get it", async () => {
  await withServer({}, async (url, pid) => {
    const first = new Member(url, 1, { username: "Ada" });
    await first.ready;
    for (let index = 1; index <= HISTORY; index++) {
      const content = `message ${index}`, heard = first.hears(content);
      first.say(content);
      await heard;
    }
    const before = await memoryOf(pid);
    const members = crowd(url, 1, MEMBERS, { after: 0 });
    await Promise.all(members.map(({ ready }) => ready));
    assertEquals(members.map(({ counts }) => counts.get("message")), members.map(() => HISTORY));
    assert(await memoryOf(pid) - before < GROWTH);
    await Promise.all([first, ...members].map((member) => member.leave()));
  });
});

Deno.test("hundreds of rooms of two talk at once", async () => {
  await withServer({}, async (url) => {
    const rooms = await Promise.all(Array.from({ length: ROOMS }, (_, index) => makeRoom(url, `room ${index}`)));
    const pairs = rooms.map((room) => crowd(url, room, 2));
    await Promise.all(pairs.flat().map(({ ready }) => ready));
    const heard = pairs.map(([, other], index) => other!.hears(`hi ${index}`));
    pairs.forEach(([one], index) => one!.say(`hi ${index}`));
    await Promise.all(heard);
    await Promise.all(pairs.flat().map((member) => member.leave()));
  });
});

Deno.test("who sends ten times too fast is refused and told so, and the others hardly notice", async () => {
  await withServer({ RATE_LIMIT: "on" }, async (url) => {
    const [ada, bob, mallory] = ["Ada", "Bob", "Mallory"].map((username) => new Member(url, 1, { username }));
    assert(ada && bob && mallory);
    await Promise.all([ada, bob, mallory].map(({ ready }) => ready));
    const usual = await p99(ada, bob, 20);
    const flood = setInterval(() => {
      for (let index = 0; index < 10; index++) mallory.say("buy this");
    }, 100);
    const under = await p99(ada, bob, 15);
    clearInterval(flood);
    assert(
      under <= Math.max(WORSE * usual, FLOOR_MS),
      `it took ${under.toFixed(1)} ms, and ${usual.toFixed(1)} before`,
    );
    const enough = Promise.withResolvers<void>();
    mallory.onFrame = ({ type }) => type === "error" && enough.resolve();
    for (let index = 0; index < 100; index++) mallory.say("buy this");
    await enough.promise;
    await Promise.all([ada, bob, mallory].map((member) => member.leave()));
  });
});

Deno.test("who never reads is sent away, and costs the others nothing", async () => {
  await withServer({}, async (url, pid) => {
    const { hostname, port } = new URL(url);
    const [ada, bob] = ["Ada", "Bob"].map((username) => new Member(url, 1, { username }));
    assert(ada && bob);
    await Promise.all([ada, bob].map(({ ready }) => ready));
    const usual = await p99(ada, bob, 20), before = await memoryOf(pid);
    using deaf = await Deno.connect({ hostname, port: Number(port) });
    const key = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    await deaf.write(
      new TextEncoder().encode(
        `GET /ws/chat/1?username=Deaf HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
      ),
    );
    await new Promise<void>((resolve) => {
      ada.onFrame = ({ type, content }) => type === "system" && content === "Deaf joined the room" && resolve();
    });
    const gone = new Promise<void>((resolve) => {
      ada.onFrame = ({ type, content }) => type === "system" && content === "Deaf left the room" && resolve();
    });
    const text = "x".repeat(3_900);
    const talking = setInterval(() => {
      for (let index = 0; index < 50; index++) ada.say(text);
    }, 20);
    await gone;
    clearInterval(talking);
    const under = await p99(ada, bob, 20);
    assert(
      under <= Math.max(WORSE * usual, FLOOR_MS),
      `it took ${under.toFixed(1)} ms, and ${usual.toFixed(1)} before`,
    );
    assert(await memoryOf(pid) - before < GROWTH);
    await Promise.all([ada, bob].map((member) => member.leave()));
  });
});
