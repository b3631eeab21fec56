import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import { serve } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";
import { endSessions } from "@/tests/people.ts";

const PASSWORD = "a long walk by the sea";
const FIELD = /<(?:input|textarea)\b[^>]*>/g;

/** The ids, or else the names, of the fields where the browser begins, and of those that are marked as wrong. */
function marked(html: string): { focused: string | undefined; wrong: string[] } {
  const fields = [...html.matchAll(FIELD)].map(([field]) => ({
    id: /\bid="([^"]*)"/.exec(field)?.[1] ?? /\bname="([^"]*)"/.exec(field)?.[1] ?? "",
    focused: /\bautofocus\b/.test(field),
    wrong: /\baria-invalid="true"/.test(field),
  }));
  return {
    focused: fields.find(({ focused }) => focused)?.id,
    wrong: fields.filter(({ wrong }) => wrong).map(({ id }) => id),
  };
}

Deno.test("a refused form marks each wrong field, and the browser begins at the first of them", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada"), nobody = new Reader(server);
  await ada.send("/rooms/new", { name: "plans", description: "", kind: "private" });
  const long = "x".repeat(501);
  for (
    const [reader, path, fields, wrong] of [
      [nobody, "/", { name: "a/b" }, ["name"]],
      [nobody, "/join", { name: "a/b" }, ["name"]],
      [nobody, "/login", { name: "a/b", password: "x" }, ["name"]],
      [nobody, "/login", { name: "Ada", password: "x" }, ["password"]],
      [nobody, "/register", { name: "a/b", password: "short" }, ["name", "password"]],
      [nobody, "/register", { name: "Ben", password: "short" }, ["password"]],
      [nobody, "/register", { name: "Ben", password: PASSWORD, email: "x" }, ["email"]],
      [nobody, "/register", { name: "ada", password: PASSWORD }, ["name"]],
      [ada, "/rooms/new", { name: "12" }, ["room-name"]],
      [ada, "/rooms/new", { name: "general" }, ["room-name"]],
      [ada, "/rooms/new", { name: "12", description: long }, ["room-name", "room-description"]],
      [ada, "/rooms/new", { name: "team", people: "Nobody" }, ["room-people"]],
      [ada, "/rooms/2/settings", { name: "plans", description: long }, ["room-description"]],
      [ada, "/rooms/2/settings", { confirm: "plan" }, ["delete-confirm"]],
      [ada, "/rooms/2/settings/members", { name: "Nobody", role: "member" }, ["name"]],
      [ada, "/settings", { about: long, email: "x" }, ["about", "email"]],
      [ada, "/settings/password", { old: PASSWORD, new: "short" }, ["new"]],
      [ada, "/settings/password", { old: "no", new: PASSWORD }, ["old"]],
      [ada, "/settings/tokens", { label: " ", read: "yes", expiry: "30" }, ["label"]],
      [ada, "/settings/data", { password: "no" }, ["password"]],
    ] satisfies [Reader, string, Record<string, string>, string[]][]
  ) {
    const { html } = await reader.send(path, fields);
    assertEquals(marked(html), { focused: wrong[0], wrong }, `${path} ${JSON.stringify(fields)}`);
  }
  const picture = await ada.upload("/settings/picture", "picture", new TextEncoder().encode("no picture"));
  assertEquals(marked(picture.html), { focused: "picture", wrong: ["picture"] });
  assertEquals(marked((await ada.send("/settings/tokens", { label: "x", expiry: "30" })).html).focused, "read");
  assertEquals(marked((await nobody.get("/register")).html), { focused: "name", wrong: [] });
  assertEquals(marked((await ada.get("/rooms/2/settings")).html), { focused: undefined, wrong: [] });
});

Deno.test("a refused form keeps its fields, beside their problems", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  await ada.send("/rooms/new", { name: "plans", description: "", kind: "private" });
  const members = await ada.send("/rooms/2/settings/members", { name: "Nobody", role: "moderator" });
  assertMatch(members.html, /<option[^>]* selected[^>]*>moderator/);
  const token = await ada.send("/settings/tokens", { label: " ", write: "yes", expiry: "365" });
  assertMatch(token.html, /name="write"[^>]* checked/);
  assertNotMatch(token.html, /name="read"[^>]* checked/);
  assertMatch(token.html, /<option[^>]* selected[^>]*>1 year/);
  assertStringIncludes((await ada.send("/rooms/2/settings", { confirm: "plants" })).html, 'value="plants"');
});

