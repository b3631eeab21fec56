import { createHash, timingSafeEqual } from "node:crypto";
import type { Context } from "fresh";
import { ChatError } from "@/lib/errors.ts";
import { isLoopback } from "@/lib/http/address.ts";
import { prometheusResponse } from "@/lib/http/prometheus.ts";
import type { State } from "@/lib/http/state.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** Headers of requests that come through a proxy, or from a page of another site. */
const REMOTE_HEADERS = ["x-forwarded-for", "forwarded", "via", "origin"];

/** `/metrics`: the metrics of this process for Prometheus. To others the address doesn't exist. */
export const handler = endpoint({
  async GET(ctx) {
    if (!isLocal(ctx) && !hasToken(ctx)) throw new ChatError("not_found");
    return prometheusResponse(await ctx.state.chat.metricsCollector.collect());
  },
});

/** Whether the request comes from this machine, to an address of this machine. */
function isLocal({ req: { headers }, url, state: { address } }: Context<State>): boolean {
  return isLoopback(address) && isLoopback(url.hostname) && !REMOTE_HEADERS.some((name) => headers.has(name));
}

function hasToken({ req, state: { chat: { site } } }: Context<State>): boolean {
  const given = /^bearer +(.+)$/i.exec(req.headers.get("authorization") ?? "")?.[1];
  if (site.metricsToken === undefined || given === undefined) return false;
  return timingSafeEqual(digest(given), digest(site.metricsToken));
}

/** The comparison needs equal lengths, which hashes have. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
