import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { deleteCookie, getCookies, serveDir, setCookie, STATUS_TEXT, UserAgent } from "@std/http";
import { type Project, project } from "./project.ts";

const cookies = (cookie: string) => ({ ...getCookies(new Headers({ cookie })) });

Deno.test("getCookies reads pairs as they were sent, into an object without a prototype", () => {
  assertEquals(cookies("a=1; b=x=y; c=%20"), { a: "1", b: "x=y", c: "%20" });
  assertEquals(Object.getPrototypeOf(getCookies(new Headers())), null);
  for (const header of ["a=1;", ";a=1", "=x"]) assertThrows(() => cookies(header), Error);
});

Deno.test("setCookie writes all attributes, and refuses values that would need quoting", () => {
  const headers = new Headers();
  setCookie(headers, {
    name: "a",
    value: "1",
    expires: new Date(0),
    maxAge: 5,
    path: "/",
    secure: true,
    httpOnly: true,
    sameSite: "Strict",
  });
  const parts = headers.getSetCookie()[0]?.split("; ") ?? [];
  assertEquals(parts[0], "a=1");
  assertEquals(
    parts.slice(1).sort(),
    [
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "HttpOnly",
      "Max-Age=5",
      "Path=/",
      "SameSite=Strict",
      "Secure",
    ],
  );
  for (const value of ["a b", "a,b", '"', "ä", ";"]) {
    assertThrows(() => setCookie(headers, { name: "a", value }), Error);
  }
  assertThrows(() => setCookie(headers, { name: "a b", value: "1" }), Error);
  assertThrows(() => setCookie(headers, { name: "a", value: "1", path: "/;" }), Error);
});

Deno.test("deleteCookie ends a cookie", () => {
  const headers = new Headers();
  deleteCookie(headers, "b", { path: "/" });
  const [pair, ...attributes] = headers.getSetCookie()[0]?.split("; ") ?? [];
  assertEquals([pair, attributes.sort()], ["b=", ["Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Path=/"]]);
});

Deno.test("error status codes have reason phrases", () => {
  assertEquals([STATUS_TEXT[404], STATUS_TEXT[418], STATUS_TEXT[503]], [
    "Not Found",
    "I'm a teapot",
    "Service Unavailable",
  ]);
});

/** Serves a folder of a project under `/s`. */
const serve = ({ root }: Project, path: string, init?: RequestInit) =>
  serveDir(new Request(`http://localhost${path}`, init), { fsRoot: root, urlRoot: "s", quiet: true });

Deno.test("serveDir sends a file, its ranges, and 304 for what the client has", async () => {
  await using site = await project({ "a.txt": "0123456789" });
  const get = (headers: Record<string, string> = {}, method = "GET") => serve(site, "/s/a.txt", { method, headers });
  const whole = await get();
  assertEquals([whole.status, await whole.text()], [200, "0123456789"]);
  assertMatch(whole.headers.get("content-type") ?? "", /^text\/plain/);
  const part = await get({ range: "bytes=2-4" });
  assertEquals([part.status, part.headers.get("content-range"), await part.text()], [206, "bytes 2-4/10", "234"]);
  assertEquals(await (await get({ range: "bytes=-3" })).text(), "789");
  assertEquals(await (await get({ range: "bytes=7-" })).text(), "789");
  const outside = await get({ range: "bytes=20-" });
  await outside.body?.cancel();
  assertEquals([outside.status, outside.headers.get("content-range")], [416, "bytes */10"]);
  const etag = whole.headers.get("etag") ?? "";
  assertMatch(etag, /^W\/"[^"]+"$/);
  for (const condition of [etag, etag.slice(2), "*", `"x", ${etag}`]) {
    const known = await get({ "if-none-match": condition });
    assertEquals([known.status, await known.text()], [304, ""]);
  }
  assertEquals(await (await get({ "if-none-match": '"x"' })).text(), "0123456789");
  assertEquals((await get({ "if-modified-since": whole.headers.get("last-modified") ?? "" })).status, 304);
  const head = await get({}, "HEAD");
  assertEquals([head.headers.get("content-length"), await head.text()], ["10", ""]);
  assertEquals((await get({}, "POST")).status, 405);
  assertEquals((await serve(site, "/s/nope")).status, 404);
});

Deno.test("serveDir serves a folder and nothing outside of it", async () => {
  await using site = await project({
    "pub/a.txt": "a",
    "pub/in/index.html": "index",
    "pub/.hidden": "h",
    "secret": "s",
    "pub/list/<b>.txt": "",
  });
  const get = (path: string) => serve({ ...site, root: `${site.root}/pub` }, path);
  assertEquals(await (await get("/s/a.txt")).text(), "a");
  assertEquals(await (await get("/s/in/")).text(), "index");
  const toFolder = await get("/s/in");
  assertEquals([toFolder.status, toFolder.headers.get("location")], [301, "http://localhost/s/in/"]);
  assertEquals((await get("/a.txt")).status, 404);
  assertEquals((await get("/s/.hidden")).status, 404);
  assertEquals((await get("/s/..%2fsecret")).status, 404);
  assertEquals((await get("/s/..%2f..%2fsecret")).status, 404);
  assertEquals((await get("/s/list/")).status, 404);
});

Deno.test("UserAgent names browser and system", () => {
  const firefox = new UserAgent("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
  assertEquals([firefox.browser.name, firefox.os.name], ["Firefox", "Linux"]);
  const phone = new UserAgent(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  );
  assertEquals([phone.browser.name, phone.os.name], ["Mobile Safari", "iOS"]);
  assertEquals(new UserAgent("").browser.name, undefined);
});
