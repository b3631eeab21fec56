/**
 * How the connection stands, in words.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { Phase } from "@/lib/client/connection.ts";
import { t } from "@/lib/ui/strings.ts";

/** The words for a phase; a countdown counts. */
export function usePhaseText(phase: Phase): string {
  const [, tick] = useState(0);
  const waiting = phase.name === "waiting";
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [waiting]);
  switch (phase.name) {
    case "live":
      return t.connection.live;
    case "connecting":
      return t.connection.connecting;
    case "offline":
      return t.connection.offline;
    case "refused":
      return t.connection.refused;
    case "waiting":
      return t.connection.reconnecting(Math.max(1, Math.ceil((phase.until - Date.now()) / 1000)));
  }
}

/** The light beside the words: on, waiting, or off. */
export function PhaseDot({ phase }: { phase: Phase }) {
  const kind = phase.name === "live" ? "on" : phase.name === "waiting" || phase.name === "connecting" ? "wait" : "";
  return <span class={`dot ${kind}`} data-connection={phase.name} />;
}

/** Whether a button that connects at once makes sense. */
export function canTryNow(phase: Phase): boolean {
  return phase.name === "waiting" || phase.name === "offline" || phase.name === "refused";
}
