import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { App, staticFiles } from "fresh";
import { built, project, silenced } from "./project.ts";

const page = (text: string) => `export default () => <p>${text}</p>;`;
const answer = (text: string) => `export const handler = () => new Response("${text}");`;

Deno.test("names of files become patterns", async () => {
  await using site = await project({
    "routes/index.ts": answer("home"),
    "routes/about.ts": answer("about"),
    "routes/users/[id].ts": `export const handler = (ctx) => ctx.json(ctx.params);`,
    "routes/users/me.ts": answer("me"),
    "routes/files/[...path].ts": `export const handler = (ctx) => ctx.json(ctx.params);`,
    "routes/optional/[[page]].ts": `export const handler = (ctx) => ctx.json(ctx.params);`,
    "routes/(group)/inside.ts": answer("inside"),
    "routes/(_private)/hidden.ts": answer("hidden"),
    "routes/some_test.ts": answer("test"),
    "routes/some.test.ts": answer("test"),
    "routes/[a]/[b].ts": answer("two"),
  });
  const to = await built(site);
  const text = async (path: string) => await (await to(path)).text();
  assertEquals(await text("/"), "home");
  assertEquals(await text("/about"), "about");
  assertEquals(await text("/users/me"), "me");
  assertEquals(await text("/users/7"), '{"id":"7"}');
  assertEquals(await text("/files/a/b"), '{"path":"a/b"}');
  assertEquals(await text("/optional"), '{"page":""}');
  assertEquals(await text("/optional/2"), '{"page":"2"}');
  assertEquals(await text("/inside"), "inside");
  assertEquals(await text("/x/y"), "two");
  for (const path of ["/hidden", "/(_private)/hidden", "/(group)/inside", "/some_test", "/some.test"]) {
    assertEquals([path, (await to(path)).status === 200 && (await text(path)) !== "two"], [path, false]);
  }
});

