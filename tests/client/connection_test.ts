import { assertEquals, assertRejects } from "@std/assert";
import type { ServerFrame } from "@/lib/protocols/app/frames.ts";
import { Connection, RequestError } from "@/lib/client/connection.ts";
import { FakeSocket, person } from "./sample.ts";

const hello: ServerFrame = { type: "hello", user: person("Maya"), server_time: 0, version: "0", rooms: [] };

function begin() {
  const sockets: FakeSocket[] = [];
  const connection = new Connection(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket;
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("No socket was opened");
    return socket;
  };
  return { connection, sockets, last, [Symbol.dispose]: () => connection.close() };
}

Deno.test("a connection is live once the server said hello", () => {
  using page = begin();
  page.connection.connect();
  assertEquals(page.connection.phase.value.name, "connecting");
  page.last().receive(hello);
  assertEquals(page.connection.phase.value.name, "live");
});

Deno.test("a lost connection comes back by itself, and says when", () => {
  using page = begin();
  page.connection.connect();
  page.last().receive(hello);
  page.last().end(1006);
  assertEquals(page.connection.phase.value.name, "waiting");
  page.connection.connect();
  assertEquals(page.sockets.length, 2);
});

Deno.test("after a final close there is no attempt until one is asked for", () => {
  using page = begin();
  page.connection.connect();
  page.last().end(4403);
  assertEquals(page.connection.phase.value, { name: "refused", code: 4403 });
  page.connection.connect();
  assertEquals(page.sockets.length, 2);
});

Deno.test("a request gets its own answer", async () => {
  using page = begin();
  page.connection.connect();
  page.last().receive(hello);
  const one = page.connection.request({ type: "post", room: 1, content: "a", nonce: "n1" });
  const two = page.connection.request({ type: "post", room: 1, content: "b", nonce: "n2" });
  page.last().receive({ type: "error", nonce: "n2", code: "room_archived", detail: "Archived." });
  page.last().receive({ type: "ok", nonce: "n1", seq: 4 });
  assertEquals((await one).seq, 4);
  await assertRejects(() => two, RequestError, "Archived.");
});

Deno.test("a request whose connection is lost is refused, as is one without a connection", async () => {
  using page = begin();
  await assertRejects(() => page.connection.request({ type: "ping" }), RequestError, "lost");
  page.connection.connect();
  page.last().receive(hello);
  const request = page.connection.request({ type: "post", room: 1, content: "a" });
  page.connection.goOffline();
  await assertRejects(() => request, RequestError, "lost");
  assertEquals(page.last().closed, true);
});

Deno.test("a socket that was given up is ignored", () => {
  using page = begin();
  page.connection.connect();
  const first = page.last();
  page.connection.goOffline();
  page.connection.connect();
  first.receive(hello);
  first.end(4403);
  assertEquals(page.connection.phase.value.name, "connecting");
});

Deno.test("connecting while connected asks whether the server is still there", () => {
  using page = begin();
  page.connection.connect();
  page.last().receive(hello);
  page.connection.connect();
  assertEquals([page.sockets.length, page.last().sent.at(-1)?.type], [1, "ping"]);
});
