import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { patternOf } from "@/lib/jsr/fresh/src/fs_routes.ts";
import { clientFrames, serverFrames, type SocketProtocol } from "@/lib/protocols/frame_docs.ts";
import { appProtocol } from "@/lib/protocols/app/docs.ts";
import { bearerProtocol } from "@/lib/protocols/bearer/docs.ts";
import { chatsProtocol } from "@/lib/protocols/chats/docs.ts";
import { lobbyProtocol } from "@/lib/protocols/lobby/docs.ts";
import { CLOSES, PROTOCOLS } from "@/lib/http/socket_docs.ts";
import { roomProtocol } from "@/lib/protocols/room/docs.ts";
import type { Client, Frame, Sendable } from "@/tests/client.ts";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

/** A client that keeps whatever it has heard. */
class Listener {
  readonly heard: Frame[] = [];

  constructor(readonly client: Client) {}

  /** Sends something, if anything, and waits for a frame of this type. */
  async hears(type: string, ...sent: Sendable[]): Promise<void> {
    await this.client.send(...sent);
    do this.heard.push(await this.client.next()); while (this.heard.at(-1)?.type !== type);
  }

  /** All that it has heard, once the socket is over. */
  async toTheEnd(): Promise<Frame[]> {
    this.heard.push(...await this.client.rest());
    return this.heard;
  }
}

/** Ann and Bob, and a room that is theirs. */
interface Scene {
  readonly server: TestServer;
  readonly ann: TestPerson;
  readonly bob: TestPerson;
  readonly room: number;
}

async function scene(server: TestServer): Promise<Scene> {
  const ann = await server.person("Ann"), bob = await server.person("Bob");
  const json = { name: "for the two", kind: "private", members: [bob.id] };
  const made = await server.fetch("/api/chat/rooms", { method: "POST", headers: ann.headers, json });
  return { server, ann, bob, room: (await made.json()).id };
}

/** Bob comes, does whatever one can do in a room, and goes. `hears` waits until Ann has heard of it. */
async function bobDoesEverything({ server, bob, room }: Scene, hears: (what: string) => Promise<void>): Promise<void> {
  const socket = server.socket(`/ws/chat/${room}?token=${bob.token}`);
  await hears("came");
  await socket.send({ type: "typing", is_typing: true });
  await hears("types");
  await socket.send({ type: "message", content: "Hello" });
  const { id, seq } = await socket.until("message");
  await hears("says");
  await socket.send({ type: "edit", id, content: "Hello, Ann" }, { type: "react", id, emoji: "👍" });
  await socket.send({ type: "pin", id }, { type: "read", seq }, { type: "delete", id });
  await socket.until("deleted");
  socket.close();
  await hears("left");
}

async function deleteRoom({ server, ann, room }: Scene): Promise<void> {
  const response = await server.fetch(`/api/chat/rooms/${room}`, { method: "DELETE", headers: ann.headers });
  assertEquals(response.status, 200, await response.text());
}

/** The frames fit what is said of them, and there is one of each. */
function assertDescribed(protocol: SocketProtocol, heard: readonly Frame[]): void {
  const inside = heard.flatMap(({ items }) => Array.isArray(items) ? items : []);
  for (const frame of [...heard, ...inside]) {
    assert(String(frame.type) in protocol.server.notes, `nothing is said of ${JSON.stringify(frame)}`);
    assertEquals(protocol.server.schema.parse(frame), frame);
  }
  const types = new Set(heard.map(({ type }) => String(type)));
  assertEquals([...types].sort(), Object.keys(protocol.server.notes).sort());
}

/** Plays the scene for a dialect; `says` is its word for each thing that Ann hears of. */
async function playDialect(protocol: SocketProtocol, path: (scene: Scene) => string, says: Record<string, string>) {
  await using server = await serve();
  const stage = await scene(server);
  const ann = new Listener(server.socket(path(stage)));
  await ann.hears(says.came!);
  await bobDoesEverything(stage, async (what) => {
    if (says[what] !== undefined) await ann.hears(says[what]);
  });
  await ann.hears("error", '{"message":7,"content":7}');
  await deleteRoom(stage);
  assertDescribed(protocol, await ann.toTheEnd());
}

Deno.test("every socket is described, and nothing else is", async () => {
  const found: string[] = [];
  const look = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(`../../${folder}`, import.meta.url))) {
      if (isDirectory) await look(`${folder}/${name}`);
      else if (name.endsWith(".ts")) found.push(patternOf(`${folder}/${name}`.slice("routes".length, -3)));
    }
  };
  await look("routes");
  const sockets = found.filter((pattern) => /\/ws(\/|$)/.test(pattern));
  const described = PROTOCOLS.map(({ address }) => address.replace(/\{(\w+)\}/g, ":$1"));
  assertEquals(described.sort(), sockets.sort());
});

