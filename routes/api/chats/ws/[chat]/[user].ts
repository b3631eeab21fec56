import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { api, segments } from "@/lib/http/api.ts";
import { findChat } from "@/lib/http/path_params.ts";
import { serveDialect } from "@/lib/http/sockets.ts";
import { chatsCodec } from "@/lib/protocols/chats/codec.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/api/chats/ws/:chat/:user{/}?" };

/** `/api/chats/ws/{chat}/{user}`: protocol 3, for the account that the address names and nobody else. */
export const handler = api({
  GET(ctx) {
    const { chat } = ctx.state;
    const [, , , id = "", user = ""] = segments(ctx.url);
    return serveDialect(ctx, chatsCodec, async (actor) => {
      chat.permissions.requireAccount(actor, "read");
      if (actor?.person.id !== user) {
        throw new ChatError("forbidden", "This address is another account's: use your own id in it.");
      }
      const { room } = await findChat(chat, actor, id);
      return { identity: actor, room: String(room.id) };
    });
  },
});
