/**
 * What instances write for each other.
 * @module
 */
import type { Parsed } from "@/lib/model/immutable.ts";
import type { clusterEvent, heartbeat, instancePresence } from "@/lib/model/schema/cluster.ts";
import type { roomEvent } from "@/lib/model/schema/room.ts";

/** The people in a room at one instance, and those of them who type. */
export type InstancePresence = Parsed<typeof instancePresence>;

/** Something that other instances tell their sockets. */
export type ClusterEvent = Parsed<typeof clusterEvent>;

/** What happened to a room. */
export type RoomEvent = Parsed<typeof roomEvent>;

/** That an instance is alive, and what changed there lately. */
export type Heartbeat = Parsed<typeof heartbeat>;
