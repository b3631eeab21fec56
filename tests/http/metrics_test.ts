import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { dial } from "@/tests/client.ts";
import { asGuest } from "@/lib/chat/policy.ts";
import { alice } from "@/tests/people.ts";
import { startServer } from "@/tests/process.ts";
import { serve } from "@/tests/server.ts";

const TOKEN = "a token of a test";

/** The figures of a scrape, by name and labels. */
async function scrape(url: string, headers: HeadersInit = {}): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers });
  assertEquals(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const [, name, value] = /^(\S+) (\S+)$/.exec(line)!;
    return [name!, Number(value)] as const;
  }));
}

/** What a request on a connection of its own is answered. */
async function askAnew(url: string, path: string, host = "127.0.0.1"): Promise<string> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await socket.write(new TextEncoder().encode(request));
  return await new Response(socket.readable).text();
}

/** By how much figures have grown. Servers of one test file count together, so what is told is what has changed. */
async function growth(url: string, names: readonly string[], act: () => Promise<void>): Promise<number[]> {
  const before = await scrape(url);
  await act();
  const after = await scrape(url);
  return names.map((name) => (after.get(name) ?? 0) - (before.get(name) ?? 0));
}

Deno.test("the metrics count", async (t) => {
  await using server = await serve();
  const { url } = server;

  await t.step("sockets by protocol, and the rooms that they look at", async () => {
    const names = ['hubbub_connections{protocol="room"}', 'hubbub_connections{protocol="lobby"}', "hubbub_rooms_open"];
    const grown = await growth(url, names, async () => {
      await server.join("Alice");
      const bob = server.socket("/ws/Bob");
      await bob.until("user_joined");
    });
    assertEquals(grown, [1, 1, 1]);
  });

  await t.step("commits, their entries, and the time until delivery", async () => {
    const names = [
      "hubbub_commit_entries_sum",
      "hubbub_commit_entries_count",
      'hubbub_commit_entries_bucket{le="+Inf"}',
      "hubbub_delivery_seconds_count",
    ];
    const [entries = 0, commits = 0, all, delivered] = await growth(url, names, async () => {
      const alice = await server.join("Carol");
      await alice.send(...Array.from({ length: 20 }, (_, i) => ({ type: "message", content: `${i}`, nonce: `n${i}` })));
      await alice.until("message", ({ content }) => content === "19");
    });
    assertEquals([entries, all, delivered], [20, commits, 20]);
    assert(commits >= 1 && commits < 20, `they went together, in ${commits} commits`);
    const figures = await scrape(url), count = figures.get("hubbub_commit_seconds_count") ?? 0;
    assertGreater(count, 0);
    assertEquals(figures.get('hubbub_commit_seconds_bucket{le="+Inf"}'), count);
  });

  await t.step("clients that resume, and those that start anew", async () => {
    const grown = await growth(url, ["hubbub_resumes_total", "hubbub_resets_total"], async () => {
      const back = server.socket("/ws/chat/1");
      await back.send({ username: "Dora", after: 3 });
      await back.until("users_list");
      const lost = server.socket("/ws/chat/1");
      await lost.send({ username: "Emil", after: 3, epoch: "of another log" });
      await lost.until("reset");
    });
    assertEquals(grown, [1, 1]);
  });

  await t.step("jobs by how they ended, and how many wait", async () => {
    const { rooms, jobs } = server.chat, ended = 'hubbub_jobs_total{kind="sweep_room",outcome="done"}';
    const grown = await growth(url, [ended], async () => {
      const room = await rooms.create(asGuest(alice), { name: "brief", description: "" });
      await rooms.delete(asGuest(alice), room.id);
      await jobs.idle();
    });
    const figures = await scrape(url);
    assertEquals([...grown, figures.get("hubbub_jobs_waiting"), figures.get("hubbub_jobs_dead")], [1, 0, 0]);
  });

  await t.step("refusals by their code, of requests and of frames, and answers by their status", async () => {
    const names = [
      'hubbub_refusals_total{code="room_not_found"}',
      'hubbub_refusals_total{code="bad_frame"}',
      'hubbub_http_responses_total{status="4xx"}',
    ];
    const grown = await growth(url, names, async () => {
      await (await server.fetch("/api/chat/rooms/9999")).body?.cancel();
      const frank = await server.join("Frank");
      await frank.send("no JSON");
      await frank.until("error");
    });
    assertEquals(grown, [1, 1, 1]);
  });

  await t.step("tries to sign in that fail", async () => {
    const [failed] = await growth(url, ["hubbub_failed_sign_ins_total"], async () => {
      const json = { username: "Nobody", password: "a wrong one" };
      await (await server.fetch("/api/auth/login", { method: "POST", json })).body?.cancel();
    });
    assertEquals(failed, 1);
  });

  await t.step("slow readers", async () => {
    const [slow] = await growth(url, ["hubbub_slow_readers_total"], async () => {
      const deaf = server.socket("/ws/chat/1?username=Deaf", { headers: {} });
      await deaf.until("users_list");
      deaf.pause(true);
      const talker = await server.join("Talker"), there = server.chat.hub.connections.size;
      for (let said = 0; server.chat.hub.connections.size === there; said++) {
        assertLess(said, 100, "the slow reader was never sent away");
        await talker.send(...Array.from({ length: 100 }, () => ({ type: "message", content: "x".repeat(4_000) })));
        await talker.send({ type: "message", content: `after ${said}` });
        await talker.until("message", ({ content }) => content === `after ${said}`);
      }
      deaf.pause(false);
      await deaf.closed;
    });
    assertEquals(slow, 1);
  });

  await t.step("the process itself", async () => {
    const figures = await scrape(url);
    for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_uptime_seconds"]) {
      assertGreater(figures.get(name) ?? 0, 0, name);
    }
    assertEquals(figures.get("hubbub_isolates"), 1);
  });
});

