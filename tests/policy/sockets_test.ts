import { assertEquals } from "@std/assert";
import type { Client, Frame } from "@/tests/client.ts";
import { type ActorKind, ACTORS, type Cast, openCast, type Scene } from "@/tests/policy/actors.ts";

type Answers = Readonly<Record<string, string>>;

/** Answers in the order of {@link ACTORS}. */
function answers(text: string): Answers {
  const each = text.trim().split(/\s+/);
  return Object.fromEntries(ACTORS.map((kind, index) => [kind, each[index] ?? "?"]));
}

/** How each protocol lets a client into a room. */
const ENTRANCES: readonly [
  protocol: string,
  path: (scene: Scene, name: string, user: string) => string,
  room: string,
][] = [
  ["rooms", ({ room }) => `/ws/chat/${room}?`, "id"],
  ["lobby", ({ room }, name) => `/ws/${name}?room=${room}&`, "id"],
  ["chats", ({ room }, _name, user) => `/api/chats/ws/${room}/${user}?`, "id"],
  ["bearer", (_scene, _name, _user) => `/chat/ws/{name}?`, "name"],
];

// Columns:   nobody guest strngr member modrtr owner admin banned disbld expird forged
const PUBLIC: Record<string, Answers> = {
  rooms: answers("4400 ok    ok     ok     ok     ok    ok    4403   4401   4401   4401"),
  lobby: answers("ok   ok    ok     ok     ok     ok    ok    1008   1008   1008   1008"),
  chats: answers("1008 1008  1008   1008   1008   1008  1008  1008   1008   1008   1008"),
  bearer: answers("1008 1008 ok     ok     ok     ok    ok    1008   1008   1008   1008"),
};
const PRIVATE: Record<string, Answers> = {
  rooms: answers("4400 4404  4404   ok     ok     ok    4404  4404   4401   4401   4401"),
  lobby: answers("1008 1008  1008   ok     ok     ok    1008  1008   1008   1008   1008"),
  chats: answers("1008 1008  1008   ok     ok     ok    1008  1008   1008   1008   1008"),
  bearer: answers("1008 1008 1008   1008   1008   1008  1008  1008   1008   1008   1008"),
};

async function outcome(client: Client): Promise<string> {
  while (true) {
    const frame = await client.next().catch(() => undefined);
    if (!frame) return String((await client.closed).code);
    if (frame.type === "connected" || frame.type === "user_joined") {
      client.close();
      return "ok";
    }
  }
}

async function through(cast: Cast, path: string, kind: ActorKind): Promise<string> {
  const token = cast.tokens[kind];
  const client = cast.server.socket(token === undefined ? path : `${path}token=${token}`);
  // Protocol 1 alone waits for a first frame; the others let a client in or close by then.
  if (token === undefined && path.startsWith("/ws/chat/")) await client.send({});
  return await outcome(client);
}

for (const [kind, expected] of [["public", PUBLIC], ["private", PRIVATE]] as const) {
  Deno.test(`sockets of each protocol let each actor into a ${kind} room, or close with the code in the table`, async (t) => {
    await using cast = await openCast();
    const scene = await cast.room(kind), { name } = (await cast.server.chat.rooms.get(scene.room))!;
    for (const [protocol, path] of ENTRANCES) {
      await t.step(protocol, async () => {
        const got: Record<string, string> = {};
        for (const actor of ACTORS) {
          const user = Object.entries(cast.people).find(([one]) => one === actor)?.[1].id ?? cast.people.owner.id;
          got[actor] = await through(cast, path(scene, "Somebody", user).replace("{name}", name), actor);
        }
        assertEquals(got, expected[protocol]);
      });
    }
  });
}

Deno.test("a chat of protocol 3 lets no one in under the id of another account", async () => {
  await using cast = await openCast();
  const { room } = await cast.room("private"), { owner, member } = cast.people;
  assertEquals(await through(cast, `/api/chats/ws/${room}/${owner.id}?`, "member"), "1008");
  assertEquals(await through(cast, `/api/chats/ws/${room}/${member.id}?`, "member"), "ok");
});

/** The answer to a frame: "ok", or the code of the error. */
async function answerTo(client: Client, frame: Frame, expected: string): Promise<string> {
  await client.send({ ...frame, nonce: "asked" });
  while (true) {
    const answer = await client.next();
    if (answer.type === "error") return String(answer.code);
    if (answer.type === expected) return "ok";
  }
}

// In a public room, for those who are let in. Columns: guest strngr member modrtr owner admin
const FRAMES: readonly [frame: (scene: Scene) => Frame, answer: string, expected: string][] = [
  [() => ({ type: "message", content: "hi" }), "message", "ok ok ok ok ok ok"],
  [({ message }) => ({ type: "edit", id: message, content: "new" }), "edited", "no no ok no no no"],
  [({ message }) => ({ type: "delete", id: message }), "deleted", "no no ok ok ok ok"],
  [({ message }) => ({ type: "react", id: message, emoji: "👍", on: true }), "reacted", "ok ok ok ok ok ok"],
  [({ message }) => ({ type: "pin", id: message, on: true }), "pinned", "ok ok ok ok ok ok"],
  [() => ({ type: "read", seq: 1 }), "read", "ok ok ok ok ok ok"],
  [() => ({ type: "ping" }), "pong", "ok ok ok ok ok ok"],
];
const TALKERS = ["guest", "stranger", "member", "moderator", "owner", "admin"] as const;

Deno.test("frames of protocols 1 and 5 get each actor the answer in the table", async (t) => {
  await using cast = await openCast();
  for (const [frame, answer, expected] of FRAMES) {
    const wanted = expected.split(" ").map((word) => word === "no" ? "forbidden" : word);
    await t.step(answer, async () => {
      const got: string[] = [], ofApp: string[] = [];
      for (const kind of TALKERS) {
        const one = await cast.room("public"), other = await cast.room("public");
        const client = cast.server.socket(`/ws/chat/${one.room}?token=${cast.tokens[kind]}`);
        await client.until("users_list");
        got.push(await answerTo(client, frame(one), answer));
        client.close();
        ofApp.push(await overApp(cast, kind, other, frame(other)));
      }
      assertEquals(got, wanted);
      assertEquals(ofApp, wanted);
    });
  }
});

async function overApp({ server, people, tokens }: Cast, kind: ActorKind, { room }: Scene, frame: Frame) {
  const person = Object.entries(people).find(([one]) => one === kind)?.[1];
  const client = server.socket("/ws", { headers: person?.cookie ?? { cookie: `hubbub_guest=${tokens[kind]}` } });
  await client.send({ type: "subscribe", room, nonce: "s" });
  await client.until("ok");
  const type = frame.type === "message" ? "post" : frame.type;
  const got = await answerTo(client, { ...frame, room, type }, frame.type === "ping" ? "pong" : "ok");
  client.close();
  return got;
}

Deno.test("protocol 5 lets no one subscribe to a room that they may not read", async () => {
  await using cast = await openCast();
  const { room } = await cast.room("private");
  for (const kind of ["stranger", "admin", "banned", "member"] as const) {
    const client = cast.server.socket("/ws", { headers: cast.people[kind].cookie });
    await client.send({ type: "subscribe", room, nonce: "s" });
    let answer = await client.next();
    while (answer.type !== "ok" && answer.type !== "error") answer = await client.next();
    assertEquals(answer.type === "ok" ? "ok" : answer.code, kind === "member" ? "ok" : "room_not_found");
  }
});
