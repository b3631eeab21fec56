/**
 * Tracing: spans of what takes time in a request. Deno exports them where `OTEL_DENO` is on, beside its own spans of
 * requests. Otherwise nothing is loaded or created.
 * @module
 */
import type { Span, Tracer } from "@opentelemetry/api";

let tracer: Tracer | undefined;

/** Starts tracing in this isolate. */
export async function startTracing(): Promise<void> {
  const { trace } = await import("@opentelemetry/api");
  tracer = trace.getTracer("hubbub");
}

/** Starts a span, which the caller ends; undefined without tracing. Spans hold numbers, never what people write. */
export function startSpan(name: string): Span | undefined {
  return tracer?.startSpan(name);
}
