import { assertEquals } from "@std/assert";
import { OPERATIONS } from "@/lib/http/openapi/operations.ts";
import { ACTORS, type Cast, openCast, type Scene } from "@/tests/policy/actors.ts";
import { type Row, table } from "@/tests/policy/table.ts";

// Columns:                                                        nobody guest strngr member modrtr owner admin banned disbld expird forged
const PUBLIC = table(`
  GET    /api/chat/rooms/{room}                                  | 200 200 200 200 200 200 200 403 401 401 401
  GET    /api/chat/rooms/{room}/messages                         | 200 200 200 200 200 200 200 403 401 401 401
  POST   /api/chat/rooms/{room}/messages {"content":"hi"}        | 401 201 201 201 201 201 201 403 401 401 401
  PATCH  /api/chat/rooms/{room} {"description":"new"}            | 401 403 403 403 200 200 200 403 401 401 401
  DELETE /api/chat/rooms/{room}                                  | 403 403 403 403 403 200 200 403 401 401 401
  PUT    /api/chat/rooms/{room}/read {"seq":1}                   | 401 401 204 204 204 204 204 403 401 401 401
  GET    /api/chat/rooms/{room}/members                          | 200 200 200 200 200 200 200 403 401 401 401
  PUT    /api/chat/rooms/{room}/members/me                       | 401 401 200 200 200 200 200 403 401 401 401
  PUT    /api/chat/rooms/{room}/members/{stranger}               | 401 401 200 403 200 200 200 403 401 401 401
  PUT    /api/chat/rooms/{room}/members/{stranger} {"role":"moderator"} | 401 401 403 403 403 200 200 403 401 401 401
  PUT    /api/chat/rooms/{room}/members/{stranger} {"role":"banned"}    | 401 401 403 403 200 200 200 403 401 401 401
  DELETE /api/chat/rooms/{room}/members/{member}                 | 401 401 403 204 204 204 204 403 401 401 401
  DELETE /api/chat/rooms/{room}/members/{moderator}              | 401 401 403 403 204 204 204 403 401 401 401
  GET    /api/chat/rooms/{room}/invites                          | 401 401 200 200 200 200 200 403 401 401 401
  POST   /api/chat/rooms/{room}/invites                          | 401 401 201 201 201 201 201 403 401 401 401
  DELETE /api/chat/rooms/{room}/invites/{invite}                 | 401 401 204 204 204 204 204 403 401 401 401
  GET    /api/chat/invites/{invite}                              | 200 200 200 200 200 200 200 200 401 401 401
  POST   /api/chat/invites/{invite}                              | 401 401 200 200 200 200 200 403 401 401 401
  GET    /api/chat/messages/{message}                            | 200 200 200 200 200 200 200 403 401 401 401
  PATCH  /api/chat/messages/{message} {"content":"new"}          | 401 403 403 200 403 403 403 403 401 401 401
  DELETE /api/chat/messages/{message}                            | 401 403 403 200 200 200 200 403 401 401 401
  GET    /api/chat/messages/{message}/thread                     | 200 200 200 200 200 200 200 403 401 401 401
  PUT    /api/chat/messages/{message}/pin                        | 401 200 200 200 200 200 200 403 401 401 401
  DELETE /api/chat/messages/{message}/pin                        | 401 200 200 200 200 200 200 403 401 401 401
  PUT    /api/chat/messages/{message}/reactions/%F0%9F%91%8D     | 401 200 200 200 200 200 200 403 401 401 401
  DELETE /api/chat/messages/{message}/reactions/%F0%9F%91%8D     | 401 200 200 200 200 200 200 403 401 401 401
  GET    /room/{room}/stats                                      | 200 200 200 200 200 200 200 403 401 401 401
  GET    /api/chats/{room}                                       | 401 401 404 404 404 404 404 404 401 401 401
  GET    /chat/messages/{name}                                   | 401 401 200 200 200 200 200 403 401 401 401
  DELETE /chat/messages/{hex}                                    | 401 401 403 200 200 200 200 403 401 401 401
`);

