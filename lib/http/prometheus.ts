/**
 * The figures of `/metrics` in the text format of Prometheus (version 0.0.4). Each isolate gives its own; they are added up
 * where somebody asks.
 * @module
 */
import process from "node:process";
import type { Hub } from "@/lib/live/hub.ts";
import { type Histogram, metrics } from "@/lib/metrics.ts";

/** Figures of one name, in a form that can be sent from one isolate to another. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** Each by what follows the name: a histogram's suffix, labels, or nothing. */
  readonly samples: readonly (readonly [rest: string, value: number])[];
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
    {
      ...counter("hubbub_refusals_total", "Refusals that programs were told.", 0),
      samples: labelled("code", metrics.refusals),
    },
    {
      ...counter("hubbub_http_responses_total", "Answers to HTTP requests.", 0),
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
    gauge("hubbub_heap_bytes", "Memory of JavaScript, of all isolates.", Deno.memoryUsage().heapUsed),
  ];
}

/** What is of the process as a whole. */
function processFigures(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  return [
    counter("process_cpu_seconds_total", "Time of processors that was used.", (user + system) / 1e6),
    gauge("hubbub_jobs_waiting", "Jobs in the store that wait or are under way.", metrics.jobsWaiting),
    gauge("hubbub_jobs_dead", "Jobs in the store that failed for good.", metrics.jobsDead),
    gauge("process_resident_memory_bytes", "Memory that is held.", Deno.memoryUsage().rss),
    gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", metrics.startedAt / 1000),
    gauge("process_uptime_seconds", "Seconds for which it runs.", metrics.uptime),
  ];
}

/** The answer to a scrape: the sums over all isolates, and what is of their process. */
export function prometheusResponse(isolates: readonly (readonly Family[])[]): Response {
  const text = [...sums(isolates.flat()), ...processFigures()].map(textOf).join("");
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" };
  return new Response(text, { headers });
}

/** Families of one name, and their samples, become one. */
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

/** A figure for each value of a label; values are names of ours, in which nothing has to be escaped. */
function labelled(label: string, counts: Iterable<readonly [string, number]>): Family["samples"] {
  return Array.from(counts, ([said, value]) => [`{${label}="${said}"}`, value] as const);
}

/** A histogram as Prometheus has it: each bucket holds those before it too. */
function histogram(name: string, help: string, { bounds, counts, sum }: Histogram): Family {
  let count = 0;
  const buckets = counts.map((times, index) => {
    count += times;
    return [`_bucket{le="${bounds[index] ?? "+Inf"}"}`, count] as const;
  });
  return { name, help, type: "histogram", samples: [...buckets, ["_sum", sum], ["_count", count]] };
}
