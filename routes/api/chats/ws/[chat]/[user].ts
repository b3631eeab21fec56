import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { findChat, segments } from "@/lib/http/path_params.ts";
import { serveDialect } from "@/lib/http/sockets/dialect_socket.ts";
import { chatsCodec } from "@/lib/protocols/chats/codec.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/api/chats/ws/:chat/:user{/}?" };

/** `/api/chats/ws/{chat}/{user}`: protocol 3, for the account that the address names. */
export const handler = endpoint({
  GET(ctx) {
    const { chat } = ctx.state;
    const [, , , id = "", user = ""] = segments(ctx.url);
    return serveDialect(ctx, chatsCodec, async (actor) => {
      chat.permissions.requireAccount(actor, "read");
      if (actor?.person.id !== user) {
        throw new ChatError("forbidden", "This address is another account's. Use your own ID.");
      }
      const { room } = await findChat(chat, actor, id);
      return { identity: actor, room: String(room.id) };
    });
  },
});
