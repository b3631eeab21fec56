/**
 * What `/health`, `/stats` and `/room/{room_id}/stats` answer: schemas, and the functions that make JSON of the model.
 * @module
 */
import { z } from "zod";
import type { RoomFigures, Totals } from "@/lib/chat/statistics.ts";
import type { Person } from "@/lib/model/person.ts";
import { type Room, roomTitle } from "@/lib/model/room.ts";
import { room } from "@/lib/model/schema/room.ts";
import { isoTime, time } from "@/lib/protocols/time.ts";

const storage = z.enum(["ok", "unavailable"]);

/** What `GET /health` answers. */
export const healthView = z.object({
  status: z.enum(["healthy", "unhealthy"]),
  version: z.string(),
  uptime_seconds: z.number(),
  system: z.object({
    cpu: z.object({ cores: z.int() }),
    memory: z.object({ rss_bytes: z.int(), heap_bytes: z.int() }),
    load: z.array(z.number()).meta({ description: "averages of the last 1, 5 and 15 minutes" }),
  }),
  connections: z.int(),
  storage,
});

/** What `GET /health/live` answers. */
export const livenessView = z.object({ status: z.literal("alive") });

/** What `GET /health/ready` answers. */
export const readinessView = z.object({ status: z.enum(["ready", "waiting", "stopping"]), storage });

/** What `GET /stats` answers. */
export const statsView = z.object({
  rooms: z.int(),
  messages: z.int(),
  accounts: z.int(),
  online_users: z.int(),
  connections: z.int(),
  messages_last_hour: z.int(),
  busiest_rooms: z.array(room.pick({ id: true, name: true }).extend({ messages: z.int(), online_users: z.int() })),
});

/** What `GET /room/{room_id}/stats` answers. */
export const roomStatsView = room.pick({ id: true, name: true }).extend({
  messages: z.int(),
  online_users: z.int(),
  users: z.array(z.string()),
  connections: z.int(),
  messages_last_hour: z.int(),
  created_at: time,
  last_message_at: time.nullable(),
});

/** Whether a process can serve, and whether the store answers. */
export interface Health {
  readonly healthy: boolean;
  readonly storage: z.infer<typeof storage>;
}

/** JSON of this process's health; `uptime` is in seconds. */
export function healthJson(
  { healthy, storage }: Health,
  { version, uptime, connections }: { readonly version: string; readonly uptime: number; readonly connections: number },
): z.infer<typeof healthView> {
  const { rss, heapUsed } = Deno.memoryUsage();
  return {
    status: healthy ? "healthy" : "unhealthy",
    version,
    uptime_seconds: uptime,
    system: {
      cpu: { cores: navigator.hardwareConcurrency },
      memory: { rss_bytes: rss, heap_bytes: heapUsed },
      load: Deno.loadavg(),
    },
    connections,
    storage,
  };
}

/** JSON of a process that runs. */
export function livenessJson(): z.infer<typeof livenessView> {
  return { status: "alive" };
}

/** JSON of whether people may be sent to a process. */
export function readinessJson({ healthy, storage }: Health, draining: boolean): z.infer<typeof readinessView> {
  return { status: healthy ? "ready" : draining ? "stopping" : "waiting", storage };
}

/** JSON of a server's statistics. */
export function statsJson(
  { rooms, messages, accounts, lastHour, busiest }: Totals,
  live: { readonly people: number; readonly connections: number; online(room: number): number },
): z.infer<typeof statsView> {
  return {
    rooms,
    messages,
    accounts,
    online_users: live.people,
    connections: live.connections,
    messages_last_hour: lastHour,
    busiest_rooms: busiest.map(({ room: { id, name }, head: { posts } }) => ({
      id,
      name,
      messages: posts,
      online_users: live.online(id),
    })),
  };
}

/** JSON of a room's statistics; a direct room has the name that `actor` sees. */
export function roomStatsJson(
  room: Room,
  { head, lastHour }: RoomFigures,
  live: { readonly users: readonly string[]; readonly connections: number },
  actor: Person | null,
): z.infer<typeof roomStatsView> {
  return {
    id: room.id,
    name: roomTitle(room, actor),
    messages: head.posts,
    online_users: live.users.length,
    users: [...live.users],
    connections: live.connections,
    messages_last_hour: lastHour,
    created_at: isoTime(room.createdAt),
    last_message_at: head.at === 0 ? null : isoTime(head.at),
  };
}
