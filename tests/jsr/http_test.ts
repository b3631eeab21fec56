import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  accepts,
  acceptsEncodings,
  acceptsLanguages,
  deleteCookie,
  eTag,
  getCookies,
  getSetCookies,
  ifMatch,
  ifNoneMatch,
  isClientErrorStatus,
  isErrorStatus,
  isInformationalStatus,
  isRedirectStatus,
  isServerErrorStatus,
  isStatus,
  isSuccessfulStatus,
  serveDir,
  serveFile,
  ServerSentEventParseStream,
  ServerSentEventStream,
  setCookie,
  STATUS_CODE,
  STATUS_TEXT,
  UserAgent,
} from "@std/http";
import { route } from "@std/http/unstable-route";
import { project } from "./project.ts";

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
    domain: "a.example",
    path: "/",
    secure: true,
    httpOnly: true,
    partitioned: true,
    sameSite: "Strict",
    unparsed: ["Priority=High"],
  });
  const parts = headers.getSetCookie()[0]?.split("; ") ?? [];
  assertEquals(parts[0], "a=1");
  assertEquals(
    parts.slice(1).sort(),
    [
      "Domain=a.example",
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "HttpOnly",
      "Max-Age=5",
      "Partitioned",
      "Path=/",
      "Priority=High",
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

Deno.test("deleteCookie ends a cookie, and getSetCookies reads what was set", () => {
  const headers = new Headers();
  setCookie(headers, { name: "a", value: "1", path: "/x", httpOnly: true, sameSite: "Lax", maxAge: 3 });
  deleteCookie(headers, "b", { path: "/" });
  const [a, b] = getSetCookies(headers);
  assertEquals(a, { name: "a", value: "1", path: "/x", httpOnly: true, sameSite: "Lax", maxAge: 3 });
  assertEquals([b?.name, b?.value, b?.path, Number(b?.expires)], ["b", "", "/", 0]);
});

Deno.test("status codes by name, their phrases, and their classes", () => {
  assertEquals([STATUS_CODE.NotFound, STATUS_TEXT[404], STATUS_CODE.OK], [404, "Not Found", 200]);
  const classes = [
    isInformationalStatus,
    isSuccessfulStatus,
    isRedirectStatus,
    isClientErrorStatus,
    isServerErrorStatus,
  ];
  for (const [index, status] of [101, 204, 302, 404, 503].entries()) {
    assertEquals(classes.map((isOf) => isOf(status)), classes.map((_, at) => at === index));
  }
  assertEquals([isStatus(299), isErrorStatus(418), isErrorStatus(200), isErrorStatus(499)], [
    false,
    true,
    false,
    false,
  ]);
});

Deno.test("eTag tags content and files, ifMatch and ifNoneMatch compare", async () => {
  const tag = await eTag("hello");
  assertMatch(tag, /^"[^"]+"$/);
  assertEquals(await eTag(new TextEncoder().encode("hello")), tag);
  assertEquals(await eTag("hello", { weak: true }), `W/${tag}`);
  assertMatch(await eTag({ mtime: new Date(0), size: 5 }) ?? "", /^W\//);
  assertEquals(await eTag({ mtime: null, size: 5 }), undefined);

  assertEquals([ifMatch(null, tag), ifMatch(tag, tag), ifMatch("*", tag), ifMatch('"x"', tag)], [
    true,
    true,
    true,
    false,
  ]);
  assertEquals([ifMatch(`W/${tag}`, `W/${tag}`), ifMatch(`"a", ${tag}`, tag)], [false, true]);
  // True means that the body is to be sent.
  assertEquals([ifNoneMatch(null, tag), ifNoneMatch(tag, tag), ifNoneMatch('"x"', tag)], [true, false, true]);
  assertEquals([ifNoneMatch("*", tag), ifNoneMatch(`"x", W/${tag}`, tag)], [false, false]);
});

const withHeader = (name: string, value?: string) =>
  new Request("http://localhost/", { headers: value === undefined ? {} : { [name]: value } });

Deno.test("accepts picks the media type that the client prefers", () => {
  const request = withHeader("accept", "text/html;q=0.8, application/json, image/*;q=0.5");
  assertEquals(accepts(request)[0], "application/json");
  assertEquals(accepts(request, "text/html", "application/json"), "application/json");
  assertEquals(accepts(request, "image/png", "text/html"), "text/html");
  assertEquals(accepts(request, "text/css"), undefined);
  assertEquals(accepts(withHeader("accept"), "text/css"), "text/css");
  assertEquals(accepts(withHeader("accept", "text/html, */*;q=0.1"), "text/css", "text/html"), "text/html");
});

Deno.test("acceptsEncodings and acceptsLanguages pick too", () => {
  assertEquals(acceptsEncodings(withHeader("accept-encoding", "gzip, br;q=0.9"), "br", "gzip"), "gzip");
  assertEquals(acceptsEncodings(withHeader("accept-encoding", "gzip;q=0"), "gzip"), undefined);
  assertEquals(acceptsEncodings(withHeader("accept-encoding", "gzip"), "br", "identity"), "identity");
  assertEquals(acceptsLanguages(withHeader("accept-language", "de, en;q=0.5"), "en", "de"), "de");
  assertEquals(acceptsLanguages(withHeader("accept-language", "fr"), "en"), undefined);
  assertEquals(acceptsLanguages(withHeader("accept-language", "de;q=0.5, en")), ["en", "de"]);
});

Deno.test("events are written and read back, wherever the bytes are cut", async () => {
  const messages = [
    { comment: "hi" },
    { event: "post", data: "line 1\nline 2", id: "7" },
    { retry: 1000, data: "ä" },
  ];
  const written = await new Response(ReadableStream.from(messages).pipeThrough(new ServerSentEventStream())).bytes();
  const bytes = Array.from(written, (byte) => new Uint8Array([byte]));
  const read = ReadableStream.from(bytes).pipeThrough(new ServerSentEventParseStream());
  assertEquals(await Array.fromAsync(read), messages);
  const crlf = ReadableStream.from([
    new TextEncoder().encode(":c\r\ndata: a\r"),
    new TextEncoder().encode("\ndata:b\r\n\r\n"),
  ]);
  const parsed = crlf.pipeThrough(new ServerSentEventParseStream({ ignoreComments: true }));
  assertEquals(await Array.fromAsync(parsed), [{ data: "a\nb" }]);
});

Deno.test("a line break in a field that has one line fails the stream", async () => {
  const stream = ReadableStream.from([{ event: "a\nb" }]).pipeThrough(new ServerSentEventStream());
  let failed = false;
  await new Response(stream).text().catch(() => failed = true);
  assert(failed);
});

Deno.test("serveFile sends a file, its ranges, and 304 for what the client has", async () => {
  await using site = await project({ "a.txt": "0123456789" });
  const get = (headers: Record<string, string> = {}, method = "GET") =>
    serveFile(new Request("http://localhost/", { method, headers }), `${site.root}/a.txt`);
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
  const known = await get({ "if-none-match": whole.headers.get("etag") ?? "" });
  assertEquals([known.status, await known.text()], [304, ""]);
  assertEquals((await get({ "if-modified-since": whole.headers.get("last-modified") ?? "" })).status, 304);
  const head = await get({}, "HEAD");
  assertEquals([head.headers.get("content-length"), await head.text()], ["10", ""]);
  assertEquals((await get({}, "POST")).status, 405);
  assertEquals((await serveFile(new Request("http://localhost/"), `${site.root}/nope`)).status, 404);
});

Deno.test("serveDir serves a folder and nothing outside of it", async () => {
  await using site = await project({
    "pub/a.txt": "a",
    "pub/in/index.html": "index",
    "pub/.hidden": "h",
    "secret": "s",
    "pub/list/<b>.txt": "",
  });
  const get = (path: string, options = {}) =>
    serveDir(new Request(`http://localhost${path}`), { fsRoot: `${site.root}/pub`, quiet: true, ...options });
  assertEquals(await (await get("/a.txt")).text(), "a");
  assertEquals(await (await get("/in/")).text(), "index");
  const toFolder = await get("/in");
  assertEquals([toFolder.status, toFolder.headers.get("location")], [301, "http://localhost/in/"]);
  assertEquals(await (await get("/static/a.txt", { urlRoot: "static" })).text(), "a");
  assertEquals((await get("/.hidden")).status, 404);
  assertEquals(await (await get("/.hidden", { showDotfiles: true })).text(), "h");
  assertEquals((await get("/..%2fsecret")).status, 404);
  assertEquals((await get("/list/")).status, 404);
  assertMatch(await (await get("/list/", { showDirListing: true })).text(), /&lt;b&gt;\.txt/);
  const marked = await get("/a.txt", { headers: ["x-a: 1"], enableCors: true });
  await marked.body?.cancel();
  assertEquals([marked.headers.get("x-a"), marked.headers.get("access-control-allow-origin")], ["1", "*"]);
});

Deno.test("route picks by method and pattern, else the fallback", async () => {
  const handler = route([
    {
      pattern: new URLPattern({ pathname: "/a/:id" }),
      handler: (_, params) => new Response(params.pathname.groups.id),
    },
    { pattern: new URLPattern({ pathname: "/b" }), method: ["POST", "PUT"], handler: () => new Response("b") },
  ], () => new Response("none", { status: 404 }));
  const text = async (path: string, method = "GET") =>
    await (await handler(new Request(`http://localhost${path}`, { method }))).text();
  assertEquals([await text("/a/7"), await text("/b"), await text("/b", "PUT"), await text("/a/7", "POST")], [
    "7",
    "none",
    "b",
    "none",
  ]);
});

Deno.test("UserAgent tells browser, system and device", () => {
  const firefox = new UserAgent("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
  assertEquals([firefox.browser.name, firefox.browser.major, firefox.os.name, firefox.engine.name], [
    "Firefox",
    "128",
    "Linux",
    "Gecko",
  ]);
  assertEquals(firefox.cpu.architecture, "amd64");
  const phone = new UserAgent(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  );
  assertEquals([phone.browser.name, phone.os.name, phone.os.version], ["Mobile Safari", "iOS", "17.5"]);
  assertEquals([phone.device.model, phone.device.type, phone.device.vendor], ["iPhone", "mobile", "Apple"]);
  assertEquals(new UserAgent(null).browser.name, undefined);
});
