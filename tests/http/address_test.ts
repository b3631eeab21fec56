import { assertEquals } from "@std/assert";
import { clientAddress, isHttps, trustedProxies } from "@/lib/http/address.ts";

const proxies = trustedProxies(["10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1"]);

function address(peer: string, forwarded?: string, listed?: string[]): string {
  const trusted = listed ? trustedProxies(listed) : proxies;
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-for": forwarded });
  return clientAddress(new Request("http://chat.example/", { headers }), peer, trusted);
}

function https(peer: string, forwarded?: string, publicUrl?: string, url = "http://chat.example/"): boolean {
  const headers = new Headers(forwarded === undefined ? {} : { "x-forwarded-proto": forwarded });
  return isHttps(new Request(url, { headers }), peer, proxies, publicUrl);
}

Deno.test("without a trusted proxy the address is the peer's, whatever the request says", () => {
  assertEquals(address("203.0.113.9"), "203.0.113.9");
  assertEquals(address("203.0.113.9", "198.51.100.1"), "203.0.113.9");
  assertEquals(address("10.0.0.1", "198.51.100.1", []), "10.0.0.1");
});

Deno.test("a trusted proxy counts for the hop before it, and not for what a client put before that", () => {
  assertEquals(address("10.0.0.1", "198.51.100.1"), "198.51.100.1");
  assertEquals(address("10.0.0.1", "1.1.1.1, 198.51.100.1"), "198.51.100.1");
  assertEquals(address("192.0.2.7", "1.1.1.1,198.51.100.1 , 10.9.9.9,fd00::5"), "198.51.100.1");
  assertEquals(address("192.0.2.8", "198.51.100.1"), "192.0.2.8", "its neighbour is not trusted");
});

Deno.test("where all are proxies, the address is that of the first", () => {
  assertEquals(address("10.0.0.1"), "10.0.0.1");
  assertEquals(address("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3");
});

Deno.test("a part that isn't an address doesn't count, nor does what comes before it", () => {
  for (const part of ["unknown", "", "198.51.100.1:80", "198.51.100", "<b>", "198.51.100.1%eth0", "01.2.3.4"]) {
    assertEquals(address("10.0.0.1", part), "10.0.0.1", part);
    assertEquals(address("10.0.0.1", `198.51.100.1, ${part}, 10.0.0.2`), "10.0.0.2", part);
  }
});

Deno.test("addresses are canonical: v6 shortened, v4 in v6 as v4", () => {
  assertEquals(address("::ffff:203.0.113.9"), "203.0.113.9");
  assertEquals(address("::ffff:10.0.0.1", "::ffff:c633:6401"), "198.51.100.1");
  assertEquals(address("0:0:0:0:0:0:0:1", "2001:DB8:0:0::1"), "2001:db8::1");
  assertEquals(address("fe80::1%eth0"), "fe80::1");
});

Deno.test("people come by HTTPS where the public address says so, or a trusted proxy, or the request", () => {
  assertEquals(https("203.0.113.9", undefined, "https://chat.example"), true);
  assertEquals(https("10.0.0.1", "https", "http://chat.example"), false);
  assertEquals(https("10.0.0.1", "https"), true);
  assertEquals(https("10.0.0.1", "HTTPS, http"), true);
  assertEquals(https("10.0.0.1", "http", undefined, "https://chat.example/"), false);
  assertEquals(https("203.0.113.9", "https"), false, "anybody can say that");
  assertEquals(https("10.0.0.1", "gopher", undefined, "https://chat.example/"), true);
  assertEquals(https("203.0.113.9", undefined, undefined, "https://chat.example/"), true);
});