const PRIVATE = table(`
  GET    /api/chat/rooms/{room}                                  | 404 404 404 200 200 200 404 404 401 401 401
  GET    /api/chat/rooms/{room}/messages                         | 404 404 404 200 200 200 404 404 401 401 401
  POST   /api/chat/rooms/{room}/messages {"content":"hi"}        | 404 404 404 201 201 201 404 404 401 401 401
  PATCH  /api/chat/rooms/{room} {"description":"new"}            | 404 404 404 403 200 200 404 404 401 401 401
  DELETE /api/chat/rooms/{room}                                  | 404 404 404 403 403 200 404 404 401 401 401
  PUT    /api/chat/rooms/{room}/read {"seq":1}                   | 404 404 404 204 204 204 404 404 401 401 401
  GET    /api/chat/rooms/{room}/members                          | 404 404 404 200 200 200 404 404 401 401 401
  PUT    /api/chat/rooms/{room}/members/me                       | 404 404 404 200 200 200 404 404 401 401 401
  PUT    /api/chat/rooms/{room}/members/{stranger}               | 404 404 404 403 200 200 404 404 401 401 401
  PUT    /api/chat/rooms/{room}/members/{banned}                 | 404 404 404 403 200 200 404 404 401 401 401
  DELETE /api/chat/rooms/{room}/members/{member}                 | 404 404 404 204 204 204 404 404 401 401 401
  DELETE /api/chat/rooms/{room}/members/{owner}                  | 404 404 404 403 403 422 404 404 401 401 401
  GET    /api/chat/rooms/{room}/invites                          | 404 404 404 403 200 200 404 404 401 401 401
  POST   /api/chat/rooms/{room}/invites                          | 404 404 404 403 201 201 404 404 401 401 401
  DELETE /api/chat/rooms/{room}/invites/{invite}                 | 404 404 404 403 204 204 404 404 401 401 401
  GET    /api/chat/invites/{invite}                              | 200 200 200 200 200 200 200 200 401 401 401
  POST   /api/chat/invites/{invite}                              | 401 401 200 200 200 200 200 403 401 401 401
  GET    /api/chat/messages/{message}                            | 404 404 404 200 200 200 404 404 401 401 401
  PATCH  /api/chat/messages/{message} {"content":"new"}          | 404 404 404 200 403 403 404 404 401 401 401
  DELETE /api/chat/messages/{message}                            | 404 404 404 200 200 200 404 404 401 401 401
  GET    /api/chat/messages/{message}/thread                     | 404 404 404 200 200 200 404 404 401 401 401
  PUT    /api/chat/messages/{message}/pin                        | 404 404 404 200 200 200 404 404 401 401 401
  DELETE /api/chat/messages/{message}/pin                        | 404 404 404 200 200 200 404 404 401 401 401
  PUT    /api/chat/messages/{message}/reactions/%F0%9F%91%8D     | 404 404 404 200 200 200 404 404 401 401 401
  DELETE /api/chat/messages/{message}/reactions/%F0%9F%91%8D     | 404 404 404 200 200 200 404 404 401 401 401
  GET    /room/{room}/stats                                      | 404 404 404 200 200 200 404 404 401 401 401
  GET    /api/chats/{room}                                       | 401 401 404 200 200 200 404 404 401 401 401
  GET    /api/chats/{room}/messages                              | 401 401 404 200 200 200 404 404 401 401 401
  GET    /api/chats/{room}/active-users                          | 401 401 404 200 200 200 404 404 401 401 401
  GET    /chat/messages/{name}                                   | 401 401 404 404 404 404 404 404 401 401 401
  DELETE /chat/messages/{hex}                                    | 401 401 404 200 200 200 404 404 401 401 401
`);

