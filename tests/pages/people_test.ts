import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { serve } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";

Deno.test("people are found by name: accounts, and guests who are online", async () => {
  await using server = await serve();
  await signedIn(server, "Ada");
  await signedIn(server, "Ben Łódź");
  await signedIn(server, "Gone", { disabled: true });
  await server.join("Gustav");
  const reader = new Reader(server);
  const all = (await reader.get("/people")).html;
  for (const name of ["Ada", "Ben Łódź", "Gustav"]) assertStringIncludes(all, name);
  assertNotMatch(all, /Gone/);
  const found = (await reader.get("/people?q=łódź")).html;
  assertStringIncludes(found, 'href="/people/Ben%20%C5%81%C3%B3d%C5%BA"');
  assertNotMatch(found, /Ada|Gustav/);
  assertStringIncludes((await reader.get("/people?q=xyz")).html, "No one by that name");
  assertStringIncludes((await reader.get("/people/Ben%20%C5%81%C3%B3d%C5%BA")).html, "Member since");
  for (const path of ["/people/Gustav", "/people/Nobody", "/people/a%2Fb"]) {
    assertEquals((await reader.get(path)).status, 404, path);
  }
});

Deno.test("people who are online come first, then by name", async () => {
  await using server = await serve();
  const names = ["Ada", "ben", "Bot 2", "Bot 10", "Łukasz", "Zoë"];
  for (const name of names.toReversed()) await server.person(name);
  const { html } = await new Reader(server).get("/people");
  const shown = [...html.matchAll(/href="\/people\/([^"]+)"/g)].map(([, name]) => decodeURIComponent(name!));
  assertEquals(shown, names);
});

Deno.test("a long list has pages, with each person once", async () => {
  await using server = await serve();
  for (let n = 0; n < 205; n++) await server.person(`${n < 150 ? "Other" : "Person"} ${n}`);
  for (let n = 205; n < 420; n++) await server.person(`Person ${n}`);
  const reader = new Reader(server), seen: string[] = [];
  for (let path: string | undefined = "/people?q=person"; path !== undefined;) {
    const { html }: { html: string } = await reader.get(path);
    seen.push(...[...html.matchAll(/href="\/people\/(Person[^"]+)"/g)].map(([, name]) => name!));
    path = /href="(\/people\?[^"]*after=[^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  assertEquals([seen.length, new Set(seen).size], [270, 270]);
});

Deno.test("the list shows who's online and who's away", async () => {
  await using server = await serve();
  const { person } = await signedIn(server, "Ada"), reader = new Reader(server);
  assertStringIncludes((await reader.get("/people/Ada")).html, "offline");
  const socket = server.socket("/ws", { headers: person.cookie });
  await socket.until("hello");
  await socket.send({ type: "subscribe", room: 1, nonce: "1" });
  await socket.until("ok");
  assertMatch((await reader.get("/people/Ada")).html, /dot on/);
  await socket.send({ type: "status", state: "away", nonce: "2" });
  await socket.until("ok");
  assertMatch((await reader.get("/people/Ada")).html, /dot wait/);
});

Deno.test("a direct conversation has the other person's name, on both sides", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada"), { reader: ben } = await signedIn(server, "Ben");
  const opened = await ada.send("/people/Ben", { do: "message" });
  assertEquals([opened.status, opened.to], [303, "/rooms/2"]);
  assertEquals((await ben.send("/people/Ada", { do: "message" })).to, "/rooms/2");
  await ada.send("/rooms/2", { content: "hello Ben" });
  const page = (await ada.get("/rooms/2")).html;
  assertStringIncludes(page, "<title>Ben – Hubbub</title>");
  assertMatch(page, /<h1>.*<bdi[^>]*>Ben<\/bdi>/);
  assertStringIncludes(page, "Direct messages");
  assertNotMatch(page, /href="\/rooms\/2\/settings/, "nobody changes a direct conversation");
  assertStringIncludes((await ben.get("/rooms/2")).html, "<title>Ada – Hubbub</title>");
  assertStringIncludes((await ben.get("/rooms/2/settings")).html, "No settings for direct messages");
  const { reader: eve } = await signedIn(server, "Eve");
  assertEquals((await eve.get("/rooms/2")).status, 404);
  assertNotMatch((await eve.get("/rooms/1")).html, /Direct messages/);
});

Deno.test("a guest is asked to sign in before sending a direct message", async () => {
  await using server = await serve();
  await signedIn(server, "Ada");
  const gus = await named(server, "Gus");
  const { html } = await gus.get("/people/Ada");
  assertStringIncludes(html, "/login?next=%2Fpeople%2FAda");
  assertNotMatch(html, /value="message"/);
  const { status, to } = await gus.send("/people/Ada", { do: "message" });
  assertEquals([status, to], [303, "/login?next=%2Fpeople%2FAda"]);
});

Deno.test("only admins disable accounts and appoint admins, and not themselves", async () => {
  await using server = await serve();
  const { reader: root } = await signedIn(server, "Root", { admin: true });
  const { reader: ada } = await signedIn(server, "Ada");
  for (const wanted of ["disable", "appoint"]) {
    assertEquals((await ada.send("/people/Root", { do: wanted })).status, 403, wanted);
  }
  assertNotMatch((await ada.get("/people/Root")).html, /Admin actions/);
  assertEquals((await root.send("/people/Root", { do: "disable" })).status, 422);
  assertEquals((await root.send("/people/Ada", { do: "disable" }, { origin: "https://evil.example" })).status, 403);
  assertEquals((await root.send("/people/Ada", { do: "dance" })).status, 422);
  assertStringIncludes((await root.get("/people/Ada")).html, "Disable account");
  assertEquals((await root.send("/people/Ada", { do: "disable" })).to, "/people/Ada");
  assertEquals((await ada.get("/settings")).to, "/login?next=%2Fsettings");
  assertStringIncludes((await root.get("/people")).html, "disabled");
  await root.send("/people/Ada", { do: "enable" });
  await root.send("/people/Ada", { do: "appoint" });
  assertStringIncludes((await root.get("/people/Ada")).html, "Remove admin");
});