Deno.test("a picture that's too large is refused beside the field", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  for (const size of [513, 600, 2000]) {
    const { status, html } = await ada.upload("/settings/picture", "picture", new Uint8Array(size * 1024));
    assertEquals(status, 413);
    assertStringIncludes(html, "Choose a picture under 512 KB.");
  }
});

Deno.test("a form of someone who was signed out meanwhile is kept, with a link to sign in", async () => {
  await using server = await serve();
  const { person, reader: ada } = await signedIn(server, "Ada");
  await ada.send("/rooms/new", { name: "ideas", description: "" });
  await endSessions(server.chat.store, person.id);
  const said = await ada.send("/rooms/2", { content: "a <long> thought" });
  assertEquals(said.status, 401);
  assertMatch(said.html, /<textarea[^>]*>a &lt;long(>|&gt;) thought<\/textarea>/);
  assertStringIncludes(said.html, "/login?next=%2Frooms%2F2");
  const room = await ada.send("/rooms/new", { name: "plans", description: "", kind: "private", people: "Ben" });
  assertEquals(room.status, 401);
  assertMatch(room.html, /value="private"[^>]* checked/);
  assertStringIncludes(room.html, 'value="Ben"');
  assertStringIncludes(room.html, "/login?next=%2Frooms%2Fnew");
  const message = await ada.send("/people/Ada", { do: "message" });
  assertEquals([message.status, message.to], [303, "/login?next=%2Fpeople%2FAda"]);
});

Deno.test("every page has a title of its own", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada"), nobody = new Reader(server);
  await ada.send("/rooms/new", { name: "plans", description: "", kind: "private" });
  const paths = [
    ...["", "/picture", "/appearance", "/password", "/sessions", "/tokens", "/data"].map((part) => `/settings${part}`),
    ...["", "/settings", "/settings/members", "/settings/invites"].map((part) => `/rooms/2${part}`),
    ...["/rooms", "/rooms/new", "/people", "/people/Ada", "/join", "/nowhere"],
  ];
  const titleOf = (html: string) => /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? "";
  const titles = await Promise.all(paths.map(async (path) => titleOf((await ada.get(path)).html)));
  assertEquals(new Set(titles).size, paths.length, titles.join("\n"));
  for (const title of titles) assertMatch(title, /.+ – Hubbub$/);
  assertEquals(titleOf((await nobody.get("/rooms/2")).html), "Page not found – Hubbub");
});

Deno.test("a link to a private room offers to sign in, and comes back", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada"), { reader: eve } = await signedIn(server, "Eve");
  await ada.send("/rooms/new", { name: "plans", description: "", kind: "private" });
  for (const reader of [new Reader(server), await named(server, "Gus")]) {
    for (const path of ["/rooms/2", "/rooms/2/settings/members", "/rooms/99?before=7"]) {
      const { status, html } = await reader.get(path);
      assertEquals(status, 404);
      assertStringIncludes(html, `href="/login?next=${encodeURIComponent(path)}"`);
    }
    assertNotMatch((await reader.get("/nowhere")).html, /\/login\?next/);
  }
  assertNotMatch((await eve.get("/rooms/2")).html, /\/login\?next/);
});

Deno.test("a button that's pressed twice acts once", async (t) => {
  await using server = await serve();

  await t.step("an account", async () => {
    const form = { name: "Ada", password: PASSWORD, next: "/rooms/1" };
    await new Reader(server).send("/register", form);
    const ada = new Reader(server), again = await ada.send("/register", form);
    assertEquals([again.status, again.to], [303, "/rooms/1"]);
    assertEquals((await ada.get("/settings")).status, 200);
    assertEquals((await new Reader(server).send("/register", { ...form, password: "another walk" })).status, 409);
    const { accounts, store } = server.chat, account = await accounts.named("Ada");
    await store.commit([], [put(keys.account(account!.id), { ...account!, createdAt: Date.now() - 61_000 })]);
    assertEquals((await new Reader(server).send("/register", form)).status, 409, "later it is somebody else's name");
  });

  await t.step("a room", async () => {
    const { reader: ben } = await signedIn(server, "Ben"), { reader: eve } = await signedIn(server, "Eve");
    const form = { name: "tides", description: "" };
    for (const _ of ["the first press", "the second"]) {
      assertEquals((await ben.send("/rooms/new", form)).to, "/rooms/2");
    }
    assertEquals((await eve.send("/rooms/new", form)).status, 409);
  });
});
