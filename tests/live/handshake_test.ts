import { assertEquals } from "@std/assert";
import { Connection } from "@/lib/live/connection.ts";
import { HANDSHAKE_MS } from "@/lib/live/handshake_timeouts.ts";
import { appCodec } from "@/lib/protocols/app/codec.ts";
import { eventually } from "@/tests/limits.ts";
import { serve } from "@/tests/server.ts";

Deno.test("a client that is cut off in the middle of the handshake is not kept, though nobody ever tells", async () => {
  await using server = await serve();
  const { hub } = server.chat;
  // Takes the connection, and never answers.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const socket = new WebSocket(`ws://127.0.0.1:${listener.addr.port}`);
  new Connection(socket, hub, appCodec, "127.0.0.1");
  assertEquals([hub.connections.size, socket.readyState], [1, WebSocket.CONNECTING]);
  const forgotten = () => Promise.resolve().then(() => assertEquals(hub.connections.size, 0));
  await eventually("it to be forgotten", forgotten, HANDSHAKE_MS + 2_000);
  socket.close();
});
