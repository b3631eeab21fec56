import { assertEquals, assertRejects } from "@std/assert";
import { App } from "fresh";
import { built, project, silenced } from "./project.ts";

const ok = (text: string) => `export const handler = () => new Response("${text}");`;
const params = `export const handler = (ctx) => Response.json(ctx.params);`;
const at = (pattern: string, code: string) => `export const config = { routeOverride: "${pattern}" }; ${code}`;
const text = async (response: Promise<Response>) => await (await response).text();
const status = async (response: Promise<Response>) => (await response).status;

Deno.test("a handler answers its method, and one function answers all methods", async () => {
  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const handlers = methods.map((method) => `${method}: () => new Response("${method}")`).join();
  await using site = await project({
    "routes/x.ts": `export const handler = { ${handlers} };`,
    "routes/h.ts": `export const handler = { HEAD: () => new Response(null) };`,
    "routes/all.ts": ok("all"),
  });
  const to = await built(site);
  assertEquals(await status(to("/h", { method: "HEAD" })), 200);
  for (const method of methods) {
    assertEquals(await text(to("/x", { method })), method);
    assertEquals(await text(to("/all", { method })), "all");
  }
});

Deno.test("HEAD falls back to GET and has no body", async () => {
  await using site = await project({
    "routes/x.ts": `export const handler = { GET: () => new Response("body", { headers: { "x-a": "1" } }) };`,
  });
  const response = await (await built(site))("/x", { method: "HEAD" });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("x-a"), "1");
  assertEquals(await response.text(), "");
});

Deno.test("exact paths beat patterns and tolerate one slash at the end", async () => {
  await using site = await project({ "routes/[any].ts": ok("pattern"), "routes/exact.ts": ok("exact") });
  const to = await built(site);
  assertEquals(await text(to("/exact")), "exact");
  assertEquals(await text(to("/exact/")), "exact");
  assertEquals(await text(to("/other")), "pattern");
});

Deno.test("patterns that match fewer paths come first", async () => {
  await using site = await project({
    "routes/[y]/b.ts": ok("second"),
    "routes/a/[x].ts": ok("first"),
    "routes/[...rest].ts": ok("rest"),
  });
  const to = await built(site);
  assertEquals(await text(to("/a/b")), "first");
  assertEquals(await text(to("/c/b")), "second");
  assertEquals(await text(to("/c/d")), "rest");
});

Deno.test("the pattern is picked before the method", async () => {
  await using site = await project({
    "routes/[x].ts": `export const handler = { GET: () => new Response("get") };`,
    "routes/[y].ts": `export const handler = { POST: () => new Response("post") };`,
  });
  assertEquals(await status((await built(site))("/z", { method: "POST" })), 404);
});

Deno.test("of two routes at one place the first wins", async () => {
  await using site = await project({
    "routes/a.ts": at("/x", ok("first")),
    "routes/b.ts": at("/x", ok("second")),
    "routes/c.ts": at("/:p/q", ok("1")),
    "routes/d.ts": at("/:p/q", ok("2")),
  });
  const to = await built(site);
  assertEquals(await text(to("/x")), "first");
  assertEquals(await text(to("/a/q")), "1");
});

Deno.test("slashes in a row count as one", async () => {
  await using site = await project({ "routes/a/b.ts": ok("ab") });
  assertEquals(await text((await built(site))("//a///b")), "ab");
});

Deno.test("parameters are decoded like a URI, so an encoded slash stays encoded", async () => {
  await using site = await project({ "routes/p/[id].ts": params });
  const to = await built(site);
  assertEquals(await (await to("/p/a%20b")).json(), { id: "a b" });
  assertEquals(await (await to("/p/a%2Fb")).json(), { id: "a%2Fb" });
  assertEquals(await (await to("/p/%C3%A4")).json(), { id: "ä" });
});

Deno.test("repeated parameters", async () => {
  await using site = await project({ "routes/r/[...rest].ts": params });
  const to = await built(site);
  assertEquals(await (await to("/r")).json(), { rest: "" });
  assertEquals(await (await to("/r/a/b")).json(), { rest: "a/b" });
});

Deno.test("a pattern with other syntax is refused", async () => {
  await using site = await project({ "routes/n.ts": at("/n/:id(\\\\d+)", params) });
  await assertRejects(() => built(site), TypeError, "/n/:id(");
});

Deno.test("a pattern may leave the slash at its end open, as in URLPattern", async () => {
  const pattern = "/o/:id{/}?", reference = new URLPattern({ pathname: pattern });
  await using site = await project({ "routes/o.ts": at(pattern, params) });
  const to = await built(site);
  for (const path of ["/o/1", "/o/1/", "/o/a%2Fb/", "/o", "/o/", "/o/1/2", "/o/1/2/"]) {
    const fits = reference.test({ pathname: path });
    assertEquals(await status(to(path)), fits ? 200 : 404, path);
  }
  assertEquals(await (await to("/o/1/")).json(), { id: "1" });
});

Deno.test("a malformed escape in a parameter makes the handler reject, past the error page", async () => {
  await using site = await project({
    "routes/_error.tsx": "export default () => <p>caught</p>;",
    "routes/p/[id].ts": ok(""),
  });
  const to = await built(site);
  await assertRejects(() => to("/p/%E0%A4%A"), URIError);
});

Deno.test("a method that no route can have ends in status 500, be it by rejecting", async () => {
  using _ = silenced();
  await using site = await project({ "routes/x.ts": ok("") });
  const asked = (await built(site))("/x", { method: "PROPFIND" });
  assertEquals(await asked.then((response) => response.status, () => 500), 500);
});

Deno.test("middlewares of an app run first, then those of folders, outer ones first", async () => {
  const note = (name: string) => `export default (ctx) => { ctx.state.log.push("${name}"); return ctx.next(); };`;
  await using site = await project({
    "routes/a/b/_middleware.ts": note("/a/b"),
    "routes/_middleware.ts": note("root"),
    "routes/a/_middleware.ts": note("/a"),
    "routes/a/b/c.ts": `export const handler = ({ state }) => Response.json(state.log);`,
  });
  const app = new App<{ log: string[] }>().use((ctx) => {
    ctx.state.log = ["app"];
    return ctx.next();
  });
  assertEquals(await (await (await built(site, app.fsRoutes()))("/a/b/c")).json(), ["app", "root", "/a", "/a/b"]);
});

Deno.test("middlewares of a folder do not run for unmatched addresses below it, those of the root do", async () => {
  const answer = (text: string) => `export default () => new Response("${text}");`;
  await using site = await project({ "routes/admin/_middleware.ts": answer("admin"), "routes/admin/x.ts": ok("x") });
  const to = await built(site);
  assertEquals(await text(to("/admin/x")), "admin");
  assertEquals(await status(to("/admin/nope")), 404);
  await using root = await project({ "routes/_middleware.ts": answer("root") });
  assertEquals(await text((await built(root))("/nope")), "root");
});

Deno.test("a middleware that returns no response ends in status 500", async () => {
  using _ = silenced();
  await using site = await project({ "routes/x.ts": ok("x") });
  const app = new App().use(() => JSON.parse("5")).fsRoutes();
  assertEquals(await status((await built(site, app))("/x")), 500);
});
