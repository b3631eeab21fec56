import { assertEquals, assertThrows } from "@std/assert";
import { readConfig } from "@/lib/config.ts";

Deno.test("without settings the server is at 127.0.0.1:8000 and keeps its data in ./data", () => {
  assertEquals(readConfig({}), {
    port: 8000,
    host: "127.0.0.1",
    dataDir: "./data",
    store: "./data/hubbub.sqlite",
    guests: "full",
  });
});

Deno.test("the store is a file, a denokv server, or Deno Deploy's own", () => {
  assertEquals(readConfig({ DATA_DIR: "/srv/chat" }).store, "/srv/chat/hubbub.sqlite");
  assertEquals(readConfig({ KV_URL: "http://127.0.0.1:4512" }).store, "http://127.0.0.1:4512");
  assertEquals(readConfig({ DENO_DEPLOYMENT_ID: "d1" }).store, undefined);
});

Deno.test("a wrong setting stops the start with a sentence that names it", () => {
  assertThrows(() => readConfig({ PORT: "eighty" }), Error, 'PORT is "eighty"');
  assertThrows(() => readConfig({ PORT: "70000" }), Error, "PORT");
  assertThrows(() => readConfig({ GUESTS: "some" }), Error, 'GUESTS is "some"');
  assertThrows(() => readConfig({ KV_URL: "sqlite" }), Error, "KV_URL");
});

Deno.test("an empty setting is none, and what the shell sets by itself does not matter", () => {
  assertEquals(readConfig({ PORT: "", HOSTNAME: "container-1", HOST: "" }).host, "127.0.0.1");
});