Deno.test("a commit that another instance was faster than is counted", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using one = await serve({ store: `${folder}/store.sqlite` });
    await using other = await serve({ store: `${folder}/store.sqlite` });
    const [conflicts] = await growth(one.url, ["hubbub_commit_conflicts_total"], async () => {
      // Each knows where the room stands from its own last commit to it.
      for (const server of [one, other, one]) {
        const json = { username: "Alice", content: "hello" };
        const { status, body } = await server.fetch("/api/chat/rooms/1/messages", { method: "POST", json });
        await body?.cancel();
        assertEquals(status, 201);
      }
    });
    assertEquals(conflicts, 1);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the metrics are for this machine and for the token; for others they don't exist", async () => {
  await using server = await serve({ metricsToken: TOKEN, trustedProxies: ["127.0.0.1"] });
  const status = async (headers: HeadersInit, path = "/metrics") => {
    const response = await server.fetch(path, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const stranger = { "x-forwarded-for": "203.0.113.9" };
  assertEquals(await status({}), 200);
  assertEquals(await status({}, "/metrics/"), 200);
  assertEquals(await status(stranger), 404);
  assertEquals(await status({ ...stranger, authorization: "Bearer another one" }), 404);
  assertEquals(await status({ ...stranger, authorization: `Bearer ${TOKEN}` }), 200);
  assertEquals(await status({ "x-forwarded-for": "127.0.0.1" }), 404, "anybody may write that");
  assertEquals(await status({ origin: "https://example.org" }), 404, "a page asks in its visitor's name");
});

Deno.test("an untrusted local proxy doesn't open the metrics, nor does a name that leads here", async () => {
  await using server = await serve();
  const through = await server.fetch("/metrics", { headers: { "x-forwarded-for": "203.0.113.9" } });
  assertEquals([through.status, (await through.json()).code], [404, "not_found"]);
  assertMatch(await askAnew(server.url, "/metrics", "chat.example"), /^HTTP\/1.1 404 /);
  assertMatch(await askAnew(server.url, "/metrics"), /^HTTP\/1.1 200 /);
});

Deno.test("whichever isolate is asked answers for all of the process", async () => {
  const dataDir = await Deno.makeTempDir();
  await using running = await startServer(dataDir, { WORKERS: "2" });
  const clients = Array.from({ length: 16 }, (_, i) => dial(`${running.url.replace("http", "ws")}/ws/p${i}`));
  for (const client of clients) await client.until("user_joined");
  await clients[0]!.send("hello");
  for (const client of clients) await client.until("chat_message");
  const uptimes: number[] = [];
  for (let time = 0; time < 12; time++) {
    // Each connection goes to either of them.
    const text = await askAnew(running.url, "/metrics");
    assert(text.includes("hubbub_isolates 2\n"), text);
    assert(text.includes('hubbub_connections{protocol="lobby"} 16\n'), text);
    assert(text.includes("hubbub_commit_entries_sum 1\n"), text);
    const health = await askAnew(running.url, "/health");
    uptimes.push(Number(/"uptime_seconds":([\d.]+)/.exec(health)![1]));
  }
  assertEquals(uptimes, uptimes.toSorted((a, b) => a - b), "all count from the start of the process");
  for (const client of clients) client.close();
  await running[Symbol.asyncDispose]();
  await Deno.remove(dataDir, { recursive: true });
});