Deno.test("app, layouts, groups, middlewares and pages nest by folder", async () => {
  const layout = (name: string) => `export default ({ Component }) => <div class="${name}"><Component /></div>;`;
  const middleware = (name: string) =>
    `export default (ctx) => { ctx.state.log = [...(ctx.state.log ?? []), "${name}"]; return ctx.next(); };`;
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><body><Component /></body></html>;`,
    "routes/_layout.tsx": layout("outer"),
    "routes/_middleware.ts": middleware("root"),
    "routes/index.tsx": page("home"),
    "routes/in/_layout.tsx": layout("inner"),
    "routes/in/_middleware.ts": `const one = (ctx) => { ctx.state.log.push("in"); return ctx.next(); };
      const two = (ctx) => { ctx.state.log.push("in2"); return ctx.next(); };
      export default [one, two];`,
    "routes/in/index.tsx": `export default async ({ state }) => <p>{state.log.join()}</p>;`,
    "routes/(a)/_layout.tsx": layout("group"),
    "routes/(a)/_middleware.ts": `export const handler = (ctx) => ctx.next();`,
    "routes/(a)/grouped.tsx": page("grouped"),
    "routes/plain.tsx": `export const config = { skipInheritedLayouts: true, skipAppWrapper: true };${page("plain")}`,
  });
  const to = await built(site);
  const text = async (path: string) => await (await to(path)).text();
  assertMatch(await text("/"), /<body><div class="outer"><p>home<\/p><\/div><\/body>/);
  assertStringIncludes(
    await text("/in"),
    '<div class="outer"><div class="inner"><p>root,in,in2</p></div></div>',
  );
  assertStringIncludes(await text("/grouped"), '<div class="outer"><div class="group"><p>grouped</p></div></div>');
  assert(!(await text("/plain")).includes("outer"));
});

Deno.test("a file route answers 404 to methods that it does not list, OPTIONS too; a page alone answers all", async () => {
  await using site = await project({
    "routes/only.ts": `export const handler = { GET: () => new Response("get") };`,
    "routes/page.tsx": page("page"),
    "routes/both.tsx": `export const handler = { POST: () => new Response("post") };${page("both")}`,
    "routes/wins.ts": `export const handler = () => new Response("handler");
      export const handlers = () => new Response("handlers");`,
  });
  const to = await built(site);
  assertEquals((await to("/only")).status, 200);
  assertEquals((await to("/only", { method: "HEAD" })).status, 200);
  assertEquals((await to("/only", { method: "POST" })).status, 404);
  assertEquals((await to("/only", { method: "OPTIONS" })).status, 404);
  assertEquals((await to("/page", { method: "POST" })).status, 200);
  assertEquals(await (await to("/both", { method: "POST" })).text(), "post");
  assertStringIncludes(await (await to("/both")).text(), "<p>both</p>");
  assertEquals(await (await to("/wins")).text(), "handlers");
});

Deno.test("routeOverride gives a file another pattern", async () => {
  await using site = await project({
    "routes/page.ts": `export const config = { routeOverride: "/other/:id" };
      export const handler = (ctx) => ctx.text(ctx.params.id);`,
  });
  const to = await built(site);
  assertEquals(await (await to("/other/5")).text(), "5");
  assertEquals((await to("/page")).status, 404);
});

Deno.test("_error draws the errors of its folder, and of unmatched addresses, with their status", async () => {
  using _ = silenced();
  await using site = await project({
    "routes/_error.tsx": `import { HttpError } from "fresh";
      export default ({ error }) => <h1>root {error instanceof HttpError ? error.status : 500}</h1>;`,
    "routes/_middleware.ts": `export default async (ctx) => {
      const response = await ctx.next(); response.headers.set("x-policy", "1"); return response; };`,
    "routes/in/_error.tsx": `export default () => <h1>inner</h1>;`,
    "routes/in/fails.ts": `export const handler = () => { throw new Error("x"); };`,
    "routes/fails.ts": `import { HttpError } from "fresh"; export const handler = () => { throw new HttpError(410); };`,
  });
  const to = await built(site);
  const missing = await to("/nope");
  assertEquals([missing.status, missing.headers.get("x-policy")], [404, null]);
  assertStringIncludes(await missing.text(), "<h1>root 404</h1>");
  assertStringIncludes(await (await to("/fails")).text(), "<h1>root 410</h1>");
  const inner = await to("/in/fails");
  assertEquals([inner.status, inner.headers.get("x-policy")], [500, "1"]);
  assertStringIncludes(await inner.text(), "<h1>inner</h1>");
});

Deno.test("the older names _404 and _500 still work", async () => {
  using _ = silenced();
  await using site = await project({
    "routes/_404.tsx": page("missing"),
    "routes/_500.tsx": page("broken"),
    "routes/fails.ts": `export const handler = () => { throw new Error("x"); };`,
  });
  const to = await built(site);
  const missing = await to("/nope");
  assertEquals(missing.status, 404);
  assertStringIncludes(await missing.text(), "missing");
  assertStringIncludes(await (await to("/fails")).text(), "broken");
});

Deno.test("file routes can be put below a path, and mounted with their app", async () => {
  await using site = await project({ "routes/x.ts": answer("x") });
  const to = await built(site, new App().fsRoutes("/below"));
  assertEquals(await (await to("/below/x")).text(), "x");
  assertEquals((await to("/x")).status, 404);
});

Deno.test("without a build there are no file routes and no static files, silently", async () => {
  const handler = new App().use(staticFiles()).fsRoutes().handler();
  assertEquals((await handler(new Request("http://localhost/"))).status, 404);
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

Deno.test("files that ignore fits are left out", async () => {
  await using site = await project({ "routes/a.ts": answer("a"), "routes/b.ts": answer("b") });
  const to = await built(site, new App().fsRoutes(), { ignore: [/b\.ts$/] });
  assertEquals([(await to("/a")).status, (await to("/b")).status], [200, 404]);
});

Deno.test("folders can have other names", async () => {
  await using site = await project({ "pages/a.ts": answer("a"), "public/x.txt": "x" });
  const to = await built(site, undefined, { routeDir: "pages", staticDir: "public" });
  assertEquals(await (await to("/a")).text(), "a");
  assertEquals(await (await to("/x.txt")).text(), "x");
});
