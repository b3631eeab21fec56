/**
 * Protocol 2: how the server and its rooms are doing.
 * @module
 */
import { z } from "zod";
import type { Operations } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { roomStatsAnswer, statsAnswer } from "@/lib/protocols/lobby/codec.ts";

const Health = z.object({
  status: z.enum(["healthy", "unhealthy"]),
  version: z.string(),
  uptime_seconds: z.number(),
  system: z.object({
    cpu: z.object({ cores: z.int() }),
    memory: z.object({ rss_bytes: z.int(), heap_bytes: z.int() }),
    load: z.array(z.number()).meta({ description: "Averages of the last 1, 5 and 15 minutes." }),
  }),
  connections: z.int(),
  storage: z.enum(["ok", "unavailable"]),
}).meta({ id: "Health" });

const health: z.infer<typeof Health> = {
  status: "healthy",
  version: "0.1.0",
  uptime_seconds: 5025.4,
  system: { cpu: { cores: 2 }, memory: { rss_bytes: 80_740_352, heap_bytes: 21_102_592 }, load: [0.2, 0.1, 0.1] },
  connections: 12,
  storage: "ok",
};

const Readiness = z.object({
  status: z.enum(["ready", "waiting", "stopping"]),
  storage: z.enum(["ok", "unavailable"]),
}).meta({ id: "Readiness" });

/** Figures. */
export const serverOperations: Operations = {
  "GET /health": {
    tag: "Server",
    summary: "Whether this process serves",
    who: "anybody",
    answers: {
      200: { description: "It does.", schema: Health, example: health },
      503: {
        description: "The store does not answer within 2 s, or the process is about to stop.",
        schema: Health,
        example: { ...health, status: "unhealthy", storage: "unavailable" },
      },
    },
  },
  "GET /health/live": {
    tag: "Server",
    summary: "Whether this process runs",
    who: "anybody",
    answers: {
      200: {
        description: "It does. Where nothing answers, start it anew.",
        schema: z.object({ status: z.literal("alive") }),
        example: { status: "alive" },
      },
    },
  },
  "GET /health/ready": {
    tag: "Server",
    summary: "Whether people may be sent to this process",
    who: "anybody",
    answers: {
      200: { description: "They may.", schema: Readiness, example: { status: "ready", storage: "ok" } },
      503: {
        description: "The store does not answer within 2 s, or the process is about to stop.",
        schema: Readiness,
        example: { status: "stopping", storage: "ok" },
      },
    },
  },
  "GET /stats": {
    tag: "Server",
    summary: "Figures of the server",
    who: "guests",
    answers: {
      200: {
        description: "Totals, and the busiest of the rooms that the actor may see.",
        schema: statsAnswer.meta({ id: "Stats" }),
        example: {
          rooms: 4,
          messages: 1204,
          accounts: 9,
          online_users: 5,
          connections: 12,
          messages_last_hour: 38,
          busiest_rooms: [{ id: EXAMPLE.room, name: "kitchen-rota", messages: 840, online_users: 2 }],
        },
      },
    },
  },
  "GET /room/{room}/stats": {
    tag: "Server",
    summary: "Figures of a room",
    who: "guests",
    answers: {
      200: {
        description: "The room, and who is there.",
        schema: roomStatsAnswer.meta({ id: "RoomStats" }),
        example: {
          id: EXAMPLE.room,
          name: "kitchen-rota",
          messages: 840,
          online_users: 2,
          users: ["Alice", "Bob"],
          connections: 3,
          messages_last_hour: 12,
          created_at: EXAMPLE.time,
          last_message_at: EXAMPLE.time,
        },
      },
    },
    errors: ["room_not_found"],
  },
};
