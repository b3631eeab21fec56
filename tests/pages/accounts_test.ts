import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { ATTEMPTS_MAX } from "@/lib/chat/credentials.ts";
import { keys } from "@/lib/store/keys.ts";
import { put } from "@/lib/store/commit.ts";
import { serve } from "@/tests/server.ts";
import { named, Reader, signedIn } from "./reader.ts";

const PASSWORD = "a long walk by the sea";

Deno.test("a visitor creates an account, signs out, and signs in again", async (t) => {
  await using server = await serve();
  const ada = new Reader(server);

  await t.step("the front door leads there", async () => {
    const { html } = await ada.get("/");
    assertStringIncludes(html, 'href="/login"');
    assertStringIncludes(html, 'href="/register"');
  });

  await t.step("problems are shown beside their fields, and what was typed stays", async () => {
    const wrong = await ada.send("/register", { name: "a/b", password: "short", email: "nowhere", next: "/rooms" });
    assertEquals(wrong.status, 422);
    for (const said of ["Use only letters", "at least 8 characters", "Enter a valid email"]) {
      assertStringIncludes(wrong.html, said);
    }
    assertStringIncludes(wrong.html, 'value="a/b"');
    assertStringIncludes(wrong.html, 'value="nowhere"');
    assertNotMatch(wrong.html, /value="short"/);
    const common = await ada.send("/register", { name: "Ada", password: "password123" });
    assertStringIncludes(common.html, "too easy to guess");
  });

  await t.step("a guest can register their own name", async () => {
    await ada.send("/join", { name: "Ada", next: "/" });
    assertStringIncludes((await ada.get("/register")).html, 'value="Ada"');
    const made = await ada.send("/register", { name: "Ada", password: PASSWORD, next: "/rooms/1" });
    assertEquals([made.status, made.to], [303, "/rooms/1"]);
    const { html } = await ada.get("/rooms/1");
    assertStringIncludes(html, 'href="/settings"');
    assertStringIncludes(html, 'action="/logout"');
  });

  await t.step("a name is given once", async () => {
    const taken = await new Reader(server).send("/register", { name: "ADA", password: "another long walk" });
    assertEquals(taken.status, 409);
    assertStringIncludes(taken.html, "This name is taken");
  });

  await t.step("someone who's signed in isn't asked again", async () => {
    assertStringIncludes((await ada.get("/login?next=/rooms/1")).html, "You are signed in as");
  });

  await t.step("signing out is a form, and ends the session", async () => {
    assertEquals((await ada.get("/logout")).to, "/");
    assertStringIncludes((await ada.get("/rooms/1")).html, 'action="/logout"');
    assertEquals((await ada.send("/logout", {})).to, "/");
    assertStringIncludes((await ada.get("/")).html, "What's your name?");
  });

  await t.step("a wrong password and an unknown name are the same sentence", async () => {
    for (const name of ["Ada", "Nobody"]) {
      const { status, html } = await ada.send("/login", { name, password: "not this one" });
      assertEquals(status, 401);
      assertStringIncludes(html, "Wrong name or password");
      assertStringIncludes(html, `value="${name}"`);
    }
    assertEquals((await ada.send("/login", { name: "x".repeat(3000), password: "p" })).status, 422);
  });

  await t.step("signing in goes back to the page before, on this site only", async () => {
    assertStringIncludes((await ada.get("/login?next=/rooms/1")).html, 'name="next" value="/rooms/1"');
    const elsewhere = await ada.send("/login", { name: "Ada", password: PASSWORD, next: "//evil.example" });
    assertEquals([elsewhere.status, elsewhere.to], [303, "/"]);
  });

  await t.step("a page of another site can't sign a visitor in, up or out", async () => {
    for (const path of ["/login", "/register", "/logout"]) {
      const { status } = await ada.send(path, { name: "Ada", password: PASSWORD }, { origin: "https://evil.example" });
      assertEquals(status, 403, path);
    }
    assertStringIncludes((await ada.get("/rooms/1")).html, 'action="/logout"');
  });
});

Deno.test("too many sign-ins or registrations have to wait", async () => {
  const none = { perSecond: 0.001, burst: 1 };
  const plenty = { perSecond: 1000, burst: 1000 };
  const limits = {
    post: plenty,
    signal: plenty,
    postAddress: plenty,
    join: plenty,
    create: plenty,
    register: none,
    signIn: plenty,
    upload: plenty,
    search: plenty,
    subscribe: plenty,
    manage: plenty,
  };
  await using server = await serve({ limits });
  const ada = new Reader(server);
  await ada.send("/register", { name: "Ada", password: PASSWORD });
  const again = await new Reader(server).send("/register", { name: "Bob", password: PASSWORD });
  assertEquals(again.status, 429);
  assertStringIncludes(again.html, "going too fast");
  const tries = keys.signInAttempts(createHash("sha256").update("127.0.0.1 ada").digest("base64url"));
  await server.chat.store.commit([], [put(tries, { count: ATTEMPTS_MAX, since: Date.now() })]);
  const tried = await new Reader(server).send("/login", { name: "Ada", password: PASSWORD });
  assertEquals(tried.status, 429);
  assertStringIncludes(tried.html, "Too many attempts");
});

Deno.test("where there are no guests, the door asks to sign in, and pages lead there", async () => {
  await using server = await serve({ guests: "none" });
  const stranger = new Reader(server), { html } = await stranger.get("/");
  assertStringIncludes(html, "need an account to use this server");
  assertNotMatch(html, /What shall we call you/);
  assertEquals((await stranger.get("/rooms/1")).to, `/login?next=${encodeURIComponent("/rooms/1")}`);
  assertEquals((await stranger.get("/people")).to, "/login?next=%2Fpeople");
  const { reader } = await signedIn(server, "Ada");
  assertEquals((await reader.get("/")).to, "/rooms/1");
});

Deno.test("/ leads to the last room only if the reader can read it", async () => {
  await using server = await serve();
  const { reader: ada } = await signedIn(server, "Ada");
  await ada.send("/rooms/new", { name: "secret", description: "", kind: "private" });
  await ada.get("/rooms/2");
  assertEquals((await ada.get("/")).to, "/rooms/2");
  const guest = await named(server, "Gus");
  guest.keep("hubbub_room", "2");
  assertEquals((await guest.get("/")).to, "/rooms/1");
});
