import { assertEquals } from "@std/assert";
import { changed, type Entry, type ReactionChange } from "@/lib/model/entry.ts";
import { isMine, type Post } from "@/lib/model/message.ts";
import type { Person } from "@/lib/model/person.ts";
import { alice, bob, guest } from "@/tests/people.ts";

const post: Post = {
  type: "post",
  seq: 1,
  at: 0,
  by: alice,
  content: "Tea?",
  editedAt: null,
  replyTo: null,
  pinned: false,
  reactions: [],
};

/** A reaction as the log has it. */
function react(by: Person, count: number, on = true): ReactionChange {
  return { type: "react", seq: 2, at: 0, by, post: 1, emoji: "👍", on, count };
}

/** The post after some entries, as a person sees it. */
function after(entries: readonly Entry[], reader?: Person, from = post): Post {
  return entries.reduce<Post>((post, entry) => changed(post, entry, reader?.id) ?? post, from);
}

/** People who react one after the other. */
function crowd(size: number): Person[] {
  return Array.from({ length: size }, (_, index) => ({ ...bob, id: `${index}`, name: `P${index}` }));
}

Deno.test("a reaction lists people by name and id, and each leaves again by id", () => {
  const sam = guest("Sam", "1"), otherSam = guest("Sam", "2");
  const both = after([react(sam, 1), react(otherSam, 2)]);
  assertEquals(both.reactions, [{ emoji: "👍", count: 2, users: ["Sam", "Sam"], by: [sam.id, otherSam.id] }]);
  const [left] = after([react(sam, 1, false)], undefined, both).reactions;
  assertEquals(left, { emoji: "👍", count: 1, users: ["Sam"], by: [otherSam.id] });
  assertEquals(after([react(otherSam, 0, false)], undefined, both).reactions, []);
});

Deno.test("a reaction lists 20 people, and counts the rest", () => {
  const people = crowd(25), [reaction] = after(people.map((person, index) => react(person, index + 1))).reactions;
  assertEquals([reaction?.count, reaction?.users.length, reaction?.by?.length], [25, 20, 20]);
  assertEquals(people.slice(0, 20).map(({ id }) => reaction && isMine(reaction, id)), Array(20).fill(true));
  assertEquals(reaction && isMine(reaction, people[24]!.id), undefined, "the reaction alone doesn't say");
});

Deno.test("an entry that is applied twice changes nothing the second time", () => {
  const once = after([react(alice, 1), react(bob, 2)], bob);
  assertEquals(after([react(bob, 2)], bob, once), once);
});

Deno.test("a reader's own reaction is theirs, whoever else has their name and however many react", () => {
  const others = crowd(24), sam = guest("Sam", "1"), otherSam = guest("Sam", "2");
  const many = after([...others, otherSam, sam].map((person, index) => react(person, index + 1)), sam);
  assertEquals(many.reactions.map(({ mine }) => mine), [true]);
  const without = after([react(sam, 25, false)], sam, many);
  assertEquals(without.reactions.map(({ mine }) => mine), [false]);
  const stays = after([react(otherSam, 25, false)], sam, many);
  assertEquals(stays.reactions.map(({ mine }) => mine), [true]);
});

Deno.test("an edit keeps what is the reader's", () => {
  const before = after([react(bob, 1)], bob), message = { ...post, content: "Coffee?", editedAt: 1 };
  const edited = after([{ type: "edit", seq: 3, at: 1, by: alice, message }], bob, before);
  assertEquals([edited.content, edited.reactions], ["Coffee?", before.reactions]);
});

Deno.test("where a stored reaction has no ids, names have to do", () => {
  const old: Post = { ...post, reactions: [{ emoji: "👍", count: 2, users: ["Alice", "Bob"] }] };
  assertEquals(after([react(bob, 1, false)], undefined, old).reactions, [{ emoji: "👍", count: 1, users: ["Alice"] }]);
  assertEquals(isMine(old.reactions[0]!, alice.id), undefined);
});