// The owner and the member are its two members.
const DIRECT = table(`
  GET    /api/chat/rooms/{room}                                  | 404 404 404 200 404 200 404 404 401 401 401
  GET    /api/chat/rooms/{room}/messages                         | 404 404 404 200 404 200 404 404 401 401 401
  POST   /api/chat/rooms/{room}/messages {"content":"hi"}        | 404 404 404 201 404 201 404 404 401 401 401
  PATCH  /api/chat/rooms/{room} {"description":"new"}            | 404 404 404 403 404 403 404 404 401 401 401
  DELETE /api/chat/rooms/{room}                                  | 404 404 404 403 404 403 404 404 401 401 401
  PUT    /api/chat/rooms/{room}/members/{stranger}               | 404 404 404 403 404 403 404 404 401 401 401
  DELETE /api/chat/rooms/{room}/members/me                       | 404 404 404 403 404 403 404 404 401 401 401
  POST   /api/chat/rooms/{room}/invites                          | 404 404 404 403 404 403 404 404 401 401 401
  PATCH  /api/chat/messages/{message} {"content":"new"}          | 404 404 404 200 404 403 404 404 401 401 401
  DELETE /api/chat/messages/{message}                            | 404 404 404 200 404 403 404 404 401 401 401
  GET    /api/chats/{room}                                       | 401 401 404 200 404 200 404 404 401 401 401
  GET    /api/chats/{room}/messages                              | 401 401 404 200 404 200 404 404 401 401 401
`);

const SERVER = table(`
  GET    /api/chat/rooms                                         | 200 200 200 200 200 200 200 200 401 401 401
  POST   /api/chat/rooms {"name":"{new}"}                        | 201 201 201 201 201 201 201 201 401 401 401
  POST   /api/chat/rooms {"name":"{new}","kind":"private"}       | 401 401 201 201 201 201 201 201 401 401 401
  DELETE /api/chat/rooms/general                                 | 403 403 403 403 403 403 403 403 401 401 401
  PATCH  /api/chat/rooms/general {"name":"mine"}                 | 401 403 403 403 403 403 403 403 401 401 401
  GET    /api/chat/me                                            | 401 200 200 200 200 200 200 200 401 401 401
  PATCH  /api/chat/me {"about":"me"}                             | 401 401 200 200 200 200 200 200 401 401 401
  DELETE /api/chat/me {"password":"wrong"}                       | 401 401 403 403 403 403 403 403 401 401 401
  PUT    /api/chat/me/avatar                                     | 401 401 422 422 422 422 422 422 401 401 401
  DELETE /api/chat/me/avatar                                     | 401 401 200 200 200 200 200 200 401 401 401
  POST   /api/chat/me/password {"old_password":"x","password":"staple in the meadow"} | 401 401 403 403 403 403 403 403 401 401 401
  GET    /api/chat/me/export                                     | 401 401 200 200 200 200 200 200 401 401 401
  GET    /api/chat/me/unread                                     | 401 401 200 200 200 200 200 200 401 401 401
  GET    /api/chat/me/sessions                                   | 401 401 200 200 200 200 200 200 401 401 401
  DELETE /api/chat/me/sessions                                   | 401 401 204 204 204 204 204 204 401 401 401
  DELETE /api/chat/me/sessions/{session}                         | 401 401 404 404 404 404 404 404 401 401 401
  POST   /api/chat/me/tokens {"label":"bot"}                     | 401 401 201 201 201 201 201 201 401 401 401
  GET    /api/chat/people/{owner}                                | 200 200 200 200 200 200 200 200 401 401 401
  PATCH  /api/chat/people/{someone} {"disabled":true}            | 401 401 403 403 403 403 200 403 401 401 401
  GET    /api/auth/users                                         | 401 401 200 200 200 200 200 200 401 401 401
  POST   /api/auth/refresh                                       | 401 401 200 200 200 200 200 200 401 401 401
  POST   /api/auth/login {"username":"Owner","password":"wrong"} | 401 401 401 401 401 401 401 401 401 401 401
  POST   /api/auth/register {"username":"Owner","password":"staple in the meadow"} | 409 409 409 409 409 409 409 409 409 409 409
  POST   /users {"username":"Owner","password":"staple in the meadow"} | 409 409 409 409 409 409 409 409 409 409 409
  POST   /token {"username":"Owner","password":"wrong"}          | 401 401 401 401 401 401 401 401 401 401 401
  POST   /auth/login {"username":"Owner","password":"wrong"}     | 401 401 401 401 401 401 401 401 401 401 401
  GET    /api/chats                                              | 401 401 200 200 200 200 200 200 401 401 401
  POST   /api/chats {"participants":["{someone}"]}               | 401 401 201 201 201 201 201 201 401 401 401
  GET    /stats                                                  | 200 200 200 200 200 200 200 200 401 401 401
  GET    /files/{file}                                           | 404 404 404 404 404 404 404 404 401 401 401
  GET    /health                                                 | 200 200 200 200 200 200 200 200 200 200 200
  GET    /health/live                                            | 200 200 200 200 200 200 200 200 200 200 200
  GET    /health/ready                                           | 200 200 200 200 200 200 200 200 200 200 200
  GET    /metrics                                                | 200 200 200 200 200 200 200 200 200 200 200
  GET    /openapi.json                                           | 200 200 200 200 200 200 200 200 200 200 200
  POST   /api/auth/logout                                        | 204 204 204 204 204 204 204 204 204 204 204
`);

