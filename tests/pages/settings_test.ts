import { assertEquals, assertMatch, assertNotEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { serve } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";

const PASSWORD = "a long walk by the sea";
const PAGES = [
  "/settings",
  "/settings/picture",
  "/settings/appearance",
  "/settings/password",
  "/settings/sessions",
  "/settings/tokens",
  "/settings/data",
];
const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

Deno.test("settings need an account; others sign in first, and come back to the page", async () => {
  await using server = await serve();
  for (const reader of [new Reader(server), await named(server, "Gus")]) {
    for (const path of PAGES) {
      for (const { status, to } of [await reader.get(path), await reader.send(path, {})]) {
        assertEquals([status, to], [303, `/login?next=${encodeURIComponent(path)}`], path);
      }
    }
  }
});

Deno.test("a form of another site can't change settings", async () => {
  await using server = await serve();
  const { reader } = await signedIn(server, "Ada");
  for (const path of PAGES) {
    assertEquals((await reader.send(path, { about: "x" }, { origin: "https://evil.example" })).status, 403, path);
  }
});

Deno.test("the bio is public, the email address private", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  assertEquals((await ada.send("/settings", { about: " I <b>sail</b>. ", email: "ada@example.org" })).status, 303);
  const own = (await ada.get("/settings?saved")).html;
  assertStringIncludes(own, "Saved.");
  assertStringIncludes(own, 'value="ada@example.org"');
  const { html } = await new Reader(server).get("/people/ada");
  assertMatch(html, /I &lt;b(>|&gt;)sail/);
  assertNotMatch(html, /example\.org/);
  const long = await ada.send("/settings", { about: "x".repeat(301), email: "" });
  assertEquals(long.status, 422);
  assertStringIncludes(long.html, "at most 300 characters");
  assertStringIncludes((await ada.send("/settings", { about: "", email: "nowhere" })).html, "Enter a valid email");
  await ada.send("/settings", { about: "", email: "" });
  assertNotMatch((await ada.get("/settings")).html, /example\.org/);
});

Deno.test("a picture is shown wherever its person is, until another replaces it", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  const picture = async (path: string) => /\/files\/([0-9a-f]{32})/.exec((await ada.get(path)).html)?.[1];
  assertEquals(await picture("/settings/picture"), undefined);
  assertEquals((await ada.upload("/settings/picture", "picture", PNG)).to, "/settings/picture?saved");
  const first = await picture("/settings/picture");
  for (const path of ["/rooms/1", "/people", "/people/Ada"]) assertEquals(await picture(path), first, path);
  const served = await server.fetch(`/files/${first}`), { headers } = served;
  assertEquals(new Uint8Array(await served.arrayBuffer()), PNG);
  assertEquals(headers.get("content-type"), "image/png");
  assertEquals(headers.get("x-content-type-options"), "nosniff");
  assertMatch(headers.get("content-security-policy") ?? "", /sandbox/);
  assertMatch(headers.get("cache-control") ?? "", /immutable/);
  await ada.upload("/settings/picture", "picture", PNG);
  assertNotEquals(await picture("/settings/picture"), first);
  await ada.send("/settings/picture", {});
  assertEquals(await picture("/settings/picture"), undefined);
  for (const gone of [first, "x", "../tokens.css", "0".repeat(32)]) {
    const response = await server.fetch(`/files/${gone}`);
    assertEquals(response.status, gone === "../tokens.css" ? 200 : 404, gone);
    await response.body?.cancel();
  }
});

Deno.test("a file that's no picture, too large or missing is refused beside the field", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  const upload = (bytes: Uint8Array<ArrayBuffer>) => ada.upload("/settings/picture", "picture", bytes);
  const script = await upload(new TextEncoder().encode("<svg onload=alert(1)>"));
  assertEquals(script.status, 422);
  assertStringIncludes(script.html, "Choose a picture: PNG");
  const large = new Uint8Array(512 * 1024 + 1);
  large.set(PNG);
  assertEquals((await upload(large)).status, 413);
  assertEquals((await upload(new Uint8Array(1024 * 1024))).status, 413);
  assertStringIncludes((await upload(new Uint8Array())).html, "Choose a picture first");
  const odd = await ada.send("/settings/picture", {}, { "content-type": "multipart/form-data; boundary=x" });
  assertEquals(odd.status, 422);
});

Deno.test("the theme is kept in the browser", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  assertEquals((await ada.send("/settings/appearance", { theme: "light" })).status, 303);
  assertStringIncludes((await ada.get("/rooms/1")).html, 'data-theme="light"');
  assertEquals((await ada.send("/settings/appearance", { theme: "plaid" })).status, 422);
});

