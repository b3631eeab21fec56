import { assert, assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { type Happened, type Left, type Told, violations } from "@/tests/cluster/history.ts";

const ROOM = 3;

interface Good {
  readonly history: Happened[];
  readonly left: Left;
}

function id(seq: number): number {
  return messageId(ROOM, seq);
}

function post(seq: number, by: string, nonce: string, content: string): Told {
  return { seq, kind: "post", id: id(seq), by, nonce, content };
}

/** What Ann and Bob did: two posts each, an edit, a deletion, a reaction; Bob's line broke once, and Cy came late. */
function goodHistory(): Good {
  const hello = post(1, "Ann", "a1", "hello"), helo = post(2, "Bob", "b1", "helo"), oops = post(3, "Ann", "a2", "oops");
  const fixed: Told = { seq: 4, kind: "edit", id: id(2), by: "Bob", content: "hello, too" };
  const liked: Told = { seq: 5, kind: "other", id: id(1), by: "Bob" };
  const gone: Told = { seq: 6, kind: "delete", id: id(3), by: "Ann" };
  const bye = post(7, "Bob", "b2", "bye");
  const stone: Told = { seq: 3, kind: "delete", id: id(3), by: "Ann" };
  const entries = [hello, { ...helo, content: "hello, too" }, stone, fixed, liked, gone, bye];
  const ann = { client: "Ann", room: ROOM }, bob = { client: "Bob", room: ROOM }, cy = { client: "Cy", room: ROOM };
  const saw = (who: typeof ann, ...told: Told[]) => told.map((entry): Happened => ({ ...who, type: "saw", entry }));
  const history: Happened[] = [
    { ...ann, type: "resumed", after: 0 },
    { ...bob, type: "resumed", after: 0 },
    { ...ann, type: "sent", nonce: "a1", content: "hello" },
    { ...ann, type: "acknowledged", nonce: "a1", id: id(1), seq: 1 },
    { ...bob, type: "sent", nonce: "b1", content: "helo" },
    ...saw(ann, hello, helo),
    ...saw(bob, hello),
    { ...bob, type: "resumed", after: 1 },
    { ...bob, type: "sent", nonce: "b1", content: "helo" },
    { ...bob, type: "acknowledged", nonce: "b1", id: id(2), seq: 2 },
    ...saw(bob, helo),
    { ...ann, type: "sent", nonce: "a2", content: "oops" },
    { ...ann, type: "acknowledged", nonce: "a2", id: id(3), seq: 3 },
    ...saw(bob, oops),
    { ...bob, type: "edited", id: id(2), seq: 4, content: "hello, too" },
    ...saw(ann, oops, fixed, liked),
    { ...ann, type: "deleted", id: id(3), seq: 6 },
    ...saw(bob, fixed, liked, gone),
    { ...cy, type: "joined", seq: 5 },
    ...saw(cy, gone),
    { ...bob, type: "sent", nonce: "b2", content: "bye" },
    ...saw(ann, gone, bye),
    ...saw(bob, bye),
    { ...bob, type: "acknowledged", nonce: "b2", id: id(7), seq: 7 },
    ...saw(cy, bye),
  ];
  const left: Left = {
    room: ROOM,
    entries,
    posts: [
      { id: id(1), by: "Ann", content: "hello" },
      { id: id(2), by: "Bob", content: "hello, too" },
      { id: id(7), by: "Bob", content: "bye" },
    ],
    connected: ["Ann", "Bob", "Cy"],
    present: [["Ann", "Bob", "Cy"], ["Ann", "Bob", "Cy"]],
    unread: [{ client: "Ann", read: 2, count: 2 }, { client: "Cy", read: 7, count: 0 }],
  };
  return { history, left };
}

/** The good history with one thing changed, and what is said about it. */
const FAULTS: readonly [what: string, breakIt: (good: Good) => Partial<Good>, sentence: string][] = [
  [
    "an acknowledged message is missing",
    ({ left }) => ({ left: { ...left, entries: left.entries.slice(0, -1), posts: left.posts.slice(0, -1) } }),
    "Bob's b2 was acknowledged as 7, and is missing there",
  ],
  [
    "another message stands where one was acknowledged",
    ({ left }) => ({ left: { ...left, entries: left.entries.with(6, post(7, "Bob", "b9", "bye")) } }),
    "Bob's b2 was acknowledged as 7, and is missing there",
  ],
  [
    "a message is gone that nobody deleted",
    ({ left }) => ({
      left: { ...left, entries: left.entries.with(0, { seq: 1, kind: "delete", id: id(1), by: "Ann" }) },
    }),
    "Ann's a1 was acknowledged as 1, and is missing there",
  ],
  [
    "a message is stored twice",
    ({ left }) => ({ left: { ...left, entries: [...left.entries, post(8, "Bob", "b2", "bye")] } }),
    "Bob's b2 is stored twice, as 7 and 8",
  ],
  [
    "a message is acknowledged at two places",
    ({ history }) => ({
      history: [...history, { client: "Ann", room: ROOM, type: "acknowledged", nonce: "a1", id: id(2), seq: 2 }],
    }),
    "Ann's a1 was acknowledged as 1 and as 2",
  ],
  [
    "a message is acknowledged that nobody sent",
    ({ history }) => ({ history: without(history, ({ type }) => type === "sent") }),
    "Ann's a1 was acknowledged, and never sent",
  ],
  [
    "an acknowledgement has the id of another message",
    ({ history }) => ({
      history: history.map((one) => one.type === "acknowledged" && one.seq === 7 ? { ...one, id: id(6) } : one),
    }),
    `Bob's b2 was acknowledged as 7 with the id ${id(6)}`,
  ],
  [
    "what was sent later stands before what was acknowledged",
    ({ history }) => ({
      history: [
        ...history,
        { client: "Ann", room: ROOM, type: "sent", nonce: "a3", content: "late" },
        { client: "Ann", room: ROOM, type: "acknowledged", nonce: "a3", id: id(5), seq: 5 },
      ],
    }),
    "Ann's a3 is 5, and was sent after 7 was acknowledged",
  ],
  [
    "seq is not dense",
    ({ left }) => ({ left: { ...left, entries: left.entries.toSpliced(4, 1) } }),
    "the log has seq 6 at place 5",
  ],
  [
    "the history lacks a message of the log",
    ({ left }) => ({ left: { ...left, posts: left.posts.slice(1) } }),
    `the history has the messages [${id(2)},${id(7)}]`,
  ],
  [
    "the history says something else than the log",
    ({ left }) => ({ left: { ...left, posts: left.posts.with(2, { id: id(7), by: "Bob", content: "good bye" }) } }),
    `message ${id(7)} is “good bye” by Bob in the history`,
  ],
  [
    "a reader misses an entry",
    ({ history }) => ({ history: without(history, (one) => sawAt(one, "Ann", 3)) }),
    "Ann saw 4 after 2",
  ],
  [
    "a reader sees an entry twice",
    ({ history }) => ({ history: history.flatMap((one) => sawAt(one, "Bob", 5) ? [one, one] : [one]) }),
    "Bob saw 5 after 5",
  ],
  [
    "a reader sees another order",
    ({ history }) => ({
      history: history.map((one) =>
        sawAt(one, "Ann", 2) && one.type === "saw" ? { ...one, entry: post(2, "Ann", "a2", "oops") } : one
      ),
    }),
    "Ann saw something else at 2 than what stands there",
  ],
  [
    "a reader that stays does not see the end",
    ({ history }) => ({ history: without(history, (one) => sawAt(one, "Cy", 7)) }),
    "Cy stays at 6 of 7",
  ],
  [
    "a reader comes back from where it was not",
    ({ history }) => ({
      history: history.map((one) => one.type === "resumed" && one.after === 1 ? { ...one, after: 0 } : one),
    }),
    "Bob came back after 0, and was at 1",
  ],
  [
    "a reader that missed little must begin anew",
    ({ history }) => ({ history: [...history, { client: "Cy", room: ROOM, type: "reset", seq: 7 }] }),
    "Cy must begin anew at 7, and was at 7",
  ],
  [
    "a reader has what a message was before its edit",
    ({ history }) => ({
      history: history.map((one) =>
        sawAt(one, "Ann", 4) && one.type === "saw" ? { ...one, entry: { ...one.entry, content: "helo" } } : one
      ),
    }),
    `Ann has message ${id(2)} as “helo”, and it is “hello, too”`,
  ],
  [
    "an edit is not the last one",
    ({ left }) => ({
      left: {
        ...left,
        entries: left.entries.with(1, { ...left.entries[1]!, content: "helo" }),
        posts: left.posts.with(1, { id: id(2), by: "Bob", content: "helo" }),
      },
    }),
    `message ${id(2)} says “helo”, and last was “hello, too”`,
  ],
  [
    "a message changes without an edit",
    ({ left }) => ({
      left: {
        ...left,
        entries: left.entries.with(0, { ...left.entries[0]!, content: "HELLO" }),
        posts: left.posts.with(0, { id: id(1), by: "Ann", content: "HELLO" }),
      },
    }),
    `message ${id(1)} says “HELLO”, and last was “hello”`,
  ],
  [
    "an edit that was acknowledged is missing",
    ({ left }) => ({ left: { ...left, entries: left.entries.with(3, { seq: 4, kind: "other", by: "Bob" }) } }),
    `Bob edited message ${id(2)} as 4, and that is missing`,
  ],
  [
    "a deleted message is still there",
    ({ left }) => ({
      left: {
        ...left,
        entries: left.entries.with(2, post(3, "Ann", "a2", "oops")),
        posts: left.posts.toSpliced(2, 0, { id: id(3), by: "Ann", content: "oops" }),
      },
    }),
    `message ${id(3)} was deleted as 6, and is still there`,
  ],
  [
    "somebody is shown who is not there",
    ({ left }) => ({ left: { ...left, present: [left.present[0]!, [...left.present[1]!, "Dan"]] } }),
    "Dan is shown, and is not there",
  ],
  [
    "somebody is there who is not shown",
    ({ left }) => ({ left: { ...left, present: [["Ann", "Cy"]] } }),
    "Bob is there, and is not shown",
  ],
  [
    "somebody is shown twice",
    ({ left }) => ({ left: { ...left, present: [["Ann", "Bob", "Cy", "Ann"]] } }),
    "Ann is shown twice",
  ],
  [
    "a count of unread is wrong",
    ({ left }) => ({ left: { ...left, unread: [{ client: "Ann", read: 2, count: 1 }] } }),
    "Ann has 1 unread, and there are 2 after 2",
  ],
];

function sawAt(one: Happened, client: string, seq: number): boolean {
  return one.type === "saw" && one.client === client && one.entry.seq === seq;
}

function without(history: readonly Happened[], unwanted: (one: Happened) => boolean): Happened[] {
  return history.filter((one) => !unwanted(one));
}

Deno.test("a good history breaks no promise", () => {
  const { history, left } = goodHistory();
  assertEquals(violations(history, [left]), []);
});

Deno.test("a message without an answer may stand or not, and who has left need not see the end", () => {
  const { history, left } = goodHistory();
  const lost: Happened = { client: "Ann", room: ROOM, type: "sent", nonce: "a9", content: "lost" };
  const gone = without(history, (one) => sawAt(one, "Cy", 7));
  const connected = ["Ann", "Bob"];
  assertEquals(violations([...gone, lost], [{ ...left, connected, present: [connected] }]), []);
  const unheard = without(history, (one) => one.type === "acknowledged" && one.seq === 7);
  assertEquals(violations(unheard, [left]), []);
});

Deno.test("who missed more than a thousand entries may be told to begin anew", () => {
  const entries = Array.from({ length: 1_002 }, (_, index): Told => ({ seq: index + 1, kind: "other" }));
  const left: Left = { room: ROOM, entries, posts: [], connected: ["Ann"], present: [["Ann"]], unread: [] };
  const reset = (after: number): Happened[] => [
    { client: "Ann", room: ROOM, type: "resumed", after },
    { client: "Ann", room: ROOM, type: "reset", seq: 1_002 },
  ];
  assertEquals(violations(reset(1), [left]), []);
  assertEquals(violations(reset(2), [left]), ["Room 3: Ann must begin anew at 1002, and was at 2."]);
});

for (const [what, breakIt, sentence] of FAULTS) {
  Deno.test(`it is found when ${what}`, () => {
    const good = goodHistory(), { history, left } = { ...good, ...breakIt(good) };
    const found = violations(history, [left]);
    assert(found.some((fault) => fault.startsWith(`Room 3: ${sentence}`)), found.join("\n") || "nothing was found");
  });
}
