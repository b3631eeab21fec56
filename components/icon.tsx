/**
 * Line icons. The shapes are Lucide's (ISC License, Copyright (c) Lucide Icons and Contributors), only those in use.
 * @module
 */
import type { ComponentChildren } from "preact";
import type { PageStore } from "@/lib/client/page_store.ts";
import { Avatar } from "@/components/person.tsx";
import type { Room } from "@/lib/model/room.ts";
import { t } from "@/lib/ui/strings.ts";

const SHAPES = {
  hash: "M4 9h16M4 15h16M10 3 8 21M16 3l-2 18",
  plus: "M5 12h14M12 5v14",
  "arrow-up": "m5 12 7-7 7 7M12 19V5",
  "arrow-down": "M12 5v14M19 12l-7 7-7-7",
  "chevron-left": "m15 18-6-6 6-6",
  settings: "M14 17H5M19 7h-9M20 17a3 3 0 1 1-6 0 3 3 0 0 1 6 0ZM10 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0Z",
  pencil:
    "M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497ZM15 5l4 4",
  trash: "M10 11v6M14 11v6M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M3 6h18M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2",
  link:
    "M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71",
  check: "M20 6 9 17l-5-5",
  x: "M18 6 6 18M6 6l12 12",
  clock: "M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0ZM12 6v6l4 2",
  message:
    "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719",
  "wifi-off":
    "M12 20h.01M8.5 16.429a5 5 0 0 1 7 0M5 12.859a10 10 0 0 1 5.17-2.69M19 12.859a10 10 0 0 0-2.007-1.523M2 8.82a15 15 0 0 1 4.177-2.643M22 8.82a15 15 0 0 0-11.288-3.764M2 2l20 20",
  lock: "M5 11h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2ZM7 11V7a5 5 0 0 1 10 0v4",
  users:
    "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M16 3.128a4 4 0 0 1 0 7.744M22 21v-2a4 4 0 0 0-3-3.87M13 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  "log-out": "m16 17 5-5-5-5M21 12H9M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
  search: "m21 21-4.34-4.34M19 11a8 8 0 1 1-16 0 8 8 0 0 1 16 0Z",
  alert: "m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 17h.01",
} as const;

/** Name of an icon. */
export type IconName = keyof typeof SHAPES;

/** An icon, hidden from screen readers. `size` is in pixels. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** A link that is an icon; `label` is its name and tooltip. */
export function IconLink({ name, size, label, href, class: others = "", onClick }: {
  name: IconName;
  size?: number;
  label: string;
  href: string;
  /** Classes beside `icon`. */
  class?: string;
  onClick?: (event: MouseEvent) => void;
}) {
  return (
    <a class={`icon ${others}`} href={href} aria-label={label} title={label} onClick={onClick}>
      <Icon name={name} size={size} />
    </a>
  );
}

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

/** A hash for a public room, a lock for a private one, the other person's avatar for a direct one. */
export function RoomIcon({ page, room, size }: { page: PageStore; room: Room; size: number }) {
  const other = room.between?.find(({ id }) => id !== page.user.value?.id);
  if (other) return <Avatar person={other} picture={page.context.pictures[other.id]} size="xs" />;
  if (room.kind === "public") return <Icon name="hash" size={size} />;
  return (
    <span role="img" aria-label={t.rooms.private} title={t.rooms.private}>
      <Icon name="lock" size={size} />
    </span>
  );
}
