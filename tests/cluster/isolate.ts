/**
 * A Worker that is an instance: it opens the store whose file it gets, serves rooms on a port of its own, and answers with its address.
 * @module
 */
import { asGuest } from "@/lib/chat/policy.ts";
import { compose } from "@/lib/server/compose.ts";
import { UNLIMITED } from "@/tests/people.ts";
import { serveRoom } from "@/lib/http/sockets/room_socket.ts";

self.onmessage = async ({ data: store }: MessageEvent<string>) => {
  const chat = await compose({ ...UNLIMITED, store });
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url), last = pathname.split("/").at(-1)!;
    if (pathname.startsWith("/ws/")) return serveRoom({ req: request, state: { chat, address: "127.0.0.1" } }, last);
    const who = { id: "0".repeat(24), name: "Owner", guest: true };
    if (request.method === "POST") {
      return Response.json(await chat.rooms.create(asGuest(who), { name: last, description: "" }));
    }
    const { room } = await chat.rooms.find(asGuest(who), last);
    await chat.rooms.delete(asGuest(who), room.id);
    return new Response();
  });
  self.onmessage = async () => {
    await chat.drain();
    await listener.shutdown();
    await chat[Symbol.asyncDispose]();
    self.postMessage("gone");
  };
  self.postMessage(`http://127.0.0.1:${listener.addr.port}`);
};
