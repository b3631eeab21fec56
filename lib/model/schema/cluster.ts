/**
 * Schemas of what instances write for each other.
 * @module
 */
import { z } from "zod";
import { person, present } from "@/lib/model/schema/person.ts";
import { room, roomEvent } from "@/lib/model/schema/room.ts";

/** The people in a room at one instance, and those of them who type. */
export const instancePresence = z.object({ people: z.array(present), typing: z.array(person) });

/** Something that other instances tell their sockets. */
export const clusterEvent = z.discriminatedUnion("type", [
  /** A public room was created, changed or deleted. */
  z.object({ type: z.literal("room"), event: roomEvent, room }),
  /** A person has read a room up to `seq`. */
  z.object({ type: z.literal("read"), room: z.int(), by: person, seq: z.int() }),
  /** A name was registered. */
  z.object({ type: z.literal("name"), name: z.string() }),
]);

/** That an instance is alive, and what changed there lately. */
export const heartbeat = z.object({
  /** Number of the last tick. */
  tick: z.int(),
  /** Different each time. */
  beat: z.int(),
  connections: z.int(),
  ticks: z.array(z.object({ tick: z.int(), rooms: z.array(z.int()), news: z.array(clusterEvent) })),
});
