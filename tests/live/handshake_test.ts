import { assertEquals } from "@std/assert";
import { Connection, HANDSHAKE_MS } from "@/lib/live/connection.ts";
import { appCodec } from "@/lib/protocols/app/codec.ts";
import { eventually } from "@/tests/limits.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a client that is cut off in mid-handshake, or doesn't say who it is, is closed in time", async () => {
  await using server = await serve();
  const { hub } = server.chat, silent = server.socket("/ws/chat/1"), guest = await server.join("Guest");
  await silent.opened();
  // Takes the connection, and never answers.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${listener.addr.port}`);
  new Connection(socket, hub, appCodec, "127.0.0.1");
  assertEquals([hub.connections.size, socket.readyState], [3, WebSocket.CONNECTING]);
  const forgotten = () => Promise.resolve().then(() => assertEquals(hub.connections.size, 1));
  await eventually("both to be forgotten", forgotten, HANDSHAKE_MS + 2_000);
  assertEquals((await silent.until("error")).code, "bad_frame");
  assertEquals((await silent.closed).code, 4400);
  await guest.send({ type: "message", content: "I'm still here" });
  await guest.until("message");
  socket.close();
});
