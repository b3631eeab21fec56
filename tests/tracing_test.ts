import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { dial } from "@/tests/client.ts";
import { within } from "@/tests/limits.ts";
import { startServer } from "@/tests/process.ts";

const PATIENCE_MS = 10_000;

const spansOf = z.object({
  resourceSpans: z.array(z.object({
    scopeSpans: z.array(z.object({
      scope: z.object({ name: z.string() }),
      spans: z.array(z.object({
        name: z.string(),
        parentSpanId: z.string(),
        spanId: z.string(),
        attributes: z.array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })),
      })),
    })),
  })),
});

/** A span, and which part of the program made it. */
type Span = z.infer<typeof spansOf>["resourceSpans"][0]["scopeSpans"][0]["spans"][0] & { readonly scope: string };

/** Something that spans are sent to. */
interface Collector extends AsyncDisposable {
  readonly url: string;
  /** All that came, as it came. */
  readonly bodies: readonly string[];
  /** Resolves once there are spans of all these names. */
  until(...names: string[]): Promise<readonly Span[]>;
}

function collect(): Collector {
  const bodies: string[] = [], spans: Span[] = [];
  let wake = Promise.withResolvers<void>();
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const body = await request.text();
    bodies.push(body);
    if (new URL(request.url).pathname === "/v1/traces") {
      for (const { scopeSpans } of spansOf.parse(JSON.parse(body)).resourceSpans) {
        for (const { scope, spans: found } of scopeSpans) {
          spans.push(...found.map((span) => ({ ...span, scope: scope.name })));
        }
      }
      wake.resolve();
      wake = Promise.withResolvers();
    }
    return Response.json({});
  });
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    bodies,
    async until(...names) {
      while (!names.every((name) => spans.some((span) => span.name === name))) {
        await within("a span", wake.promise, PATIENCE_MS);
      }
      return spans;
    },
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

function attribute(span: Span, key: string): unknown {
  return Object.values(span.attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
}

Deno.test("with OTEL_DENO=true requests, commits and deliveries are traced, and nothing that people write", async () => {
  const dataDir = await Deno.makeTempDir(), text = "meet at noon";
  {
    await using collector = collect();
    await using running = await startServer(dataDir, {
      WORKERS: "1",
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    });
    const bob = dial(`${running.url.replace("http", "ws")}/ws/chat/1?username=Bob`);
    await bob.until("users_list");
    const body = JSON.stringify({ username: "Alice", content: text });
    const posted = await fetch(`${running.url}/api/chat/rooms/1/messages`, { method: "POST", body });
    assertEquals((await posted.json()).content, text);
    await bob.until("message");
    const spans = await collector.until("POST", "commit", "deliver");
    const named = (name: string) => spans.find((span) => span.name === name)!;
    const post = named("POST"), commit = named("commit"), deliver = named("deliver");
    assertEquals([commit.scope, deliver.scope], ["hubbub", "hubbub"]);
    assertEquals([commit.parentSpanId, deliver.parentSpanId], [post.spanId, post.spanId]);
    assertEquals([attribute(commit, "hubbub.rooms"), attribute(commit, "hubbub.entries")], [1, 1]);
    assertEquals([attribute(deliver, "hubbub.entries"), attribute(deliver, "hubbub.sockets")], [1, 1]);
    for (const body of collector.bodies) assert(!body.includes(text), body);
    bob.close();
    await bob.closed;
  }
  await Deno.remove(dataDir, { recursive: true });
});
