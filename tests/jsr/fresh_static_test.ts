import { assert, assertEquals, assertMatch } from "@std/assert";
import { asset, IS_BROWSER } from "fresh/runtime";
import { built, project } from "./project.ts";

const NEVER = "no-cache, no-store, max-age=0, must-revalidate";
const FOREVER = "public, max-age=31536000, immutable";

/** The id of the build that an app got last. */
function buildId(): string {
  const id = new URL(asset("/x"), "http://localhost").searchParams.get("__frsh_c");
  assert(id);
  return id;
}

Deno.test("static files are served to GET and HEAD, other methods are refused in plain words", async () => {
  await using site = await project({ "static/hello.txt": "hello", "static/in/deep.json": "{}" });
  const to = await built(site);
  const response = await to("/hello.txt");
  assertEquals([response.status, await response.text()], [200, "hello"]);
  assertMatch(response.headers.get("content-type") ?? "", /^text\/plain/);
  assertEquals(response.headers.get("content-length"), "5");
  assertEquals(response.headers.get("vary"), "If-None-Match");
  assertEquals(response.headers.get("cache-control"), NEVER);
  const head = await to("/hello.txt", { method: "HEAD" });
  assertEquals([head.status, await head.text(), head.headers.get("content-length")], [200, "", "5"]);
  assertEquals((await to("/hello.txt", { method: "POST" })).status, 405);
  assertEquals(await (await to("/in/deep.json")).json(), {});
  assertEquals((await to("/nope.txt")).status, 404);
  assertEquals((await to("/in")).status, 404);
});

Deno.test("an address that names the build may be cached for good, one that names another is sent on", async () => {
  await using site = await project({ "static/a.txt": "a" });
  const to = await built(site);
  const named = await to(`/a.txt?__frsh_c=${buildId()}`);
  assertEquals([named.status, named.headers.get("cache-control"), await named.text()], [200, FOREVER, "a"]);
  const wrong = await to("/a.txt?__frsh_c=other");
  assertEquals(wrong.status, 307);
  assertEquals(new URL(wrong.headers.get("location") ?? "", "http://localhost").href, "http://localhost/a.txt");
});

Deno.test("a build in memory has no entity tags, serves dotfiles, and does not find names with spaces", async () => {
  await using site = await project({ "static/a.txt": "a", "static/.hidden": "h", "static/a b.txt": "spaced" });
  const to = await built(site);
  assertEquals((await to("/a.txt")).headers.get("etag"), null);
  assertEquals(await (await to("/.hidden")).text(), "h");
  assertEquals((await to("/a%20b.txt")).status, 404);
});

Deno.test("no path leads out of the folder", async () => {
  await using site = await project({ "static/a.txt": "a", "secret.txt": "secret" });
  const to = await built(site);
  for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/a/..%5c..%5csecret.txt"]) {
    assertEquals([path, (await to(path)).status], [path, 404]);
  }
});

Deno.test("asset ties paths to the build and leaves other addresses alone", () => {
  const id = buildId();
  assertEquals(asset("/a.png"), `/a.png?__frsh_c=${id}`);
  assertEquals(asset("/a.png?b=1#c"), `/a.png?b=1&__frsh_c=${id}#c`);
  for (const path of ["a.png", "//other.example/a.png", "https://other.example/a.png", "data:,x"]) {
    assertEquals(asset(path), path);
  }
  assertEquals(asset(asset("/a.png")), asset("/a.png"));
  assertEquals(IS_BROWSER, false);
});
