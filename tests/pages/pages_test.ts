import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { serve } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";

Deno.test("the landing page leads in, and isn't shown again to those with a name", async () => {
  await using server = await serve();
  const reader = new Reader(server);
  assertStringIncludes((await reader.get("/")).html, "What's your name?");
  const joined = await reader.send("/", { name: "Maya", next: "/" });
  assertEquals([joined.status, joined.to], [303, "/"]);
  assertEquals((await reader.get("/")).to, "/rooms/1");
  await reader.send("/rooms/new", { name: "music", description: "" });
  await reader.get("/rooms/2");
  assertEquals((await reader.get("/")).to, "/rooms/2");
});

Deno.test("the landing page shows who's online and the newest messages", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  await maya.send("/rooms/1", { content: "is <b>anybody</b>\nhere?" });
  await server.join("Jonas");
  const { html } = await new Reader(server).get("/");
  assertStringIncludes(html, "1 person is here now");
  assertMatch(html, /<b[^>]*>Maya<\/b> is &lt;b(>|&gt;)anybody&lt;\/b(>|&gt;) here\?/);
});

Deno.test("the landing page shows twelve rooms, and a link to the others", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya"), reader = new Reader(server);
  for (let room = 2; room <= 12; room++) await maya.send("/rooms/new", { name: `room ${room}`, description: "" });
  assertNotMatch((await reader.get("/")).html, /All rooms/);
  await maya.send("/rooms/new", { name: "one more", description: "" });
  const { html } = await reader.get("/");
  assertMatch(html, /href="\/rooms"[^>]*>All rooms/);
  assertNotMatch(html, /one more/);
});

Deno.test("every stylesheet that a page asks for is there", async () => {
  await using server = await serve();
  const { reader } = await signedIn(server, "Ada"), sheets = new Set<string>();
  for (const from of [new Reader(server), reader]) {
    for (const path of ["/", "/login", "/rooms/1", "/settings", "/docs", "/docs/websocket", "/nowhere"]) {
      const { html } = await from.get(path);
      for (const [, href] of html.matchAll(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)) sheets.add(href!);
    }
  }
  assert(sheets.size > 5, "the links were found");
  for (const sheet of sheets) {
    const response = await server.fetch(sheet);
    await response.body?.cancel();
    assertEquals(response.status, 200, sheet);
    assertMatch(response.headers.get("content-type") ?? "", /^text\/css/);
  }
});

Deno.test("an invalid name is refused with a sentence, and what was typed stays", async () => {
  await using server = await serve();
  for (const path of ["/", "/join"]) {
    const { status, html } = await new Reader(server).send(path, { name: "a/b", next: "/rooms/1" });
    assertEquals(status, 422);
    assertStringIncludes(html, "Use only letters");
    assertStringIncludes(html, 'value="a/b"');
  }
});

Deno.test("entering a name goes back to the page before, on this site only", async () => {
  await using server = await serve();
  const next: Record<string, string> = {
    "/rooms/1": "/rooms/1",
    "https://evil.example/": "/",
    "//evil.example": "/",
    "/\\evil.example": "/",
    "javascript:alert(1)": "/",
    "": "/",
  };
  for (const [wanted, to] of Object.entries(next)) {
    assertEquals((await new Reader(server).send("/join", { name: "Maya", next: wanted })).to, to, wanted);
  }
});

Deno.test("a form of another site is refused", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  assertEquals((await maya.send("/rooms/1", { content: "hi" }, { origin: "https://evil.example" })).status, 403);
});

Deno.test("a form posts a message once, however often it's sent", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  for (let i = 0; i < 2; i++) {
    const { status, to } = await maya.send("/rooms/1", { content: "hello", nonce: "n" });
    assertEquals([status, to], [303, "/rooms/1"]);
  }
  const { html } = await maya.get("/rooms/1");
  assertEquals(html.match(/data-message="/g)?.length, 1);
});

Deno.test("a refused message stays in the field, with a sentence", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  const long = await maya.send("/rooms/1", { content: "x".repeat(4001) });
  assertEquals(long.status, 422);
  assertStringIncludes(long.html, "at most 4000 characters");
  assertMatch(long.html, /<textarea[^>]*>x{4001}<\/textarea>/);
  assertEquals((await maya.send("/rooms/1", { content: " \n " })).status, 422);
  assertEquals((await new Reader(server).send("/rooms/1", { content: "hi" })).status, 401);
});

Deno.test("history is read page by page", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  for (let i = 1; i <= 60; i++) await maya.send("/rooms/1", { content: `line ${i}.` });
  const newest = (await maya.get("/rooms/1")).html;
  assertStringIncludes(newest, "line 60.");
  assertNotMatch(newest, /line 10\./);
  const [, older = ""] = /href="([^"]*\?before=\d+)"/.exec(newest) ?? [];
  const page = (await maya.get(older)).html;
  assertStringIncludes(page, "line 10.");
  assertStringIncludes(page, "This is the beginning of general.");
  const [, newer = ""] = /href="([^"]*\?after=\d+)"/.exec(page) ?? [];
  assertStringIncludes((await maya.get(newer)).html, "line 11.");
});

