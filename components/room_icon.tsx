/**
 * Icons of rooms.
 * @module
 */
import { Avatar } from "@/components/avatar.tsx";
import { Icon } from "@/components/icon.tsx";
import type { Room } from "@/lib/model/room.ts";
import type { Person } from "@/lib/model/person.ts";
import { t } from "@/lib/ui/strings.ts";

/** A hash for a public room, a lock for a private one, the other person's avatar for a direct one. */
export function RoomIcon(
  { room, reader, pictures, size }: {
    room: Room;
    reader: Person | null;
    pictures: Readonly<Record<string, string>>;
    size: number;
  },
) {
  const other = room.between?.find(({ id }) => id !== reader?.id);
  if (other) return <Avatar person={other} picture={pictures[other.id]} size="xs" />;
  if (room.kind === "public") return <Icon name="hash" size={size} />;
  return (
    <span role="img" aria-label={t.rooms.private} title={t.rooms.private}>
      <Icon name="lock" size={size} />
    </span>
  );
}
