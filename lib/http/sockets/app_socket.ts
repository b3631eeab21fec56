/**
 * Protocol 5 on a socket: the web app's own.
 * @module
 */
import { ChatError } from "@/lib/errors.ts";
import { unread } from "@/lib/chat/reads.ts";
import { isCrossSite } from "@/lib/http/authenticate.ts";
import { VERSION } from "@/lib/http/health.ts";
import { onOpen, upgrade, type UpgradeRequest } from "@/lib/http/sockets/upgrade.ts";
import type { Chat } from "@/lib/http/state.ts";
import { Connection } from "@/lib/live/connection.ts";
import { appCodec, helloFrame } from "@/lib/protocols/app/codec.ts";

const ROOMS_IN_HELLO = 1_000;

/** Serves protocol 5. Throws {@link ChatError} `forbidden` for pages of other sites. */
export function serveApp(request: UpgradeRequest): Response {
  const { req, state: { chat, address } } = request;
  if (isCrossSite(req, [])) throw new ChatError("forbidden", "This socket is for the web app's own pages.");
  const { socket, response, connect } = upgrade(request);
  const connection = new Connection(socket, chat.hub, appCodec, address);
  onOpen(socket, () =>
    connection.admit(async () => {
      connection.actor = await connect();
      await sendHello(chat, connection);
    }));
  return response;
}

async function sendHello(chat: Chat, connection: Connection): Promise<void> {
  const { actor } = connection;
  const follows = await chat.hub.accountChannels.attach(connection)?.open();
  const listed = await chat.rooms.list(actor, { limit: ROOMS_IN_HELLO });
  const rooms = listed.map(({ room, head }) => {
    const follow = follows?.get(room.id);
    const { count, mentions } = follow ? unread(head, follow) : { count: 0, mentions: 0 };
    return { room, head, online: chat.hub.online.count(room.id), unread: count, mentions };
  });
  connection.send(helloFrame(actor?.person ?? null, VERSION, rooms));
}
