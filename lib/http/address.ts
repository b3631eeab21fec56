/**
 * The client's address and protocol. What a proxy says about them counts only if the proxy is trusted.
 * @module
 */
import { BlockList, isIP } from "node:net";

/** Trusted proxies; undefined for none, as checking an empty list takes time too. */
export type Proxies = BlockList | undefined;

/** The proxies of a list of addresses and of networks in CIDR form, v4 and v6. */
export function trustedProxies(list: readonly string[]): Proxies {
  if (list.length === 0) return undefined;
  const trusted = new BlockList();
  for (const item of list) {
    const [network = "", prefix] = item.split("/");
    if (prefix === undefined) trusted.addAddress(network, family(network));
    else trusted.addSubnet(network, Number(prefix), family(network));
  }
  return trusted;
}

/**
 * The address of the client: the peer's own, or, where the peer is a trusted proxy, the last one in `X-Forwarded-For`
 * that is not a trusted proxy itself. What comes before that, or before a part that isn't an address, can be
 * made up.
 */
export function clientAddress(request: Request, peer: string, trusted: Proxies): string {
  let address = canonical(peer) ?? peer;
  const hops = request.headers.get("x-forwarded-for")?.split(",") ?? [];
  while (isTrusted(address, trusted)) {
    const before = canonical(hops.pop()?.trim() ?? "");
    if (before === undefined) break;
    address = before;
  }
  return address;
}

/** Whether people reach this server by HTTPS: as its public address says, or a trusted proxy, or the request itself. */
export function isHttps(request: Request, peer: string, trusted: Proxies, publicUrl: string | undefined): boolean {
  if (publicUrl !== undefined) return publicUrl.startsWith("https:");
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase();
  const isSaid = forwarded === "https" || forwarded === "http";
  if (isSaid && isTrusted(canonical(peer) ?? peer, trusted)) return forwarded === "https";
  return new URL(request.url).protocol === "https:";
}

/** How a request reached the server, with the server's public address. */
interface Reached {
  readonly url: URL;
  readonly state: {
    readonly secure: boolean;
    readonly chat: { readonly site: { readonly publicUrl: string | undefined } };
  };
}

/** The address that people use, without a slash at its end: the public one, or what this request came to. */
export function originOf({ url, state: { chat: { site }, secure } }: Reached): string {
  return site.publicUrl ?? `${secure ? "https" : "http"}://${url.host}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether an address, or the host of one, is this machine's own. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || isTrusted(host.replace(/^\[|\]$/g, ""), LOOPBACK);
}

function isTrusted(address: string, trusted: Proxies): boolean {
  return trusted !== undefined && isIP(address) !== 0 && trusted.check(address, family(address));
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** The canonical form of an address: v6 shortened, v4 in v6 as v4. Undefined for what isn't one. */
function canonical(address: string): string | undefined {
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : undefined;
  const [unzoned] = address.split("%");
  const short = new URL(`http://[${unzoned}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (!mapped) return short;
  const halves = mapped.slice(1).map((half) => parseInt(half, 16));
  return halves.flatMap((half) => [half >> 8, half & 0xff]).join(".");
}
