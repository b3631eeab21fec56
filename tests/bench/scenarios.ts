/**
 * What is measured: each scenario starts its own servers, the bare room first, loads one after the other and ends them.
 * @module
 */
import { cpuOf, filesAllowed, memoryOf } from "@/tests/bench/cost.ts";
import type { Figures } from "@/tests/bench/figures.ts";
import { type Dialect, load, type Measured } from "@/tests/bench/load.ts";
import { denokv, startDenokv } from "@/tests/denokv.ts";
import { type Running, start, startServer } from "@/tests/process.ts";

/** Where a run keeps its generator and its stores, and what it has learnt. */
export interface Bench {
  readonly folder: string;
  readonly figures: Figures;
}

/** One isolate, as the bare room is. */
const ONE = { WORKERS: "1" };
const BARE = new URL("./bare_room.ts", import.meta.url).pathname;
const PACE = "warm=1 dur=3 latdur=4";
const IDLE_MAX = 5_000;
/** Files that a process has open beside its connections. */
const OTHER_FILES = 200;
const PAGES = 600;
const HISTORIES = 1_200;
const MESSAGES = 50;

/** All scenarios, in the order in which they run. */
export const scenarios: readonly ((bench: Bench) => Promise<void>)[] = [
  fanout,
  rooms,
  idle,
  storm,
  posts,
  shared,
  requests,
];

async function fanout(bench: Bench): Promise<void> {
  const options = `scenario=fanout n=200 w=64 rate=20 ${PACE}`;
  const bare = await measured(bench, "plain", options);
  const hubbub = await measured(bench, "hubbub", options);
  const batch = await measured(bench, "hubbub-batch", `${options} latdur=0`);
  compare(bench, "fanout", bare, hubbub, "saturate", "cpu_us_per_delivery");
  compare(bench, "fanoutRate", bare, hubbub, "saturate", "deliveries_per_s");
  compare(bench, "fanoutBatch", bare, batch, "saturate", "cpu_us_per_delivery");
  compare(bench, "fanoutBatchRate", bare, batch, "saturate", "deliveries_per_s");
  compare(bench, "p50", bare, hubbub, "rate", "p50_ms");
  compare(bench, "p99", bare, hubbub, "rate", "p99_ms");
}

async function rooms(bench: Bench): Promise<void> {
  const options = `scenario=rooms rooms=100 members=10 rate=1 ${PACE} latdur=1`;
  const bare = await measured(bench, "plain", options);
  const hubbub = await measured(bench, "hubbub", options);
  const batch = await measured(bench, "hubbub-batch", options);
  compare(bench, "rooms", bare, hubbub, "saturate", "completed_per_s");
  compare(bench, "roomsCpu", bare, hubbub, "saturate", "cpu_us_per_msg");
  compare(bench, "roomsBatch", bare, batch, "saturate", "completed_per_s");
  compare(bench, "roomsBatchCpu", bare, batch, "saturate", "cpu_us_per_msg");
}

async function idle(bench: Bench): Promise<void> {
  const options = `scenario=idle n=${Math.min(IDLE_MAX, await filesAllowed() - OTHER_FILES)}`;
  const bare = await measured(bench, "plain", options);
  compare(bench, "idle", bare, await measured(bench, "hubbub", options), "idle", "rss_kb_per_conn");
}

async function storm(bench: Bench): Promise<void> {
  const options = `scenario=storm rooms=10 members=100 hist=${MESSAGES}`;
  const bare = await measured(bench, "plain", options);
  const hubbub = await measured(bench, "hubbub", options);
  compare(bench, "storm", bare, hubbub, "storm", "cpu_us_per_reconnect");
  compare(bench, "stormTime", bare, hubbub, "storm", "all_back_ms");
}

async function posts(bench: Bench): Promise<void> {
  const one = await measured(bench, "hubbub-batch", `scenario=posts rooms=1 w=400 ${PACE}`);
  const many = await measured(bench, "hubbub-batch", `scenario=posts rooms=100 w=4 ${PACE}`);
  bench.figures.add("posts", { hubbub: figure(one, "posts", "accepted_per_s") });
  bench.figures.add("postsRooms", { hubbub: figure(many, "posts", "accepted_per_s") });
  const two = await measured(bench, "hubbub-batch", `scenario=posts rooms=100 w=4 ${PACE}`, { WORKERS: "2" });
  bench.figures.add("postsWorkers", { hubbub: figure(two, "posts", "accepted_per_s") });
}

