import { roomTitle } from "@/lib/chat/entries.ts";
import { api } from "@/lib/http/api.ts";
import { unreadJson } from "@/lib/protocol/people.ts";

/** `/api/chat/me/unread`: what waits in each room that the asker follows. */
export const handler = api({
  async GET({ state: { asker, chat } }) {
    const waiting = await chat.reads.waiting(asker);
    return Response.json(
      waiting.map(({ room, count, mentions }) =>
        unreadJson(room, roomTitle(room, asker?.person ?? null), { count, mentions })
      ),
    );
  },
});
