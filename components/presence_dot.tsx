/**
 * Whether somebody is here.
 * @module
 */
import type { Status } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";

/** A light and its words; `state` is null for who is not here. */
export function PresenceDot({ state }: { state: Status["state"] | null }) {
  const words = state === null ? t.people.offline : state === "away" ? t.people.away : t.people.online;
  return (
    <span class="presence">
      <span class={state === null ? "dot" : state === "away" ? "dot wait" : "dot on"} /> {words}
    </span>
  );
}
