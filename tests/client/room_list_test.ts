import { assertEquals } from "@std/assert";
import { RoomList } from "@/lib/client/room_list.ts";
import { general } from "./sample.ts";

Deno.test("rooms come, change and go in the sidebar", () => {
  const list = new RoomList(), names = () => list.items.value.map(({ room }) => room.name);
  const music = { ...general, id: 3, name: "music" }, kitchen = { ...general, id: 2, name: "kitchen" };
  list.items.value = [general, music].map((room) => ({ room, unread: 0, mentions: 0 }));
  list.receive({ type: "rooms", event: "created", room: kitchen });
  assertEquals(names(), ["general", "kitchen", "music"]);
  list.receive({ type: "rooms", event: "changed", room: { ...music, name: "songs" } });
  assertEquals(names(), ["general", "kitchen", "songs"]);
  list.receive({ type: "rooms", event: "deleted", room: kitchen });
  assertEquals(names(), ["general", "songs"]);
});

Deno.test("the sidebar has each room's unread messages, and keeps them when the room changes", () => {
  const list = new RoomList(), waits = () => list.items.value.map(({ unread, mentions }) => [unread, mentions]);
  const head = { epoch: "e", seq: 3, posts: 3, at: 0 }, music = { ...general, id: 2, name: "music" };
  list.receive({
    type: "hello",
    user: null,
    server_time: 0,
    version: "",
    rooms: [
      { room: general, head, online: 0, unread: 3, mentions: 1 },
      { room: music, head, online: 0, unread: 0, mentions: 0 },
    ],
  });
  assertEquals(waits(), [[3, 1], [0, 0]]);
  list.receive({ type: "unread", room: 2, count: 2, mentions: 2 });
  list.receive({ type: "rooms", event: "changed", room: { ...music, name: "songs" } });
  assertEquals(waits(), [[3, 1], [2, 2]]);
  list.receive({ type: "unread", room: 1, count: 0, mentions: 0 });
  list.receive({ type: "unread", room: 99, count: 5, mentions: 0 });
  assertEquals(waits(), [[0, 0], [2, 2]]);
});
