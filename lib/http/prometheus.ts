/**
 * `/metrics` in the text format of Prometheus (version 0.0.4): the sums of all isolates.
 * @module
 */
import process from "node:process";
import type { Hub } from "@/lib/live/hub.ts";
import { type Histogram, metrics } from "@/lib/metrics.ts";

/** A metric family, structured-cloneable. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** By what follows the name: a histogram's suffix, labels, or nothing. */
  readonly samples: readonly (readonly [rest: string, value: number])[];
}

const PROTOCOLS = ["room", "lobby", "chats", "bearer", "app"] as const;

/** The families of one isolate. */
export function isolateFigures(hub: Hub): readonly Family[] {
  return [
    gauge("hubbub_isolates", "Isolates of this process.", 1),
    sockets(hub),
    gauge("hubbub_rooms_open", "Rooms with subscribers, once per isolate.", hub.openRooms),
    gauge("hubbub_rooms_watched", "Rooms whose head is watched, once per isolate.", hub.watchedRooms),
    histogram("hubbub_commit_seconds", "Time of a commit to the store.", metrics.commitSeconds),
    histogram("hubbub_commit_entries", "Entries of rooms in one commit.", metrics.commitEntries),
    counter(
      "hubbub_commit_conflicts_total",
      "Commits to rooms that failed as another writer was faster.",
      metrics.conflicts,
    ),
    histogram(
      "hubbub_delivery_seconds",
      "Time from an entry's date until it was written to the sockets here.",
      metrics.deliverySeconds,
    ),
    counter("hubbub_resumes_total", "Clients that reconnected and got what they had missed.", metrics.resumes),
    counter("hubbub_resets_total", "Clients that reconnected and had to start anew.", metrics.resets),
    counter("hubbub_slow_readers_total", "Sockets closed with 4408 as they were read too slowly.", metrics.slowReaders),
    counter("hubbub_failed_sign_ins_total", "Sign-ins with a wrong name or password.", metrics.failedSignIns),
    {
      ...counter("hubbub_refusals_total", "Refusals by error code.", 0),
      samples: labelled("code", metrics.refusals),
    },
    {
      ...counter("hubbub_http_responses_total", "HTTP responses.", 0),
      samples: labelled(
        "status",
        metrics.responses.map((count, hundreds) => [`${hundreds}xx`, count] as const).slice(1),
      ),
    },
    {
      ...counter("hubbub_jobs_total", "Tries of jobs here, by how they ended.", 0),
      samples: [...metrics.jobs.values()].map(({ kind, outcome, count }) =>
        [`{kind="${kind}",outcome="${outcome}"}`, count] as const
      ),
    },
    gauge("hubbub_heap_bytes", "JavaScript heap of all isolates.", Deno.memoryUsage().heapUsed),
  ];
}

/** The families of the process as a whole. */
function processFigures(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  return [
    counter("process_cpu_seconds_total", "CPU time used.", (user + system) / 1e6),
    gauge("hubbub_jobs_waiting", "Jobs in the store that wait or are under way.", metrics.jobsWaiting),
    gauge("hubbub_jobs_dead", "Jobs in the store that failed for good.", metrics.jobsDead),
    gauge("process_resident_memory_bytes", "Resident memory.", Deno.memoryUsage().rss),
    gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", metrics.startedAt / 1000),
    gauge("process_uptime_seconds", "Seconds since the process began.", metrics.uptime),
  ];
}

/** The response to a scrape. */
export function prometheusResponse(isolates: readonly (readonly Family[])[]): Response {
  const text = [...sums(isolates.flat()), ...processFigures()].map(textOf).join("");
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" };
  return new Response(text, { headers });
}

/** Adds up the samples of families with one name. */
function sums(families: readonly Family[]): readonly Family[] {
  const byName = Map.groupBy(families, ({ name }) => name);
  return byName.values().toArray().map((same) => {
    const samples = new Map<string, number>();
    for (const [rest, value] of same.flatMap(({ samples }) => samples)) {
      samples.set(rest, (samples.get(rest) ?? 0) + value);
    }
    return { ...same[0]!, samples: [...samples] };
  });
}

function textOf({ name, help, type, samples }: Family): string {
  const lines = samples.map(([rest, value]) => `${name}${rest} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function sockets({ connections }: Hub): Family {
  const counts = new Map<string, number>(PROTOCOLS.map((protocol) => [protocol, 0]));
  for (const { codec: { protocol } } of connections) counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
  return { ...gauge("hubbub_connections", "Open sockets.", 0), samples: labelled("protocol", counts) };
}

function gauge(name: string, help: string, value: number): Family {
  return { name, help, type: "gauge", samples: [["", value]] };
}

function counter(name: string, help: string, value: number): Family {
  return { ...gauge(name, help, value), type: "counter" };
}

/** A sample for each value of a label. The values need no escaping. */
function labelled(label: string, counts: Iterable<readonly [string, number]>): Family["samples"] {
  return Array.from(counts, ([name, value]) => [`{${label}="${name}"}`, value] as const);
}

/** A histogram with cumulative buckets. */
function histogram(name: string, help: string, { bounds, counts, sum }: Histogram): Family {
  let count = 0;
  const buckets = counts.map((times, index) => {
    count += times;
    return [`_bucket{le="${bounds[index] ?? "+Inf"}"}`, count] as const;
  });
  return { name, help, type: "histogram", samples: [...buckets, ["_sum", sum], ["_count", count]] };
}
