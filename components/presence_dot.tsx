/**
 * Presence.
 * @module
 */
import type { Status } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";

/** A dot and a word for someone's presence; `state` is null offline. */
export function PresenceDot({ state }: { state: Status["state"] | null }) {
  const words = state === null ? t.people.offline : state === "away" ? t.people.away : t.people.online;
  return (
    <span class="presence">
      <span class={state === null ? "dot" : state === "away" ? "dot wait" : "dot on"} /> {words}
    </span>
  );
}
