/**
 * The endpoints of protocol 2: health and statistics.
 * @module
 */
import type { z } from "zod";
import { answer, type Operations, withTag } from "@/lib/protocols/operation.ts";
import { EXAMPLE } from "@/lib/protocols/parameters.ts";
import { healthView, livenessView, readinessView, roomStatsView, statsView } from "@/lib/protocols/lobby/views.ts";

const Health = healthView.meta({ id: "Health" });
const Readiness = readinessView.meta({ id: "Readiness" });

const health: z.infer<typeof Health> = {
  status: "healthy",
  version: "0.1.0",
  uptime_seconds: 5025.4,
  system: { cpu: { cores: 2 }, memory: { rss_bytes: 80_740_352, heap_bytes: 21_102_592 }, load: [0.2, 0.1, 0.1] },
  connections: 12,
  storage: "ok",
};

/** Health and statistics. */
export const serverOperations: Operations = withTag("Server", {
  "GET /health": {
    summary: "Check the health of this process",
    who: "anyone",
    answers: {
      200: answer("It's healthy.", Health, health),
      503: answer("The store doesn't answer within 2 s, or the process is stopping.", Health, {
        ...health,
        status: "unhealthy",
        storage: "unavailable",
      }),
    },
  },
  "GET /health/live": {
    summary: "Check that this process runs",
    who: "anyone",
    answers: { 200: answer("It runs. If nothing answers, restart it.", livenessView, { status: "alive" }) },
  },
  "GET /health/ready": {
    summary: "Check that this process takes traffic",
    who: "anyone",
    answers: {
      200: answer("It's ready.", Readiness, { status: "ready", storage: "ok" }),
      503: answer("The store doesn't answer within 2 s, or the process is stopping.", Readiness, {
        status: "stopping",
        storage: "ok",
      }),
    },
  },
  "GET /stats": {
    summary: "Get statistics of the server",
    answers: {
      200: answer("Totals, and the busiest of the rooms that you can see.", statsView.meta({ id: "Stats" }), {
        rooms: 4,
        messages: 1204,
        accounts: 9,
        online_users: 5,
        connections: 12,
        messages_last_hour: 38,
        busiest_rooms: [{ id: EXAMPLE.room, name: "kitchen-rota", messages: 840, online_users: 2 }],
      }),
    },
  },
  "GET /room/{room}/stats": {
    summary: "Get statistics of a room",
    answers: {
      200: answer("The room, and who is in it.", roomStatsView.meta({ id: "RoomStats" }), {
        id: EXAMPLE.room,
        name: "kitchen-rota",
        messages: 840,
        online_users: 2,
        users: ["Alice", "Bob"],
        connections: 3,
        messages_last_hour: 12,
        created_at: EXAMPLE.time,
        last_message_at: EXAMPLE.time,
      }),
    },
  },
});
