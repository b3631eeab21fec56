/**
 * The bare room that every figure is compared with, and the least that a Deno server can do: a set of sockets a room, one
 * `JSON.stringify` a message, nothing stored and nothing checked.
 * @module
 */
interface Room {
  readonly sockets: Set<WebSocket>;
  seq: number;
}

const rooms = new Map<string, Room>();

Deno.serve({
  port: Number(Deno.env.get("PORT") ?? 9000),
  hostname: "127.0.0.1",
  // As the real server has it; with the default, clients that come back together wait for a second.
  tcpBacklog: 4096,
  onListen: ({ hostname, port }) => console.log(`The bare room is at http://${hostname}:${port}`),
}, (request) => {
  if (request.headers.get("upgrade") !== "websocket") return new Response("ok");
  const address = new URL(request.url);
  const id = address.searchParams.get("room") ?? "", user = address.searchParams.get("user");
  const { socket, response } = Deno.upgradeWebSocket(request);
  let room = rooms.get(id);
  if (!room) rooms.set(id, room = { sockets: new Set(), seq: 0 });
  join(socket, room, id, user);
  return response;
});

function join(socket: WebSocket, room: Room, id: string, user: string | null): void {
  const { sockets } = room;
  socket.onopen = () => {
    sockets.add(socket);
    socket.send('{"type":"joined"}');
  };
  socket.onmessage = ({ data }) => {
    const { type, text } = JSON.parse(data);
    if (type !== "msg") return;
    const frame = JSON.stringify({ type: "msg", room: id, seq: ++room.seq, from: user, text, ts: Date.now() });
    for (const other of sockets) if (other.readyState === WebSocket.OPEN) other.send(frame);
  };
  socket.onclose = socket.onerror = () => sockets.delete(socket);
}
