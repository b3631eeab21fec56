import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { serve, type TestServer } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";

/** Ada's private room "plans", with Ben in it. */
async function plans(server: TestServer) {
  const ada = await signedIn(server, "Ada"), ben = await signedIn(server, "Ben"), eve = await signedIn(server, "Eve");
  const made = await ada.reader.send("/rooms/new", { name: "plans", description: "", kind: "private", people: "ben" });
  assertEquals(made.to, "/rooms/2");
  return { ada, ben, eve };
}

Deno.test("a private room is created with people in it, and doesn't exist for others", async () => {
  await using server = await serve();
  const { ada, ben, eve } = await plans(server);
  for (const { reader } of [ada, ben]) assertMatch((await reader.get("/rooms/1")).html, /aria-label="private".*plans/s);
  assertNotMatch((await eve.reader.get("/rooms/1")).html, /plans/);
  for (const path of ["/rooms/2", "/rooms/2/settings", "/rooms/2/settings/members", "/rooms/2/settings/invites"]) {
    assertEquals((await eve.reader.get(path)).status, 404, path);
    assertEquals((await eve.reader.send(path, { name: "mine", content: "hi" })).status, 404, path);
  }
});

Deno.test("unknown names are listed, and what was typed stays", async () => {
  await using server = await serve();
  const { ada } = await plans(server);
  const typed = { name: "team", description: "", kind: "private", people: "Ben, Nobody, a/b" };
  const { status, html } = await ada.reader.send("/rooms/new", typed);
  assertEquals(status, 422);
  assertMatch(html, /Can't find .*Nobody.* and .*a\/b/);
  assertStringIncludes(html, 'value="Ben, Nobody, a/b"');
  assertMatch(html, /value="private"[^>]*checked/);
});

Deno.test("guests create public rooms, and see no more fields", async () => {
  await using server = await serve();
  await signedIn(server, "Ada");
  const gus = await named(server, "Gus");
  assertNotMatch((await gus.get("/rooms/new")).html, /name="kind"/);
  const refused = await gus.send("/rooms/new", { name: "mine", description: "", kind: "private" });
  assertEquals(refused.status, 401);
  assertStringIncludes(refused.html, "Sign in first");
  const people = await gus.send("/rooms/new", { name: "mine", description: "", people: "Ada" });
  assertEquals(people.status, 401);
  assertStringIncludes(people.html, "Sign in first");
});

Deno.test("an owner gives roles, adds, bans and removes; a member sees none of that", async () => {
  await using server = await serve();
  const { ada, ben, eve } = await plans(server);
  const path = "/rooms/2/settings/members";
  const own = (await ada.reader.get(path)).html;
  assertStringIncludes(own, "Add someone");
  assertStringIncludes(own, "Change the role of Ben");
  const member = (await ben.reader.get(path)).html;
  assertNotMatch(member, /Add someone|Change the role/);
  assertStringIncludes(member, "Leave room");
  assertEquals((await ben.reader.send(path, { person: ada.person.id, role: "member" })).status, 403);
  assertEquals((await ben.reader.send(path, { name: "Eve", role: "member" })).status, 403);
  const foreign = { origin: "https://evil.example" };
  assertEquals((await ada.reader.send(path, { name: "Eve", role: "owner" }, foreign)).status, 403);
  assertEquals((await ada.reader.send(path, { name: "Eve", role: "member" })).to, `${path}?saved`);
  assertEquals((await eve.reader.get("/rooms/2")).status, 200);
  const unknown = await ada.reader.send(path, { name: "Nobody", role: "member" });
  assertEquals(unknown.status, 422);
  assertStringIncludes(unknown.html, "Can't find");
  assertEquals((await ada.reader.send(path, { name: "Eve", role: "king" })).status, 422);
  await ada.reader.send(path, { person: ben.person.id, role: "moderator" });
  assertStringIncludes((await ben.reader.get(path)).html, "Change the role of Eve");
  await ben.reader.send(path, { person: eve.person.id, role: "banned" });
  assertEquals((await eve.reader.get("/rooms/2")).status, 404);
  assertStringIncludes((await ada.reader.get(path)).html, "Unban");
  await ada.reader.send(path, { person: eve.person.id, role: "none" });
  assertNotMatch((await ada.reader.get(path)).html, /data-member="Eve"/);
  const gone = await ada.reader.send(path, { person: eve.person.id, role: "member" });
  assertStringIncludes(gone.html, "They aren't in this room any more.");
});

Deno.test("a member can leave; a room keeps an owner", async () => {
  await using server = await serve();
  const { ada, ben } = await plans(server);
  const path = "/rooms/2/settings/members";
  const last = await ada.reader.send(path, { leave: "yes" });
  assertEquals(last.status, 422);
  assertStringIncludes(last.html, "Choose another owner first");
  assertEquals((await ben.reader.send(path, { leave: "yes" })).to, "/rooms");
  assertEquals((await ben.reader.get("/rooms/2")).status, 404);
  assertNotMatch((await ben.reader.get("/rooms")).html, /plans/);
  const alone = (await ada.reader.get(path)).html;
  assertStringIncludes(alone, "You're the last member");
  assertStringIncludes(alone, 'href="/rooms/2/settings#delete"');
  assertNotMatch(alone, /name="leave"/);
});

Deno.test("in someone else's room there's nothing to change, and the page says so", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada"), { reader: ben } = await signedIn(server, "Ben");
  await ada.send("/rooms/new", { name: "Ada's", description: "" });
  const { html } = await ben.get("/rooms/2/settings");
  assertStringIncludes(html, "Only owners and moderators can change this room");
  assertNotMatch(html, /Delete room/);
  assertEquals((await ben.send("/rooms/2/settings", { name: "mine" })).status, 403);
  assertNotMatch((await ben.get("/rooms/2")).html, /settings#delete/);
});

Deno.test("an invite link works as often and as long as it says, until it's revoked", async () => {
  await using server = await serve({ publicUrl: "https://chat.example.org" });
  const { ada, ben, eve } = await plans(server);
  const path = "/rooms/2/settings/invites", foreign = { origin: "https://evil.example" };
  const codes = async () =>
    [...(await ada.reader.get(path)).html.matchAll(/https:\/\/chat\.example\.org\/join\/([\w-]+)/g)].map(([, c]) => c!);
  assertEquals((await ben.reader.send(path, { lifetime: "week", uses: "1" })).status, 403);
  assertStringIncludes((await ben.reader.get(path)).html, "Only owners and moderators can invite");
  assertEquals((await ada.reader.send(path, { lifetime: "week", uses: "1" }, foreign)).status, 403);
  assertEquals((await ada.reader.send(path, { lifetime: "age", uses: "1" })).status, 422);
  assertEquals((await ada.reader.send(path, { lifetime: "week", uses: "1" })).to, path);
  const page = (await ada.reader.get(path)).html;
  assertMatch(page, /<svg class="qr"[^>]*role="img"[^>]*><path d="M4 4h1v1h-1z/);
  assertMatch(page, /expires .* 1 use left/);
  const [code] = await codes(), link = `/join/${code}`;

  const stranger = new Reader(server), seen = (await stranger.get(link)).html;
  assertMatch(seen, /Ada.* invited you to .*plans/);
  assertStringIncludes(seen, `/login?next=${encodeURIComponent(link)}`);
  assertStringIncludes(seen, `/register?next=${encodeURIComponent(link)}`);
  assertEquals((await stranger.send(link, {})).to, `/login?next=${encodeURIComponent(link)}`);
  assertEquals((await eve.reader.send(link, {}, foreign)).status, 403);
  assertEquals((await eve.reader.send(link, {})).to, "/rooms/2");
  assertEquals((await eve.reader.get("/rooms/2")).status, 200);
  const { reader: fay } = await signedIn(server, "Fay"), used = await fay.send(link, {});
  assertEquals(used.status, 404);
  assertStringIncludes(used.html, "This invite has expired");

  await ada.reader.send(path, { lifetime: "never", uses: "any" });
  const [open] = await codes();
  assertEquals((await ada.reader.send(path, { revoke: open! })).to, `${path}?revoked`);
  assertEquals((await fay.get(`/join/${open}`)).status, 404);
  assertEquals((await ada.reader.send(path, { revoke: open! })).status, 404);
  assertEquals((await fay.get("/join/a%2Fb")).status, 404);
});

Deno.test("a used-up link still leads members to the room", async () => {
  await using server = await serve();
  const { ada, ben, eve } = await plans(server);
  await ada.reader.send("/rooms/2/settings/invites", { lifetime: "never", uses: "1" });
  const [, link] = /value="[^"]*(\/join\/[\w-]+)"/.exec((await ada.reader.get("/rooms/2/settings/invites")).html) ?? [];
  assertEquals((await ben.reader.get(link!)).to, "/rooms/2");
  for (const _ of ["the first press", "the second"]) assertEquals((await eve.reader.send(link!, {})).to, "/rooms/2");
  assertEquals((await eve.reader.get(link!)).to, "/rooms/2");
  const { reader: fay } = await signedIn(server, "Fay");
  assertEquals((await fay.get(link!)).status, 404);
  await ada.reader.send("/rooms/2/settings/members", { person: eve.person.id, role: "banned" });
  assertEquals((await eve.reader.get(link!)).status, 404);
});

Deno.test("a link doesn't let a banned person in", async () => {
  await using server = await serve();
  const { ada, ben } = await plans(server);
  await ada.reader.send("/rooms/2/settings/invites", { lifetime: "never", uses: "any" });
  const [, link] = /value="[^"]*(\/join\/[\w-]+)"/.exec((await ada.reader.get("/rooms/2/settings/invites")).html) ?? [];
  await ada.reader.send("/rooms/2/settings/members", { person: ben.person.id, role: "banned" });
  const refused = await ben.reader.send(link!, {});
  assertEquals(refused.status, 403);
  assertStringIncludes(refused.html, "You're banned from plans");
});