Deno.test("every message has an address, where it is marked", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  await maya.send("/rooms/1", { content: "one" });
  await maya.send("/rooms/1", { content: "two" });
  const { html } = await maya.get(`/rooms/1/messages/${messageId(1, 1)}`);
  assertEquals(/<article[^>]*marked[^>]*data-message="(\d+)"/.exec(html)?.[1], String(messageId(1, 1)));
  for (const id of ["99", "x", messageId(1, 9), messageId(2, 1)]) {
    assertEquals((await maya.get(`/rooms/1/messages/${id}`)).status, 404, String(id));
  }
});

Deno.test("forms react, edit and delete; only the author's own messages can be changed", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya"), jonas = await named(server, "Jonas");
  await maya.send("/rooms/1", { content: "hello" });
  const address = `/rooms/1/messages/${messageId(1, 1)}`;
  assertEquals((await jonas.send(address, { react: "👍" })).status, 303);
  assertMatch((await jonas.get("/rooms/1")).html, /class="chip"[^>]*aria-pressed="true"/);
  await jonas.send(address, { react: "👍" });
  assertNotMatch((await jonas.get("/rooms/1")).html, /class="chip"/);
  assertEquals((await jonas.send(address, { react: "not an emoji" })).status, 422);
  assertEquals((await jonas.get(`${address}/edit`)).status, 403);
  assertEquals((await jonas.send(`${address}/edit`, { content: "mine now" })).status, 403);
  assertEquals((await maya.send(`${address}/edit`, { content: "hello all" })).to, address);
  assertStringIncludes((await maya.get(address)).html, "hello all");
  await maya.send(`${address}/edit`, { delete: "yes" });
  assertEquals((await maya.get(address)).status, 404);
});

Deno.test("forms create, rename and delete rooms", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  assertEquals((await maya.send("/rooms/new", { name: "kitchen", description: "rota" })).to, "/rooms/2");
  const taken = await maya.send("/rooms/new", { name: "KITCHEN", description: "again" });
  assertEquals(taken.status, 409);
  assertStringIncludes(taken.html, 'value="again"');
  assertEquals((await maya.send("/rooms/2/settings", { name: "pantry", description: "" })).status, 303);
  assertStringIncludes((await maya.get("/rooms/pantry")).html, "pantry");
  assertEquals((await maya.send("/rooms/2/settings", { confirm: "kitchen" })).status, 422);
  assertEquals((await maya.send("/rooms/2/settings", { confirm: "pantry" })).to, "/rooms");
  assertEquals((await maya.get("/rooms/2")).status, 404);
  assertEquals((await maya.send("/rooms/1/settings", { confirm: "general" })).status, 403);
});

Deno.test("times are in the zone of the cookie, the theme is the cookie's", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  await maya.send("/rooms/1", { content: "hello" });
  const hour = async () => Number(/<time[^>]*>(\d\d):\d\d</.exec((await maya.get("/rooms/1")).html)?.[1]);
  const utc = await hour();
  maya.keep("tz", "Etc/GMT-3");
  assertEquals(await hour(), (utc + 3) % 24);
  maya.keep("tz", "Nowhere/Land");
  maya.keep("theme", "light");
  assertStringIncludes((await maya.get("/rooms/1")).html, 'data-theme="light"');
  maya.keep("theme", '"><script>');
  assertStringIncludes((await maya.get("/rooms/1")).html, 'data-theme="dark"');
});

Deno.test("unknown addresses and bad forms get a page", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  assertEquals((await maya.get("/nope")).status, 404);
  const gone = await maya.get("/rooms/99");
  assertEquals(gone.status, 404);
  assertStringIncludes(gone.html, "It may have been deleted");
  assertEquals((await maya.get("/rooms/1?before=abc")).status, 404);
  const response = await server.fetch("/rooms/1", { method: "POST", json: { content: "hi" } });
  assertEquals(response.status, 422);
  await response.body?.cancel();
});

Deno.test("where guests can only chat, there's no button to create rooms", async () => {
  await using server = await serve({ guests: "chat" });
  const maya = await named(server, "Maya");
  assertNotMatch((await maya.get("/rooms/1")).html, /href="\/rooms\/new"/);
  const refused = await maya.send("/rooms/new", { name: "mine", description: "" });
  assertEquals(refused.status, 403);
  assertStringIncludes(refused.html, "Guests can't create rooms here");
});

Deno.test("no page has an inline style, or a script without the page's nonce", async () => {
  await using server = await serve();
  const maya = await named(server, "Maya");
  for (const path of ["/rooms/1", "/rooms", "/rooms/new", "/rooms/1/settings", "/join", "/nope"]) {
    const { html } = await maya.get(path);
    assertNotMatch(html, /<style|\sstyle=|<script(?![^>]*nonce=)|\son\w+="/, path);
  }
});
