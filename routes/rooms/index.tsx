import { page } from "fresh";
import { Empty } from "@/components/icon.tsx";
import { Styles } from "@/components/page_layout.tsx";
import { t } from "@/lib/ui/strings.ts";
import { define } from "@/lib/http/state.ts";
import Sidebar from "@/islands/sidebar.tsx";
import { listedRooms, waitingFor } from "../(_pages)/room_data.ts";
import { pageContext } from "../(_pages)/page_context.ts";

/** All rooms: on a phone, the page behind a room. */
export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = t.room.pageTitle(t.rooms.heading);
    const rooms = await listedRooms(ctx, await waitingFor(ctx));
    const context = await pageContext(ctx, rooms.flatMap(({ room }) => room.between ?? []));
    return page({ context, rooms });
  },
});

export default define.page<typeof handler>(function RoomsPage({ data: { context, rooms } }) {
  return (
    <div class="app listing">
      <Styles names={["room"]} />
      <Sidebar context={context} rooms={rooms} />
      <main class="room">
        <h1 class="sr">{t.rooms.heading}</h1>
        <Empty icon="message" line={t.rooms.pick}>
          {context.managesRooms && <a class="button" href="/rooms/new">{t.rooms.new}</a>}
        </Empty>
      </main>
    </div>
  );
});
