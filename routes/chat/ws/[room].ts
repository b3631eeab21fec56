import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { api, segments } from "@/lib/http/api.ts";
import { serveDialect } from "@/lib/http/sockets.ts";
import { bearerCodec } from "@/lib/protocols/bearer/codec.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/chat/ws/:room{/}?" };

/** `/chat/ws/{room}`: protocol 4, for people with an account. */
export const handler = api({
  GET(ctx) {
    const { permissions } = ctx.state.chat, room = segments(ctx.url)[2] ?? "";
    return serveDialect(ctx, bearerCodec, (actor) => {
      permissions.requireAccount(actor, "read");
      if (!actor) throw new ChatError("sign_in");
      return Promise.resolve({ identity: actor, room });
    });
  },
});
