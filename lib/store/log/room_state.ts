/**
 * The state of a room as of the head that the next commit checks. Every change of the room or of a role in it moves that
 * head, so the state needs no check of its own.
 * @module
 */
import type { Role } from "@/lib/model/membership.ts";
import type { Head, Room } from "@/lib/model/room.ts";
import { keys } from "@/lib/store/keys.ts";
import type { LogStore } from "@/lib/store/kv.ts";
import { scan } from "@/lib/store/log/batches.ts";
import { DedupIndex, entryHash } from "@/lib/store/log/dedup_index.ts";

/** A room as of a head. */
export interface RoomState {
  readonly head: Head;
  /** Of the head's key. */
  readonly versionstamp: string | null;
  readonly room: Room;
  /** Roles by account, as far as they were asked for; null for accounts that don't belong to the room. */
  readonly roles: Map<string, Role | null>;
  readonly nonces: DedupIndex;
}

/** Reads how a room stands, or what is new since `before`; null where there is no such room. */
/** Reads a room's state, or what is new since `before`; null where there is no such room. */
export async function readRoomState(
  store: LogStore,
  id: number,
  now: number,
  before?: RoomState,
): Promise<RoomState | null> {
  const [{ value: head, versionstamp }, { value: room }] = await store.getBoth(keys.head(id), keys.room(id));
  if (!head || !room) return null;
  if (!before || before.head.epoch !== head.epoch || before.head.seq > head.seq) {
    return { head, versionstamp, room, roles: new Map(), nonces: await DedupIndex.read(store, id, head.seq, now) };
  }
  const { nonces } = before, roles = new Map(before.roles);
  for await (const entry of scan(store, id, { after: before.head.seq, before: head.seq + 1 })) {
    nonces.add(entry.seq, entryHash(entry), entry.at);
    if (entry.type === "member") roles.set(entry.member.id, entry.role);
  }
  return { head, versionstamp, room, roles, nonces };
}
