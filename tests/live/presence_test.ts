import { assert, assertEquals } from "@std/assert";
import { GRACE_MS, Presence, TYPING_MS } from "@/lib/live/presence.ts";
import { alice, bob, guest } from "@/tests/people.ts";

Deno.test("a name is present once, however many sockets it has", () => {
  const presence = new Presence();
  assert(presence.enter(alice));
  assert(!presence.enter(guest("ALICE", "c")));
  assertEquals(presence.people.map(({ name }) => name), ["Alice"]);
  assert(!presence.leave(alice, true, 0));
  assert(presence.leave(alice, true, 0));
  assert(presence.empty);
});

Deno.test("after a goodbye a name leaves at once, after a cut it stays for a grace", () => {
  const presence = new Presence();
  presence.enter(alice);
  presence.enter(bob);
  assert(presence.leave(bob, true, 0));
  assert(!presence.leave(alice, false, 0));
  assertEquals(presence.people.map(({ name }) => name), ["Alice"]);
  assertEquals(presence.nextExpiry, GRACE_MS);
  assert(!presence.expire(GRACE_MS - 1).left);
  assert(presence.expire(GRACE_MS).left);
  assertEquals(presence.people, []);
});

Deno.test("who comes back within the grace never left", () => {
  const presence = new Presence();
  presence.enter(alice);
  presence.leave(alice, false, 0);
  assert(!presence.enter(alice));
  assert(!presence.expire(GRACE_MS * 2).left);
});

Deno.test("typing ends by itself, and with leaving", () => {
  const presence = new Presence();
  presence.enter(alice);
  presence.enter(bob);
  assert(presence.setTyping(alice, true, 0));
  assert(!presence.setTyping(alice, true, 1000), "still typing is no news");
  assertEquals(presence.typingWithout(bob), [alice]);
  assertEquals(presence.typingWithout(alice), []);
  assertEquals(presence.expire(TYPING_MS).typing, false);
  assertEquals(presence.expire(TYPING_MS + 1000).typing, true);
  presence.setTyping(bob, true, 0);
  presence.leave(bob, true, 0);
  assertEquals(presence.typing.size, 0);
});
