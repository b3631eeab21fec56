/**
 * Spans of what takes time between a request and its answer: Deno sends them where `OTEL_DENO` is on, beside those that
 * it makes of requests itself. Without it nothing is loaded, and nothing is made.
 * @module
 */
import type { Span, Tracer } from "@opentelemetry/api";

let tracer: Tracer | undefined;

/** Makes spans from now on, in this isolate. */
export async function startTracing(): Promise<void> {
  const { trace } = await import("@opentelemetry/api");
  tracer = trace.getTracer("hubbub");
}

/** Begins a span, which its caller ends; undefined where none are made. Spans hold numbers, never what people write. */
export function startSpan(name: string): Span | undefined {
  return tracer?.startSpan(name);
}
