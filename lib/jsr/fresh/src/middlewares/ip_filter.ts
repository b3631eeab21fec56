import type { Context } from "../context.ts";
import type { Middleware } from "../handlers.ts";
import { parseAddress, parseNetwork } from "../ip_network.ts";

/** Addresses and networks such as `10.0.0.0/8` or `2001:db8::/32`. */
export interface IpFilterRules {
  /** Those that are refused, before all else. */
  denyList?: string[];
  /** Those that are let in; if there are any, all others are refused. */
  allowList?: string[];
}

/** How {@linkcode ipFilter} refuses. */
export interface IpFilterOptions<State = unknown> {
  /** Answers instead of the plain 403. */
  onBlocked?: (
    remote: { addr: string; type: "IPv4" | "IPv6" | undefined },
    ctx: Context<State>,
  ) => Response | Promise<Response>;
}

/**
 * Refuses requests by the address that they come from.
 *
 * @throws {TypeError} If a rule is neither an address nor a network.
 */
export function ipFilter<State>(rules: IpFilterRules, options: IpFilterOptions<State> = {}): Middleware<State> {
  const deny = (rules.denyList ?? []).map(parseNetwork);
  const allow = (rules.allowList ?? []).map(parseNetwork);
  const refuse = (ctx: Context<State>, addr: string, type: "IPv4" | "IPv6" | undefined) =>
    options.onBlocked?.({ addr, type }, ctx) ?? new Response("Forbidden", { status: 403 });
  return async (ctx) => {
    const { remoteAddr } = ctx.info;
    const text = "hostname" in remoteAddr ? remoteAddr.hostname : "";
    const address = parseAddress(text);
    const type = address === null ? undefined : address.bits === 32 ? "IPv4" : "IPv6";
    if (address === null) {
      return allow.length > 0 ? await refuse(ctx, text, type) : await ctx.next();
    }
    if (deny.some((network) => network.includes(address))) return await refuse(ctx, text, type);
    if (allow.length > 0 && !allow.some((network) => network.includes(address))) return await refuse(ctx, text, type);
    return await ctx.next();
  };
}
