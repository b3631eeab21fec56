import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { isLoopback } from "@/lib/http/address.ts";
import { prometheusResponse } from "@/lib/http/prometheus.ts";
import type { State } from "@/lib/http/state.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** With one of these a request may come through a proxy, or from a page of another site that asks in its visitor's name. */
const FROM_AFAR = ["x-forwarded-for", "forwarded", "via", "origin"];

/** `/metrics`: figures of this process for Prometheus. They are nobody else's business, not even that they are here. */
export const handler = endpoint({
  async GET(ctx) {
    if (!isFromHere(ctx) && !hasToken(ctx)) throw new ChatError("not_found");
    return prometheusResponse(await ctx.state.chat.metricsCollector.collect());
  },
});

/** Whether a program on this machine asks, and by an address of this machine. */
function isFromHere({ req: { headers }, url, state: { address } }: Context<State>): boolean {
  return isLoopback(address) && isLoopback(url.hostname) && !FROM_AFAR.some((name) => headers.has(name));
}

function hasToken({ req, state: { chat: { site } } }: Context<State>): boolean {
  const given = /^bearer +(.+)$/i.exec(req.headers.get("authorization") ?? "")?.[1];
  if (site.metricsToken === undefined || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(site.metricsToken));
}

/** Hashes are of one length, as the comparison wants. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
