import { assert, assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { type FinalState, type HistoryEvent, type SeenEntry, violations } from "@/tests/cluster/history.ts";

const ROOM = 3;

interface Good {
  readonly history: HistoryEvent[];
  readonly final: FinalState;
}

function id(seq: number): number {
  return messageId(ROOM, seq);
}

function post(seq: number, by: string, nonce: string, content: string): SeenEntry {
  return { seq, kind: "post", id: id(seq), by, nonce, content };
}

/** Ann and Bob post twice each, edit, delete and react; Bob's connection broke once, and Cy joined late. */
function goodHistory(): Good {
  const hello = post(1, "Ann", "a1", "hello"), helo = post(2, "Bob", "b1", "helo"), oops = post(3, "Ann", "a2", "oops");
  const fixed: SeenEntry = { seq: 4, kind: "edit", id: id(2), by: "Bob", content: "hello, too" };
  const liked: SeenEntry = { seq: 5, kind: "react", id: id(1), by: "Bob" };
  const gone: SeenEntry = { seq: 6, kind: "delete", id: id(3), by: "Ann" };
  const bye = post(7, "Bob", "b2", "bye");
  const tombstone: SeenEntry = { seq: 3, kind: "delete", id: id(3), by: "Ann" };
  const entries = [hello, { ...helo, content: "hello, too" }, tombstone, fixed, liked, gone, bye];
  const ann = { client: "Ann", room: ROOM }, bob = { client: "Bob", room: ROOM }, cy = { client: "Cy", room: ROOM };
  const saw = (who: typeof ann, ...seen: SeenEntry[]) =>
    seen.map((entry): HistoryEvent => ({ ...who, type: "saw", entry }));
  const history: HistoryEvent[] = [
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
  const final: FinalState = {
    room: ROOM,
    entries,
    posts: [
      { id: id(1), by: "Ann", content: "hello" },
      { id: id(2), by: "Bob", content: "hello, too" },
      { id: id(7), by: "Bob", content: "bye" },
    ],
    connected: ["Ann", "Bob", "Cy"],
    listed: [["Ann", "Bob", "Cy"], ["Ann", "Bob", "Cy"]],
    unread: [{ client: "Ann", read: 2, count: 2 }, { client: "Cy", read: 7, count: 0 }],
  };
  return { history, final };
}

/** The good history with one thing changed, and what the oracle says about it. */
const SPOILT: readonly [what: string, spoil: (good: Good) => Partial<Good>, sentence: string][] = [
  [
    "an acknowledged message is missing",
    ({ final }) => ({ final: { ...final, entries: final.entries.slice(0, -1), posts: final.posts.slice(0, -1) } }),
    "Bob's b2 was acknowledged as 7, and the log has another entry there",
  ],
  [
    "another message stands where one was acknowledged",
    ({ final }) => ({ final: { ...final, entries: final.entries.with(6, post(7, "Bob", "b9", "bye")) } }),
    "Bob's b2 was acknowledged as 7, and the log has another entry there",
  ],
  [
    "a message is gone that no client deleted",
    ({ final }) => ({
      final: { ...final, entries: final.entries.with(0, { seq: 1, kind: "delete", id: id(1), by: "Ann" }) },
    }),
    "Ann's a1 was acknowledged as 1, and the log has another entry there",
  ],
  [
    "a message is stored twice",
    ({ final }) => ({ final: { ...final, entries: [...final.entries, post(8, "Bob", "b2", "bye")] } }),
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
    "a message is acknowledged that no client sent",
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
    "a message stands before what was acknowledged when it was sent",
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
    ({ final }) => ({ final: { ...final, entries: final.entries.toSpliced(4, 1) } }),
    "the log has seq 6 at place 5",
  ],
  [
    "the history lacks a message of the log",
    ({ final }) => ({ final: { ...final, posts: final.posts.slice(1) } }),
    `the history has the messages [${id(2)},${id(7)}]`,
  ],
  [
    "the history has another content than the log",
    ({ final }) => ({ final: { ...final, posts: final.posts.with(2, { id: id(7), by: "Bob", content: "good bye" }) } }),
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
    "Ann saw another entry at 2 than the log has",
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
    "Bob resumed after 0, and was at 1",
  ],
  [
    "a reader that missed little is reset",
    ({ history }) => ({ history: [...history, { client: "Cy", room: ROOM, type: "reset", seq: 7 }] }),
    "Cy was reset at 7, and was at 7",
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
    ({ final }) => ({
      final: {
        ...final,
        entries: final.entries.with(1, { ...final.entries[1]!, content: "helo" }),
        posts: final.posts.with(1, { id: id(2), by: "Bob", content: "helo" }),
      },
    }),
    `message ${id(2)} says “helo”, and its last edit “hello, too”`,
  ],
  [
    "a message changes without an edit",
    ({ final }) => ({
      final: {
        ...final,
        entries: final.entries.with(0, { ...final.entries[0]!, content: "HELLO" }),
        posts: final.posts.with(0, { id: id(1), by: "Ann", content: "HELLO" }),
      },
    }),
    `message ${id(1)} says “HELLO”, and its last edit “hello”`,
  ],
  [
    "an edit that was acknowledged is missing",
    ({ final }) => ({ final: { ...final, entries: final.entries.with(3, { seq: 4, kind: "other", by: "Bob" }) } }),
    `Bob edited message ${id(2)} as 4, and the log has no such entry`,
  ],
  [
    "a deleted message is still there",
    ({ final }) => ({
      final: {
        ...final,
        entries: final.entries.with(2, post(3, "Ann", "a2", "oops")),
        posts: final.posts.toSpliced(2, 0, { id: id(3), by: "Ann", content: "oops" }),
      },
    }),
    `message ${id(3)} was deleted as 6, and is still in the history`,
  ],
  [
    "an instance lists someone who is not connected",
    ({ final }) => ({ final: { ...final, listed: [final.listed[0]!, [...final.listed[1]!, "Dan"]] } }),
    "Dan is listed, and is not connected",
  ],
  [
    "an instance does not list someone who is connected",
    ({ final }) => ({ final: { ...final, listed: [["Ann", "Cy"]] } }),
    "Bob is connected, and is not listed",
  ],
  [
    "an instance lists someone twice",
    ({ final }) => ({ final: { ...final, listed: [["Ann", "Bob", "Cy", "Ann"]] } }),
    "Ann is listed twice",
  ],
  [
    "a count of unread is wrong",
    ({ final }) => ({ final: { ...final, unread: [{ client: "Ann", read: 2, count: 1 }] } }),
    "Ann has 1 unread, and there are 2 after 2",
  ],
];

function sawAt(one: HistoryEvent, client: string, seq: number): boolean {
  return one.type === "saw" && one.client === client && one.entry.seq === seq;
}

function without(history: readonly HistoryEvent[], unwanted: (one: HistoryEvent) => boolean): HistoryEvent[] {
  return history.filter((one) => !unwanted(one));
}

Deno.test("a good history breaks no promise", () => {
  const { history, final } = goodHistory();
  assertEquals(violations(history, [final]), []);
});

Deno.test("a message without an answer may stand or not, and a client that has left need not see the end", () => {
  const { history, final } = goodHistory();
  const lost: HistoryEvent = { client: "Ann", room: ROOM, type: "sent", nonce: "a9", content: "lost" };
  const gone = without(history, (one) => sawAt(one, "Cy", 7));
  const connected = ["Ann", "Bob"];
  assertEquals(violations([...gone, lost], [{ ...final, connected, listed: [connected] }]), []);
  const unheard = without(history, (one) => one.type === "acknowledged" && one.seq === 7);
  assertEquals(violations(unheard, [final]), []);
});

Deno.test("a reader that missed more than a thousand entries may be reset", () => {
  const entries = Array.from({ length: 1_002 }, (_, index): SeenEntry => ({ seq: index + 1, kind: "other" }));
  const final: FinalState = { room: ROOM, entries, posts: [], connected: ["Ann"], listed: [["Ann"]], unread: [] };
  const reset = (after: number): HistoryEvent[] => [
    { client: "Ann", room: ROOM, type: "resumed", after },
    { client: "Ann", room: ROOM, type: "reset", seq: 1_002 },
  ];
  assertEquals(violations(reset(1), [final]), []);
  assertEquals(violations(reset(2), [final]), ["Room 3: Ann was reset at 1002, and was at 2."]);
});

for (const [what, spoil, sentence] of SPOILT) {
  Deno.test(`the oracle finds it when ${what}`, () => {
    const good = goodHistory(), { history, final } = { ...good, ...spoil(good) };
    const found = violations(history, [final]);
    assert(
      found.some((violation) => violation.startsWith(`Room 3: ${sentence}`)),
      found.join("\n") || "it found nothing",
    );
  });
}