async function answers(cast: Cast, row: Row, scene: () => Promise<Scene>): Promise<Record<string, string>> {
  const { server, people, tokens } = cast;
  const got: Record<string, string> = {};
  // What only reads leaves the scene as it is.
  const shared = row.method === "GET" ? await scene() : undefined;
  for (const kind of ACTORS) {
    const { room, message, invite } = shared ?? await scene();
    const someone = await server.person(crypto.randomUUID().slice(0, 18));
    const other = await server.chat.sessions.open({ id: someone.id, generation: 0 }, "another's");
    const places: Record<string, string> = {
      room: String(room),
      name: encodeURIComponent((await server.chat.rooms.get(room))!.name || "direct"),
      message: String(message),
      hex: message.toString(16).padStart(24, "0"),
      invite,
      file: "0".repeat(32),
      new: crypto.randomUUID(),
      someone: someone.id,
      session: other.session.id,
      ...Object.fromEntries(Object.entries(people).map(([kind, { id }]) => [kind, id])),
    };
    const filled = (text: string) => text.replace(/\{(\w+)\}/g, (all, name) => places[name] ?? all);
    // Some of what is asked for ends the session: each kind asks with a new one.
    const person = Object.entries(people).find(([name]) => name === kind)?.[1];
    const token = person ? await signedIn(cast, person.id) : tokens[kind];
    const response = await fetch(server.url + filled(row.path), {
      method: row.method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(row.body === undefined ? {} : { body: filled(JSON.stringify(row.body)) }),
    });
    await response.body?.cancel();
    got[kind] = String(response.status);
  }
  return got;
}

async function signedIn({ server: { chat } }: Cast, account: string): Promise<string> {
  const { session } = await chat.sessions.open((await chat.accounts.get(account))!, "a row");
  return (await chat.tokens.sign({ account, session: session.id })).token;
}

for (
  const [place, rows, kind] of [
    ["in a public room", PUBLIC, "public"],
    ["in a private room", PRIVATE, "private"],
    ["in a direct room", DIRECT, "direct"],
    ["on the server", SERVER, "public"],
  ] as const
) {
  Deno.test(`${place} each actor gets the status in the table`, async (t) => {
    await using cast = await openCast();
    for (const row of rows) {
      await t.step(`${row.title} ${row.body ? JSON.stringify(row.body) : ""}`, async () => {
        assertEquals(await answers(cast, row, () => cast.room(kind)), row.expected);
      });
    }
  });
}

Deno.test("every endpoint that the API describes is in one of the tables", () => {
  const rows = [...PUBLIC, ...PRIVATE, ...DIRECT, ...SERVER];
  const asked = new Set(rows.map(({ method, path }) => `${method} ${shape(path)}`));
  const missing = Object.keys(OPERATIONS).filter((operation) => !asked.has(shape(operation)));
  assertEquals(missing, []);
});

/** A path by its shape: what stands for something, and what is an example of it, is `*`. */
function shape(path: string): string {
  return path.replace(/\{\w+\}|%[\w%]+|(?<=members\/)me/g, "*").replace(/\/$/, "");
}
