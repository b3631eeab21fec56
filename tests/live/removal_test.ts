import { assert, assertEquals } from "@std/assert";
import { serve, type TestPerson, type TestServer } from "@/tests/server.ts";
import type { Frame } from "@/tests/client.ts";

/** A room of Olga's with Sam in it, and Sam's socket there. */
async function room(server: TestServer, kind: "public" | "private") {
  const olga = await server.person("Olga"), sam = await server.person("Sam");
  const created = await server.fetch("/api/chat/rooms", {
    method: "POST",
    json: { name: "square", kind, members: [sam.id] },
    headers: olga.headers,
  });
  const { id } = await created.json();
  return { id: Number(id), olga, sam };
}

/** Lets these run so that the store commits them together, with a message before and after them. */
async function together(server: TestServer, room: number, by: TestPerson, change: () => Promise<unknown>) {
  const post = (content: string) =>
    server.fetch(`/api/chat/rooms/${room}/messages`, { method: "POST", json: { content }, headers: by.headers });
  const { store } = server.chat, commit = store.commit.bind(store);
  const first = Promise.withResolvers<void>(), go = Promise.withResolvers<void>();
  store.commit = async (...given) => {
    first.resolve();
    await go.promise;
    return await commit(...given);
  };
  const filler = post("filler");
  await first.promise;
  const committed: number[] = [];
  store.commit = async (...given) => {
    committed.push(given[1].length);
    return await commit(...given);
  };
  const rest = [post("before"), change(), post("after")];
  // Requests take their time until they wait in the log's queue.
  await server.fetch("/health");
  go.resolve();
  await Promise.all([filler, ...rest]);
}

function contents(frames: readonly Frame[]): unknown[] {
  return frames.filter(({ type }) => type === "message").map(({ content }) => content);
}

for (
  const [kind, change, code] of [
    ["public", { role: "banned" }, 4403],
    ["private", undefined, 4404],
  ] as const
) {
  Deno.test(`a socket gets nothing after the entry that removes its person from a ${kind} room`, async () => {
    await using server = await serve();
    const { id, olga, sam } = await room(server, kind);
    const socket = server.socket(`/ws/chat/${id}?token=${sam.token}`);
    await socket.until("users_list");
    const path = `/api/chat/rooms/${id}/members/${sam.id}`;
    await together(server, id, olga, () =>
      server.fetch(path, {
        method: change ? "PUT" : "DELETE",
        json: change ?? {},
        headers: olga.headers,
      }));
    const { code: closed } = await socket.closed;
    assertEquals(closed, code);
    const frames = await socket.rest();
    const removal = frames.findIndex(({ type, content }) =>
      type === "system" && /banned|removed/.test(String(content))
    );
    assert(removal >= 0, "the removal itself is delivered");
    assertEquals(contents(frames.slice(removal)), []);
    const history = await server.fetch(`/api/chat/rooms/${id}/messages`, { headers: olga.headers });
    assert((await history.json()).some(({ content }: { content: string }) => content === "after"), "it was said");
  });
}

Deno.test("a nonce goes to its author's sockets only, once, whichever protocol they speak", async () => {
  await using server = await serve();
  const ann = await server.person("Ann"), bea = await server.person("Bea");
  const room = (token: string, batch = false) => server.socket(`/ws/chat/1?token=${token}${batch ? "&batch=1" : ""}`);
  const own = [room(ann.token), room(ann.token, true)], others = [room(bea.token), room(bea.token, true)];
  await Promise.all([...own, ...others].map((socket) => socket.until("users_list")));
  const pages = [ann, bea].map(({ cookie }) => server.socket("/ws", { headers: cookie }));
  for (const page of pages) {
    await page.until("hello");
    await page.send({ type: "subscribe", room: 1, nonce: "s" });
    await page.until("ok");
  }
  await own[0]!.send({ type: "message", content: "hi", nonce: "n-1" });
  const text = async (socket: typeof own[number]) =>
    JSON.stringify(await socket.until("message").catch(() => undefined));
  for (const socket of own) assertEquals((await text(socket)).match(/"nonce"/g)?.length, 1);
  for (const socket of others) assertEquals((await text(socket)).includes("n-1"), false);
  const [mine, theirs] = await Promise.all(pages.map(async (page) => JSON.stringify(await page.until("events"))));
  assertEquals(mine?.match(/n-1/g)?.length, 1);
  assertEquals(theirs?.includes("n-1"), false);
  // And when they come back.
  for (const [{ token }, count] of [[ann, 1], [bea, 0]] as const) {
    const back = server.socket(`/ws/chat/1?token=${token}&after=0`);
    assertEquals(JSON.stringify(await back.until("message")).match(/n-1/g)?.length ?? 0, count);
  }
});
