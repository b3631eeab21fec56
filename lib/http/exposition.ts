/**
 * The figures of `/metrics` in the form of Prometheus. Each isolate gives its own, as they are sent; they are added up where
 * somebody asks.
 * @module
 */
import process from "node:process";
import type { Hub } from "@/lib/live/hub.ts";
import { type Histogram, metrics } from "@/lib/metrics.ts";

/** One figure, with what tells it from others of its family. */
interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Parts of a histogram have names of their own. */
  readonly metricName?: string;
}

/** Figures of one name, in the form in which `prom-client` adds up those of several processes. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly aggregator: "sum";
  readonly values: readonly Sample[];
}

const PROTOCOLS = ["room", "lobby", "chats", "bearer", "app"] as const;

/** What one isolate has to tell. */
export function isolateFigures(hub: Hub): readonly Family[] {
  return [
    gauge("hubbub_isolates", "Isolates of this process.", 1),
    sockets(hub),
    gauge("hubbub_rooms_open", "Rooms that somebody looks at, once an isolate.", hub.openRooms),
    gauge("hubbub_rooms_watched", "Rooms whose head is watched, once an isolate.", hub.watchedRooms),
    histogram("hubbub_commit_seconds", "Time of a commit to the store.", metrics.commitSeconds),
    histogram("hubbub_commit_entries", "Entries of rooms in one commit.", metrics.commitEntries),
    counter("hubbub_commit_conflicts_total", "Commits to rooms that another writer came before.", metrics.conflicts),
    histogram(
      "hubbub_delivery_seconds",
      "Time from an entry's date until it was written to the sockets here.",
      metrics.deliverySeconds,
    ),
    counter("hubbub_resumes_total", "Clients that came back and got what they had missed.", metrics.resumes),
    counter("hubbub_resets_total", "Clients that came back and had to start anew.", metrics.resets),
    counter("hubbub_slow_readers_total", "Sockets closed with 4408 as nobody read them.", metrics.slowReaders),
    counter("hubbub_failed_sign_ins_total", "Tries with a wrong name or password.", metrics.failedSignIns),
    labelled("hubbub_refusals_total", "Refusals that programs were told.", "code", [...metrics.refusals]),
    labelled(
      "hubbub_http_responses_total",
      "Answers to HTTP requests.",
      "status",
      metrics.responses.map((count, hundreds) => [`${hundreds}xx`, count] as const).slice(1),
    ),
    gauge("hubbub_heap_bytes", "Memory of JavaScript, of all isolates.", Deno.memoryUsage().heapUsed),
  ];
}

/** What is of the process as a whole. */
function processFigures(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  return [
    counter("process_cpu_seconds_total", "Time of processors that was used.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Memory that is held.", Deno.memoryUsage().rss),
    gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", metrics.startedAt / 1000),
    gauge("process_uptime_seconds", "Seconds for which it runs.", metrics.uptime),
  ];
}

/** The answer to a scrape: the sums over all isolates, and what is of their process. */
export async function exposition(isolates: readonly (readonly Family[])[]): Promise<Response> {
  // Read at the first scrape: most servers are never asked.
  const { AggregatorRegistry } = await import("prom-client");
  const registry = AggregatorRegistry.aggregate([...isolates, processFigures()]);
  const headers = { "content-type": registry.contentType, "cache-control": "no-store" };
  return new Response(await registry.metrics(), { headers });
}

function sockets({ connections }: Hub): Family {
  const counts = new Map<string, number>(PROTOCOLS.map((protocol) => [protocol, 0]));
  for (const { codec: { protocol } } of connections) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  return { ...labelled("hubbub_connections", "Open sockets.", "protocol", [...counts]), type: "gauge" };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: "gauge", aggregator: "sum", values: [{ labels: {}, value }] };
}

function counter(name: string, help: string, value: number): Family {
  return { ...gauge(name, help, value), type: "counter" };
}

function labelled(
  name: string,
  help: string,
  label: string,
  counts: readonly (readonly [string, number])[],
): Family {
  const values = counts.map(([said, value]) => ({ labels: { [label]: said }, value }));
  return { name, help, type: "counter", aggregator: "sum", values };
}

/** A histogram as Prometheus has it: each bucket holds those before it too. */
function histogram(name: string, help: string, { bounds, counts, sum }: Histogram): Family {
  const values: Sample[] = [];
  let count = 0;
  counts.forEach((times, index) => {
    count += times;
    values.push({ labels: { le: bounds[index] ?? "+Inf" }, value: count, metricName: `${name}_bucket` });
  });
  values.push({ labels: {}, value: sum, metricName: `${name}_sum` });
  values.push({ labels: {}, value: count, metricName: `${name}_count` });
  return { name, help, type: "histogram", aggregator: "sum", values };
}
