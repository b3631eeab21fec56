/**
 * Hooks that bring islands together.
 * @module
 */
import { useEffect, useState } from "preact/hooks";
import type { PageContext, RoomSnapshot } from "@/lib/client/page_context.ts";
import { type PageStore, pageStore } from "@/lib/client/page_store.ts";
import type { RoomStore } from "@/lib/client/room_store.ts";

/** The page's store, which connects once the first island is there. */
export function usePage(context: PageContext): PageStore {
  const [page] = useState(() => pageStore(context));
  useEffect(() => page.start(), []);
  return page;
}

/** The page's store and its room. */
export function useRoom(context: PageContext, snapshot: RoomSnapshot): { page: PageStore; room: RoomStore } {
  const page = usePage(context);
  const [room] = useState(() => page.room(snapshot));
  return { page, room };
}
