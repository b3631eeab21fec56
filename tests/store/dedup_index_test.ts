import { asGuest } from "@/lib/chat/policy.ts";
import { assert, assertEquals } from "@std/assert";
import { messageId } from "@/lib/model/message.ts";
import { BLOCK_SIZE, DedupIndex, nonceHash } from "@/lib/store/log/dedup_index.ts";
import { keys } from "@/lib/store/keys.ts";
import { alice, bob, guest, openCore } from "@/tests/people.ts";

Deno.test("a nonce is remembered over a restart, wherever in the log it stands", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/store.sqlite`;
  const total = BLOCK_SIZE * 2 + 100;
  {
    await using core = await openCore(path);
    const room = (await core.rooms.find(asGuest(alice), "general")).room;
    await Promise.all(
      Array.from(
        { length: total },
        (_, index) =>
          core.messages.post(asGuest(index % 2 ? alice : bob), room.id, { content: `${index}`, nonce: `n${index}` }),
      ),
    );
  }
  {
    await using core = await openCore(path);
    const room = (await core.rooms.find(asGuest(alice), "general")).room;
    for (
      const index of [0, 5, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, BLOCK_SIZE * 2 - 1, BLOCK_SIZE * 2, total - 1]
    ) {
      const again = await core.messages.post(asGuest(index % 2 ? alice : bob), room.id, {
        content: "again",
        nonce: `n${index}`,
      });
      assertEquals([again.repeated, again.post.content], [true, `${index}`], `nonce ${index}`);
    }
    assert(
      !(await core.messages.post(asGuest(alice), room.id, { content: "mine", nonce: "n0" })).repeated,
      "it was Bob's",
    );
    assertEquals((await core.log.head(room.id))?.seq, total + 1);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("two writers take turns over the end of a block, and neither forgets the other's nonces", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/store.sqlite`;
  {
    await using one = await openCore(path);
    await using two = await openCore(path);
    const room = (await one.rooms.find(asGuest(alice), "general")).room;
    for (let turn = 0; turn < 12; turn++) {
      const core = turn % 2 ? one : two;
      await Promise.all(
        Array.from(
          { length: 200 },
          (_, index) => core.messages.post(asGuest(alice), room.id, { content: "x", nonce: `${turn}-${index}` }),
        ),
      );
    }
    for (let turn = 0; turn < 12; turn++) {
      for (const core of [one, two]) {
        assert(
          (await core.messages.post(asGuest(alice), room.id, { content: "x", nonce: `${turn}-${turn * 7}` })).repeated,
        );
      }
    }
    assertEquals((await one.log.head(room.id))?.seq, 2400);
    const blocks: number[] = [];
    for await (const { value } of one.store.list(keys.dedupBlock.under(1))) {
      blocks.push(value.hashes.filter((hash) => hash !== 0).length);
    }
    assertEquals(blocks, [BLOCK_SIZE, BLOCK_SIZE], "each whole block is kept once, whichever writer completed it");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a nonce whose message was deleted does not bring it back", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  const { post } = await core.messages.post(asGuest(alice), room.id, { content: "regret", nonce: "n" });
  await core.messages.delete(asGuest(alice), messageId(room.id, post.seq));
  const [again] = await Promise.allSettled([
    core.messages.post(asGuest(alice), room.id, { content: "regret", nonce: "n" }),
  ]);
  assert(again.status === "rejected" && again.reason.code === "message_deleted");
});

Deno.test("a guest's nonces count for the name, an account's for the account", () => {
  assertEquals(nonceHash(guest("Ada", "a"), "n"), nonceHash(guest("ADA", "b"), "n"));
  assert(nonceHash(guest("Ada", "a"), "n") !== nonceHash({ ...alice, guest: false }, "n"));
  assert(nonceHash(alice, "n") !== nonceHash(alice, "m"));
});

Deno.test("two nonces that share a hash are distinguished by their entries", async () => {
  await using core = await openCore();
  const room = (await core.rooms.find(asGuest(alice), "general")).room;
  await core.messages.post(asGuest(alice), room.id, { content: "first", nonce: "a" });
  const { find, mayHave } = DedupIndex.prototype;
  try {
    DedupIndex.prototype.mayHave = (_, cleared) => cleared?.seq !== 1;
    DedupIndex.prototype.find = () => Promise.resolve(1);
    const other = await core.messages.post(asGuest(alice), room.id, { content: "second", nonce: "b" });
    assertEquals([other.repeated, other.post.content], [false, "second"]);
  } finally {
    Object.assign(DedupIndex.prototype, { find, mayHave });
  }
});