Deno.test("what is said of clients' frames is of all of them, and the examples are taken", () => {
  for (const protocol of PROTOCOLS) {
    const { title, client, first, server } = protocol;
    const names = clientFrames(protocol).map(({ name }) => name).filter((name) => name !== "first frame");
    assertEquals(names.sort(), Object.keys(client.notes).sort(), title);
    for (const { example } of Object.values(client.notes)) client.schema.parse(example);
    first?.schema.parse(first.example);
    for (const [name, { example }] of Object.entries(server.notes)) {
      assertEquals(server.schema.parse(example), example, `${title}, ${name}`);
    }
  }
});

Deno.test("what is heard in a room is described, frame by frame", async () => {
  await using server = await serve();
  const stage = await scene(server), { ann: { token }, room } = stage;
  const path = `/ws/chat/${room}?token=${token}`;
  const ann = new Listener(server.socket(path));
  await ann.hears("users_list");
  const says: Record<string, string> = { came: "system", types: "typing", says: "message", left: "system" };
  await bobDoesEverything(stage, (what) => ann.hears(says[what]!));
  await ann.hears("error", { type: "nonsense", nonce: "e" });
  await ann.hears("pong", { type: "ping", nonce: "p" });
  const late = new Listener(server.socket(`${path}&after=1000`));
  await late.hears("users_list");
  const json = { description: "What we said" };
  await (await server.fetch(`/api/chat/rooms/${room}`, { method: "PATCH", headers: stage.ann.headers, json })).text();
  const { epoch } = (await server.chat.log.head(room))!;
  const batched = new Listener(server.socket(`${path}&batch=1&after=0&epoch=${epoch}`));
  await batched.hears("users_list");
  await deleteRoom(stage);
  const heard = await Promise.all([ann, late, batched].map((one) => one.toTheEnd()));
  assertDescribed(roomProtocol, heard.flat());
});

Deno.test("what is heard in the lobby is described, frame by frame", async () => {
  await playDialect(lobbyProtocol, ({ room, ann }) => `/ws/Ann?room=${room}&token=${ann.token}`, {
    came: "user_joined",
    says: "chat_message",
    left: "user_left",
  });
});

Deno.test("what is heard in a chat is described, frame by frame", async () => {
  await playDialect(chatsProtocol, ({ room, ann }) => `/api/chats/ws/${room}/${ann.id}?token=${ann.token}`, {
    came: "user_joined",
    types: "typing",
    says: "message",
    left: "user_left",
  });
});

Deno.test("what is heard in a bearer room is described, frame by frame", async () => {
  await playDialect(bearerProtocol, ({ room, ann }) => `/chat/ws/${room}?token=${ann.token}`, {
    came: "user_joined",
    says: "message",
    left: "user_left",
  });
});

Deno.test("what the web app hears is described, frame by frame", async () => {
  await using server = await serve();
  const stage = await scene(server), { ann: { cookie }, room } = stage;
  const ann = new Listener(server.socket("/ws", { headers: cookie }));
  await ann.hears("hello");
  const socket = server.socket(`/ws/chat/${room}?token=${stage.bob.token}`);
  await socket.send({ type: "message", content: "Are you there?" });
  await ann.hears("unread");
  socket.close();
  await ann.hears("presence", { type: "subscribe", room, nonce: "s" });
  const says: Record<string, string> = { came: "presence", types: "typing", says: "events", left: "presence" };
  await bobDoesEverything(stage, (what) => ann.hears(says[what]!));
  await ann.hears("presence", { type: "status", state: "away", text: "Lunch" });
  await ann.hears("reset", { type: "subscribe", room, after: 1000, nonce: "x" });
  await ann.hears("error", { type: "nonsense", nonce: "e" });
  await ann.hears("pong", { type: "ping", nonce: "p" });
  await deleteRoom(stage);
  await ann.hears("rooms");
  ann.client.close();
  assertDescribed(appProtocol, await ann.toTheEnd());
});

Deno.test("the page shows every frame, and every code that a socket may close with", async () => {
  await using server = await serve();
  const response = await server.fetch("/docs/websocket"), html = await response.text();
  assertEquals(response.status, 200);
  for (const protocol of PROTOCOLS) {
    assertStringIncludes(html, `id="${protocol.id}"`);
    for (const { name } of [...clientFrames(protocol), ...serverFrames(protocol)]) {
      assertStringIncludes(html, `<h4>${name}</h4>`);
    }
  }
  const errors = await Deno.readTextFile(new URL("../../lib/errors.ts", import.meta.url));
  const codes = [...errors.matchAll(/close: (\d{4})/g)].map(([, code]) => Number(code));
  assert(codes.length > 5, "the codes were found");
  for (const code of new Set([1008, ...codes])) {
    assert(CLOSES.some(([known]) => known === code), `${code} is described`);
    assertStringIncludes(html, `<th scope="row">${code}</th>`);
  }
});
