import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serve } from "@/tests/server.ts";

Deno.test("the API's pages load everything from here, compressed where the client accepts that", async () => {
  await using server = await serve();
  for (const path of ["/docs", "/redoc"]) {
    const html = await (await server.fetch(path)).text();
    const files = [...html.matchAll(/(?:src|href)="([^"]*\/vendor\/[^"]*)"/g)].map(([, file]) => file!);
    assert(files.length > 0, `${path} loads something`);
    for (const file of files) {
      const asked = [{ "accept-encoding": "gzip" }, { "accept-encoding": "identity" }];
      const answers = await Promise.all(asked.map((headers) => server.fetch(file, { headers })));
      assertEquals(answers.map(({ status }) => status), [200, 200], file);
      const [packed, plain] = await Promise.all(answers.map((answer) => answer.text()));
      assert(packed!.length > 10_000, file);
      assertEquals(packed, plain);
    }
  }
});

Deno.test("a file of another package is kept for good under the address that names the build, and only there", async () => {
  await using server = await serve();
  const keeping = async (path: string) => {
    const response = await server.fetch(path);
    await response.body?.cancel();
    return response.headers.get("cache-control");
  };
  assertEquals(await keeping("/vendor/swagger-ui.css"), "no-cache");
  assertStringIncludes(await keeping("/vendor/swagger-ui.css?__frsh_c=1") ?? "", "immutable");
});

Deno.test("nothing else can be had by that way", async () => {
  await using server = await serve();
  for (const file of ["nothing.js", "..%2F..%2Fmain.js", "swagger-ui.exe", ".js", "%2e%2e%2ftokens.css"]) {
    const response = await server.fetch(`/vendor/${file}`);
    assertEquals(response.status, 404, file);
    await response.body?.cancel();
  }
});
