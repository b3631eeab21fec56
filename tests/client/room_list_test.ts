import { assertEquals } from "@std/assert";
import { RoomList } from "@/lib/client/room_list.ts";
import { general } from "./sample.ts";

Deno.test("rooms come, change and go in the sidebar", () => {
  const list = new RoomList(), names = () => list.rooms.value.map(({ name }) => name);
  const music = { ...general, id: 3, name: "music" }, kitchen = { ...general, id: 2, name: "kitchen" };
  list.rooms.value = [general, music];
  list.receive({ type: "rooms", event: "created", room: kitchen });
  assertEquals(names(), ["general", "kitchen", "music"]);
  list.receive({ type: "rooms", event: "changed", room: { ...music, name: "songs" } });
  assertEquals(names(), ["general", "kitchen", "songs"]);
  list.receive({ type: "rooms", event: "deleted", room: kitchen });
  assertEquals(names(), ["general", "songs"]);
});
