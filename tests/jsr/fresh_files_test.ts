import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { App, staticFiles } from "fresh";
import { ask, built, project } from "./project.ts";

const page = (text: string) => `export default () => <p>${text}</p>;`;
const answer = (text: string) => `export const handler = () => new Response("${text}");`;

Deno.test("names of files become patterns", async () => {
  await using site = await project({
    "routes/index.ts": answer("home"),
    "routes/about.ts": answer("about"),
    "routes/users/[id].ts": `export const handler = (ctx) => Response.json(ctx.params);`,
    "routes/users/me.ts": answer("me"),
    "routes/files/[...path].ts": `export const handler = (ctx) => Response.json(ctx.params);`,
    "routes/(_private)/hidden.ts": answer("hidden"),
    "routes/[a]/[b].ts": answer("two"),
  });
  const to = await built(site);
  const text = async (path: string) => await (await to(path)).text();
  assertEquals(await text("/"), "home");
  assertEquals(await text("/about"), "about");
  assertEquals(await text("/users/me"), "me");
  assertEquals(await text("/users/7"), '{"id":"7"}');
  assertEquals(await text("/files/a/b"), '{"path":"a/b"}');
  assertEquals(await text("/x/y"), "two");
  for (const path of ["/hidden", "/(_private)/hidden"]) {
    assertEquals([path, (await to(path)).status === 200 && (await text(path)) !== "two"], [path, false]);
  }
});

Deno.test("app wrapper, middlewares and pages nest by folder", async () => {
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><body><Component /></body></html>;`,
    "routes/_middleware.ts":
      `export default (ctx) => { ctx.state.log = [...(ctx.state.log ?? []), "root"]; return ctx.next(); };`,
    "routes/index.tsx": page("home"),
    "routes/in/_middleware.ts": `const one = (ctx) => { ctx.state.log.push("in"); return ctx.next(); };
      const two = (ctx) => { ctx.state.log.push("in2"); return ctx.next(); };
      export default [one, two];`,
    "routes/in/index.tsx": `export default ({ state }) => <p>{state.log.join()}</p>;`,
    "routes/plain.tsx": `export const config = { skipAppWrapper: true };
      export default () => <html><body class="plain">plain</body></html>;`,
  });
  const to = await built(site);
  const text = async (path: string) => await (await to(path)).text();
  assertMatch(await text("/"), /<body><p>home<\/p><\/body>/);
  assertStringIncludes(await text("/in"), "<body><p>root,in,in2</p></body>");
  assertMatch(await text("/plain"), /<\/head><body class="plain">plain<\/body><\/html>$/);
});

Deno.test("a file route answers 404 to methods that it does not list, OPTIONS too; a page alone answers all", async () => {
  await using site = await project({
    "routes/only.ts": `export const handler = { GET: () => new Response("get") };`,
    "routes/page.tsx": page("page"),
    "routes/both.tsx": `export const handler = { POST: () => new Response("post") };${page("both")}`,
  });
  const to = await built(site);
  assertEquals((await to("/only")).status, 200);
  assertEquals((await to("/only", { method: "HEAD" })).status, 200);
  assertEquals((await to("/only", { method: "POST" })).status, 404);
  assertEquals((await to("/only", { method: "OPTIONS" })).status, 404);
  assertEquals((await to("/page", { method: "POST" })).status, 200);
  assertEquals(await (await to("/both", { method: "POST" })).text(), "post");
  assertStringIncludes(await (await to("/both")).text(), "<p>both</p>");
});

Deno.test("routeOverride gives a file another pattern", async () => {
  await using site = await project({
    "routes/page.ts": `export const config = { routeOverride: "/other/:id" };
      export const handler = (ctx) => new Response(ctx.params.id);`,
  });
  const to = await built(site);
  assertEquals(await (await to("/other/5")).text(), "5");
  assertEquals((await to("/page")).status, 404);
});

Deno.test("without a build there are no file routes and no static files, silently", async () => {
  assertEquals((await ask(new App().use(staticFiles()).fsRoutes())("/")).status, 404);
});

Deno.test("a route's module is loaded at its first request, unless it says itself where it lives", async () => {
  const marker = `hubbub_${crypto.randomUUID().replaceAll("-", "")}`;
  await using site = await project({
    "routes/lazy.ts": `globalThis.${marker} = true; ${answer("lazy")}`,
  });
  const to = await built(site);
  assertEquals(Reflect.has(globalThis, marker), false);
  assertEquals(await (await to("/lazy")).text(), "lazy");
  assertEquals(Reflect.has(globalThis, marker), true);
  Reflect.deleteProperty(globalThis, marker);
});