Deno.test("the sessions are listed, and can be ended", async () => {
  await using server = await serve();
  const { person, reader: ada } = await signedIn(server, "Ada");
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const other = await server.chat.sessions.open({ id: person.id, generation: 0 }, firefox);
  const third = await server.chat.sessions.open({ id: person.id, generation: 0 }, "curl/8.5");
  const page = (await ada.get("/settings/sessions")).html;
  assertMatch(page, /<li>.*?this device.*?Firefox on Linux/s, "one's own comes first");
  for (const said of ["Firefox on Linux", "curl/8.5", "a test", "this device"]) assertStringIncludes(page, said);
  assertEquals((await ada.send("/settings/sessions", { end: other.session.id })).to, "/settings/sessions?ended");
  assertNotMatch((await ada.get("/settings/sessions")).html, /Firefox on Linux/);
  await ada.send("/settings/sessions", { end: "others" });
  assertEquals(await server.chat.sessions.resolve(third.session.id), null);
  const { person: bob } = await signedIn(server, "Bob");
  const [foreign] = await server.chat.sessions.list(bob.id);
  assertEquals((await ada.send("/settings/sessions", { end: foreign!.id })).status, 404);
  assertEquals((await server.chat.sessions.list(bob.id)).length, 1);
  const [own] = await server.chat.sessions.list(person.id);
  assertEquals((await ada.send("/settings/sessions", { end: own!.id })).to, "/");
  assertStringIncludes((await ada.get("/")).html, "What's your name?");
});

Deno.test("a token's secret is shown once; its scopes hold until it's revoked", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  const made = await ada.send("/settings/tokens", { label: "backup", read: "yes", expiry: "30" });
  assertEquals(made.status, 201);
  const secret = /value="(hub_[^"]+)"/.exec(made.html)?.[1] ?? "";
  const headers = { authorization: `Bearer ${secret}` };
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await server.fetch(path, { ...init, headers });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await ask("/api/chat/rooms"), 200);
  assertEquals(await ask("/api/chat/rooms", { method: "POST", body: '{"name":"new"}' }), 403);
  assertEquals(await ask("/settings"), 403, "a token without that right reads no settings");
  const page = (await ada.get("/settings/tokens")).html;
  assertNotMatch(page, /hub_/);
  assertStringIncludes(page, "backup");
  await ada.send("/settings/tokens", { end: /name="end" value="([^"]+)"/.exec(page)?.[1] ?? "" });
  assertEquals(await ask("/api/chat/rooms"), 401);
  const nothing = await ada.send("/settings/tokens", { label: "x", expiry: "never" });
  assertEquals(nothing.status, 422);
  assertStringIncludes(nothing.html, "Choose at least one permission");
  const nameless = await ada.send("/settings/tokens", { label: " ", read: "yes", expiry: "never" });
  assertStringIncludes(nameless.html, "Say what the token is for");
  assertEquals((await ada.send("/settings/tokens", { label: "x", read: "yes", expiry: "soon" })).status, 422);
});

Deno.test("changing the password and deleting the account need the password", async (t) => {
  await using server = await serve();
  const ada = new Reader(server), elsewhere = new Reader(server);
  await ada.send("/register", { name: "Ada", password: PASSWORD, next: "/" });
  await elsewhere.send("/login", { name: "Ada", password: PASSWORD, next: "/" });
  await ada.send("/rooms/1", { content: "I was here" });

  await t.step("not with a wrong one, and not to a weak one", async () => {
    const wrong = await ada.send("/settings/password", { old: "no", new: "another long walk" });
    assertEquals(wrong.status, 403);
    assertStringIncludes(wrong.html, "Wrong password");
    const bad = await ada.send("/settings/password", { old: PASSWORD, new: "short" });
    assertEquals(bad.status, 422);
    assertStringIncludes(bad.html, "at least 8 characters");
  });

  await t.step("the other sessions end with a change", async () => {
    const changed = await ada.send("/settings/password", { old: PASSWORD, new: "another long walk" });
    assertEquals(changed.to, "/settings/password?saved");
    assertEquals((await ada.get("/settings")).status, 200);
    assertEquals((await elsewhere.get("/settings")).to, "/login?next=%2Fsettings");
  });

  await t.step("the export is one link away", async () => {
    assertStringIncludes((await ada.get("/settings/data")).html, 'href="/settings/export"');
    const { status, html } = await ada.get("/settings/export");
    assertEquals([status, JSON.parse(html.split("\n")[0]!).type], [200, "account"]);
    assertEquals((await elsewhere.get("/settings/export")).to, "/login?next=%2Fsettings");
  });

  await t.step("deleting asks for the password, and can delete the messages", async () => {
    const wrong = await ada.send("/settings/data", { password: "no", messages: "yes" });
    assertEquals(wrong.status, 403);
    assertMatch(wrong.html, /name="messages"[^>]*checked/);
    assertEquals(
      (await ada.send("/settings/data", { password: "another long walk", messages: "yes" })).to,
      "/?deleted",
    );
    const { html } = await ada.get("/?deleted");
    assertStringIncludes(html, "Your account was deleted.");
    assertStringIncludes(html, "What's your name?");
    assertNotMatch((await ada.get("/rooms/1")).html, /I was here/);
    assertEquals((await ada.get("/people/Ada")).status, 404);
  });
});