/** Two processes over one `denokv` server, in one room and in 100; nothing where there is no `denokv`. */
async function shared({ folder, figures }: Bench): Promise<void> {
  if (denokv === undefined) return console.error("  left out, as denokv is not installed");
  const data = await Deno.makeTempDir({ dir: folder });
  await using store = await startDenokv(data);
  const env = { ...ONE, ...store.env() };
  await using one = await startServer(data, env);
  await using other = await startServer(data, env);
  for (const [name, options] of [["shared", "rooms=1 w=400"], ["sharedRooms", "rooms=100 w=4"]] as const) {
    const both = await Promise.all(
      [one, other].map((server) => load(folder, server, "hubbub-batch", `scenario=posts ${options} ${PACE}`)),
    );
    figures.add(name, { hubbub: both.reduce((sum, measured) => sum + figure(measured, "posts", "accepted_per_s"), 0) });
  }
}

/** Start, pages and REST: one request after the other on one connection. */
async function requests({ folder, figures }: Bench): Promise<void> {
  const bare = await started(() => start([BARE], { PORT: "0" }));
  await bare.server[Symbol.asyncDispose]();
  const data = await Deno.makeTempDir({ dir: folder });
  // Once before, as the first start on a machine compiles the sources.
  await (await startServer(data, ONE))[Symbol.asyncDispose]();
  const hubbub = await started(() => startServer(data, ONE));
  await using server = hubbub.server;
  figures.add("start", { bare: bare.time, hubbub: hubbub.time });
  figures.add("memory", { bare: bare.memory, hubbub: hubbub.memory });
  for (let index = 1; index <= MESSAGES; index++) {
    const body = JSON.stringify({ content: `${index} the quick brown fox jumps over the lazy dog`, username: "Alice" });
    const posted = await fetch(`${server.url}/api/chat/rooms/1/messages`, { method: "POST", body });
    if (!posted.ok) throw new Error(`A post was answered with ${posted.status}: ${await posted.text()}`);
    await posted.body?.cancel();
  }
  const history = await cpuARequest(server, "/api/chat/rooms/1/messages?limit=50", HISTORIES);
  figures.add("history", { hubbub: history / 1_000 });
  figures.add("page", { hubbub: await cpuARequest(server, "/rooms/1", PAGES) / 1_000 });
}

/** Starts a server, and how long it took to its first answer in milliseconds, and what memory in megabytes. */
async function started(begin: () => Promise<Running>): Promise<{ server: Running; time: number; memory: number }> {
  const begun = performance.now(), server = await begin();
  await (await fetch(`${server.url}/health`)).body?.cancel();
  return { server, time: performance.now() - begun, memory: await memoryOf(server.pid) };
}

async function cpuARequest(server: Running, path: string, times: number): Promise<number> {
  // A third of them first, until the code is warm.
  await ask(server, path, times / 3);
  const before = await cpuOf(server.pid);
  await ask(server, path, times);
  return (await cpuOf(server.pid) - before) / times;
}

async function ask(server: Running, path: string, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked++) {
    const response = await fetch(server.url + path), text = await response.text();
    if (response.ok && text.includes(`${MESSAGES} the quick brown fox`)) continue;
    throw new Error(`${path} was answered with ${response.status} and not with ${MESSAGES} messages.`);
  }
}

async function measured(
  { folder }: Bench,
  dialect: Dialect,
  options: string,
  env: Record<string, string> = ONE,
): Promise<Map<string, Measured>> {
  const data = await Deno.makeTempDir({ dir: folder });
  await using server = dialect === "plain" ? await start([BARE], { PORT: "0" }) : await startServer(data, env);
  return await load(folder, server, dialect, options);
}

function compare(
  { figures }: Bench,
  name: Parameters<Figures["add"]>[0],
  bare: Map<string, Measured>,
  hubbub: Map<string, Measured>,
  phase: string,
  what: string,
): void {
  figures.add(name, { bare: figure(bare, phase, what), hubbub: figure(hubbub, phase, what) });
}

function figure(measured: Map<string, Measured>, phase: string, what: string): number {
  const value = measured.get(phase)?.[what];
  if (value === undefined) throw new Error(`The load generator did not measure ${what} in ${phase}.`);
  return value;
}