Deno.test("a guest sees the members of a public room, and can't invite", async () => {
  await using server = await serve();
  const gus = await named(server, "Gus");
  assertStringIncludes((await gus.get("/rooms/1/settings/members")).html, "No members yet");
  assertStringIncludes((await gus.get("/rooms/1/settings/invites")).html, "Sign in to invite");
  assertEquals((await gus.send("/rooms/1/settings/invites", { lifetime: "never", uses: "any" })).status, 401);
  assertEquals((await gus.send("/rooms/1/settings/members", { leave: "yes" })).status, 401);
});

Deno.test("unread messages are counted, and opening a room marks them as read", async () => {
  await using server = await serve();
  const { ada, ben } = await plans(server);
  await ben.reader.get("/rooms/2");
  await ada.reader.send("/rooms/2", { content: "one" });
  await ada.reader.send("/rooms/2", { content: "two for @Ben" });
  const before = (await ben.reader.get("/rooms/1")).html;
  assertMatch(before, /class="item unread" href="\/rooms\/2"/);
  assertStringIncludes(before, "2 unread messages, 1 mention");
  await ben.reader.get("/rooms/2?before=8589934594");
  assertStringIncludes((await ben.reader.get("/rooms/1")).html, "2 unread", "older messages are not the newest");
  await ben.reader.get("/rooms/2", { "sec-purpose": "prefetch" });
  assertStringIncludes((await ben.reader.get("/rooms/1")).html, "2 unread", "what is only fetched ahead is not read");
  await ben.reader.get("/rooms/2");
  assertNotMatch((await ben.reader.get("/rooms/1")).html, /item unread|unread message/);
});
