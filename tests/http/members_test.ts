import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";

/** What somebody gets who asks for something: the status, and what a list or a room says. */
async function ask(server: TestServer, who: TestPerson, method: string, path: string, json?: unknown) {
  const response = await server.fetch(`/api/chat${path}`, { method, json, headers: who.headers });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** A private room of Olga's with these people. */
async function privateRoom(server: TestServer, owner: TestPerson, ...members: TestPerson[]): Promise<number> {
  const json = { name: "secret", kind: "private", members: members.map(({ id }) => id) };
  const { status, body } = await ask(server, owner, "POST", "/rooms", json);
  assertEquals(status, 201);
  return z.object({ id: z.number() }).parse(body).id;
}

function roles(body: unknown): Record<string, string> {
  const members = z.array(z.object({ username: z.string(), role: z.string() })).parse(body);
  return Object.fromEntries(members.map(({ username, role }) => [username, role]));
}

Deno.test("a private room is there for its members alone", async (t) => {
  await using server = await serve();
  const olga = await server.person("Olga"), mia = await server.person("Mia"), sam = await server.person("Sam");
  const room = await privateRoom(server, olga, mia);
  await t.step("for others it doesn't exist, at any address", async () => {
    for (const path of ["", "/messages", "/members", "/invites"]) {
      assertEquals((await ask(server, sam, "GET", `/rooms/${room}${path}`)).status, 404);
    }
    const { body } = await ask(server, sam, "GET", "/rooms");
    assertEquals(body.length, 1);
    const socket = server.socket(`/ws/chat/${room}?token=${sam.token}`);
    assertEquals((await socket.next()).content, "Room not found");
    assertEquals((await socket.closed).code, 4404);
  });
  await t.step("its members read it and write to it", async () => {
    assertEquals((await ask(server, mia, "POST", `/rooms/${room}/messages`, { content: "hello" })).status, 201);
    const { body } = await ask(server, olga, "GET", `/rooms/${room}/messages`);
    assertEquals(body.map(({ content }: { content: string }) => content), ["hello"]);
    assertEquals((await ask(server, mia, "GET", "/rooms")).body.length, 2);
  });
  await t.step("two private rooms can have the same name, and a public one too", async () => {
    await privateRoom(server, sam);
    assertEquals((await ask(server, sam, "POST", "/rooms", { name: "secret" })).status, 201);
  });
  await t.step("a guest can't create one", async () => {
    const response = await server.fetch("/api/chat/rooms", { method: "POST", json: { name: "x", kind: "private" } });
    await response.body?.cancel();
    assertEquals(response.status, 401);
  });
});

Deno.test("owners give roles, moderators keep order, and members do neither", async (t) => {
  await using server = await serve();
  const [olga, mo, mia, sam] = await Promise.all(["Olga", "Mo", "Mia", "Sam"].map((name) => server.person(name)));
  assert(olga && mo && mia && sam);
  const room = await privateRoom(server, olga, mo, mia), members = `/rooms/${room}/members`;
  await t.step("the owner appoints a moderator", async () => {
    assertEquals((await ask(server, olga, "PUT", `${members}/${mo.id}`, { role: "moderator" })).status, 200);
    assertEquals(roles((await ask(server, mia, "GET", members)).body), {
      Olga: "owner",
      Mo: "moderator",
      Mia: "member",
    });
  });
  await t.step("the moderator adds people, but can't appoint moderators", async () => {
    assertEquals((await ask(server, mo, "PUT", `${members}/${sam.id}`)).status, 200);
    assertEquals((await ask(server, mo, "PUT", `${members}/${sam.id}`, { role: "moderator" })).status, 403);
    assertEquals((await ask(server, mo, "DELETE", `${members}/${olga.id}`)).status, 403);
  });
  await t.step("a member can't", async () => {
    assertEquals((await ask(server, mia, "PUT", `${members}/${sam.id}`, { role: "owner" })).status, 403);
    assertEquals((await ask(server, mia, "DELETE", `${members}/${sam.id}`)).status, 403);
    assertEquals((await ask(server, mia, "GET", `/rooms/${room}/invites`)).status, 403);
  });
  await t.step("a moderator deletes others' messages, a member only their own", async () => {
    const { body } = await ask(server, mia, "POST", `/rooms/${room}/messages`, { content: "rude" });
    assertEquals((await ask(server, sam, "DELETE", `/messages/${body.id}`)).status, 403);
    assertEquals((await ask(server, mo, "DELETE", `/messages/${body.id}`)).status, 200);
  });
  await t.step("a removed member is out at once, on an open socket too", async () => {
    const socket = server.socket(`/ws/chat/${room}?token=${sam.token}`);
    await socket.until("users_list");
    assertEquals((await ask(server, mo, "DELETE", `${members}/${sam.id}`)).status, 204);
    assertEquals((await socket.closed).code, 4404);
    assertEquals((await ask(server, sam, "GET", `/rooms/${room}`)).status, 404);
  });
  await t.step("a banned person is told so in a public room", async () => {
    const { body: { id } } = await ask(server, olga, "POST", "/rooms", { name: "square" });
    assertEquals((await ask(server, olga, "PUT", `/rooms/${id}/members/${sam.id}`, { role: "banned" })).status, 200);
    assertEquals((await ask(server, sam, "GET", `/rooms/${id}/messages`)).status, 403);
    assertEquals(roles((await ask(server, mia, "GET", `/rooms/${id}/members`)).body), { Olga: "owner" });
    assertEquals(roles((await ask(server, olga, "GET", `/rooms/${id}/members`)).body), {
      Olga: "owner",
      Sam: "banned",
    });
    assertEquals((await ask(server, sam, "PUT", `/rooms/${id}/members/me`)).status, 403);
    assertEquals((await ask(server, sam, "DELETE", `/rooms/${id}/members/me`)).status, 403);
  });
  await t.step("the last owner stays as long as others are there", async () => {
    assertEquals((await ask(server, olga, "DELETE", `${members}/me`)).status, 422);
    assertEquals((await ask(server, olga, "PUT", `${members}/${mo.id}`, { role: "owner" })).status, 200);
    assertEquals((await ask(server, olga, "DELETE", `${members}/me`)).status, 204);
    assertEquals((await ask(server, olga, "GET", `/rooms/${room}`)).status, 404);
  });
});

Deno.test("an invitation lets as many in as it says, until it is ended", async (t) => {
  await using server = await serve();
  const [olga, mia, sam] = await Promise.all(["Olga", "Mia", "Sam"].map((name) => server.person(name)));
  assert(olga && mia && sam);
  const room = await privateRoom(server, olga);
  const { body: once } = await ask(server, olga, "POST", `/rooms/${room}/invites`, { uses: 1, expires_in: 3600 });
  const { body: many } = await ask(server, olga, "POST", `/rooms/${room}/invites`);
  await t.step("the link shows the room's name, and none of its messages", async () => {
    const response = await server.fetch(`/api/chat/invites/${once.code}`);
    assertEquals(await response.json(), { room_name: "secret", invited_by: "Olga", expires_at: once.expires_at });
    assert(once.url.endsWith(`/join/${once.code}`));
  });
  await t.step("a guest can't follow it", async () => {
    const response = await server.fetch(`/api/chat/invites/${once.code}`, { method: "POST" });
    await response.body?.cancel();
    assertEquals(response.status, 401);
  });
  await t.step("the first one uses it up; following it again as a member costs nothing", async () => {
    assertEquals((await ask(server, mia, "POST", `/invites/${once.code}`)).body.id, room);
    assertEquals((await ask(server, mia, "POST", `/invites/${many.code}`)).status, 200);
    assertEquals((await ask(server, sam, "POST", `/invites/${once.code}`)).status, 404);
    assertEquals((await ask(server, olga, "GET", `/rooms/${room}/invites`)).body.length, 1);
  });
  await t.step("a revoked one doesn't let anyone in", async () => {
    assertEquals((await ask(server, mia, "DELETE", `/rooms/${room}/invites/${many.code}`)).status, 403);
    assertEquals((await ask(server, olga, "DELETE", `/rooms/${room}/invites/${many.code}`)).status, 204);
    assertEquals((await ask(server, sam, "POST", `/invites/${many.code}`)).status, 404);
  });
});

Deno.test("two people have one direct room, whoever creates it, and it has no owner", async () => {
  await using server = await serve();
  const [mia, sam, eve] = await Promise.all(["Mia", "Sam", "Eve"].map((name) => server.person(name)));
  assert(mia && sam && eve);
  const actor = async (who: TestPerson) =>
    (await server.chat.sessions.resolve((await server.chat.sessions.list(who.id))[0]!.id))!.identity;
  const both = await Promise.all([
    server.chat.rooms.direct(await actor(mia), (await actor(sam)).person),
    server.chat.rooms.direct(await actor(sam), (await actor(mia)).person),
  ]);
  const [{ room: { id } }] = both;
  assertEquals(both.map(({ room }) => room.id), [id, id]);
  assertEquals(both.map(({ made }) => made).sort(), [false, true]);
  assertEquals((await ask(server, mia, "GET", `/rooms/${id}`)).body.name, "Sam");
  assertEquals((await ask(server, sam, "GET", `/rooms/${id}`)).body.name, "Mia");
  assertEquals((await ask(server, eve, "GET", `/rooms/${id}`)).status, 404);
  assertEquals((await ask(server, mia, "DELETE", `/rooms/${id}`)).status, 403);
  assertEquals((await ask(server, mia, "PUT", `/rooms/${id}/members/${eve.id}`)).status, 403);
});

Deno.test("a removal during a subscription wins", async () => {
  await using server = await serve();
  const ann = await server.person("Ann"), bob = await server.person("Bob");
  const id = await privateRoom(server, ann, bob);
  const ear = server.socket(`/ws/chat/${id}?token=${ann.token}`);
  await ear.until("users_list");
  const { rooms } = server.chat, role = rooms.role.bind(rooms);
  rooms.role = async (actor, room) => {
    const before = await role(actor, room);
    rooms.role = role;
    await ask(server, ann, "DELETE", `/rooms/${id}/members/${bob.id}`);
    return before;
  };
  const late = server.socket(`/ws/chat/${id}?token=${bob.token}`);
  assertEquals((await late.closed).code, 4404);
});
