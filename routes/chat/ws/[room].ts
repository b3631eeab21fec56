import type { RouteConfig } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { serveDialect } from "@/lib/http/sockets/dialect_socket.ts";
import { bearerCodec } from "@/lib/protocols/bearer/codec.ts";
import { endpoint } from "@/lib/http/endpoint.ts";
import { segments } from "@/lib/http/path_params.ts";

/** With or without a slash at the end. */
export const config: RouteConfig = { routeOverride: "/chat/ws/:room{/}?" };

/** `/chat/ws/{room}`: protocol 4, for people with an account. */
export const handler = endpoint({
  GET(ctx) {
    const { permissions } = ctx.state.chat, room = segments(ctx.url)[2] ?? "";
    return serveDialect(ctx, bearerCodec, (actor) => {
      permissions.requireAccount(actor, "read");
      if (!actor) throw new ChatError("sign_in");
      return { identity: actor, room };
    });
  },
});
