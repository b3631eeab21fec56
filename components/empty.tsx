/**
 * Empty states.
 * @module
 */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "@/components/icon.tsx";

/** An empty state: an icon, a line, and a button as `children`. */
export function Empty({ icon, line, children }: { icon: IconName; line: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={44} />
      <p>{line}</p>
      {children}
    </div>
  );
}
