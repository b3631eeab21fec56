/**
 * The state of the connection, in words and as a dot.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { Phase } from "@/lib/client/connection.ts";
import { t } from "@/lib/ui/strings.ts";

/** The words for a phase; a countdown counts. */
export function usePhaseText(phase: Phase): string {
  const [, tick] = useState(0);
  useEffect(() => {
    if (phase.name !== "waiting") return;
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, [phase.name]);
  if (phase.name !== "waiting") return t.connection[phase.name];
  return t.connection.reconnecting(Math.max(1, Math.ceil((phase.until - Date.now()) / 1000)));
}

/** A dot in the colour of a phase. */
export function PhaseDot({ phase }: { phase: Phase }) {
  const kind = phase.name === "live" ? "on" : phase.name === "waiting" || phase.name === "connecting" ? "wait" : "";
  return <span class={`dot ${kind}`} data-connection={phase.name} />;
}

/** Whether trying now makes sense. */
export function canTryNow(phase: Phase): boolean {
  return phase.name === "waiting" || phase.name === "offline" || phase.name === "refused";
}
