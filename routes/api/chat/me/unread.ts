import { roomTitle } from "@/lib/model/room.ts";
import { unreadJson } from "@/lib/protocols/room/views.ts";
import { endpoint } from "@/lib/http/endpoint.ts";

/** `/api/chat/me/unread`: the unread messages of each room that the actor follows. */
export const handler = endpoint({
  async GET({ state: { actor, chat } }) {
    const waiting = await chat.reads.waiting(actor);
    return Response.json(
      waiting.map(({ room, count, mentions }) =>
        unreadJson(room, roomTitle(room, actor?.person ?? null), { count, mentions })
      ),
    );
  },
});
