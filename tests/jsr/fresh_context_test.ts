import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { apply, built, project, serving, silenced } from "./project.ts";

const HTML = /^text\/html;\s*charset=utf-8$/i;

Deno.test("a context starts with an empty state, no error and an address to answer to", async () => {
  await using site = await project({
    "routes/a.ts": `export const handler = ({ state, error, info, url }) =>
      Response.json({ state, error, remote: info.remoteAddr, path: url.pathname });`,
  });
  assertEquals(await (await (await built(site))("/a?b=1")).json(), {
    state: {},
    error: null,
    remote: { transport: "tcp", hostname: "localhost", port: 1234 },
    path: "/a",
  });
});

Deno.test("what the server knows of the client is passed on", async () => {
  await using site = await project({
    "routes/index.ts": `export const handler = ({ info }) => Response.json(info.remoteAddr);`,
  });
  await using server = serving((await apply(site)).handler());
  const address = await (await fetch(server.origin)).json();
  assertEquals(address.hostname, "127.0.0.1");
});

Deno.test("redirect takes a path or an address, collapses slashes, and keeps the query", async () => {
  await using site = await project({
    "routes/to.ts": `export const handler = (ctx) => ctx.redirect(ctx.url.searchParams.get("u"), 303);`,
    "routes/plain.ts": `export const handler = (ctx) => ctx.redirect("/x");`,
  });
  const to = await built(site);
  const location = async (target: string) => (await to(`/to?u=${encodeURIComponent(target)}`)).headers.get("location");
  assertEquals(await location("//evil.example//a?b=//c"), "/evil.example/a?b=//c");
  assertEquals(await location("https://example.com/a//b"), "https://example.com/a//b");
  assertEquals((await to("/to?u=/a")).status, 303);
  assertEquals((await to("/plain")).status, 302);
});

Deno.test("a page that is a fragment gets a whole document around it", async () => {
  await using site = await project({
    "routes/index.tsx": `import { page } from "fresh"; export const handler = () => page({}, { status: 201 });
      export default () => <p>hi</p>;`,
  });
  const response = await (await built(site))("/");
  assertEquals(response.status, 201);
  const html = await response.text();
  assertMatch(html, /^<!DOCTYPE html>/i);
  assertStringIncludes(html, "<p>hi</p>");
  assertStringIncludes(html, "<head>");
  assert(!html.includes("<script"), "a page without islands has no script");
});

Deno.test("pages are drawn inside the app wrapper, which can be skipped", async () => {
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><body data-app><Component /></body></html>;`,
    "routes/all.tsx": `export default () => <p>x</p>;`,
    "routes/none.tsx": `export const config = { skipAppWrapper: true }; export default () => <p>x</p>;`,
    "routes/nothing.tsx": `import { page } from "fresh"; export const handler = () => page();`,
  });
  const to = await built(site);
  assertMatch(await (await to("/all")).text(), /<body data-app[^>]*><p>x<\/p><\/body>/);
  assert(!(await (await to("/none")).text()).includes("data-app"));
  assertMatch(await (await to("/nothing")).text(), /<body data-app[^>]*><\/body>/);
});

Deno.test("page gives data, status and headers, but the content type is always that of a page", async () => {
  await using site = await project({
    "routes/index.tsx": `import { page } from "fresh";
      export const handler = {
        GET: () => page({ name: "Ada" }, { status: 202, headers: { "x-a": "1", "content-type": "text/plain" } }),
        POST: () => page(),
      };
      export default ({ data }) => <p>{JSON.stringify(data ?? "none")}</p>;`,
  });
  const to = await built(site);
  const response = await to("/");
  assertEquals([response.status, response.headers.get("x-a")], [202, "1"]);
  assertMatch(response.headers.get("content-type") ?? "", HTML);
  assertStringIncludes(await response.text(), "Ada");
  assertStringIncludes(await (await to("/", { method: "POST" })).text(), "none");
});

Deno.test("a page without a handler answers every method", async () => {
  await using site = await project({ "routes/index.tsx": "export default () => <p>x</p>;" });
  const to = await built(site);
  for (const method of ["GET", "POST", "DELETE"]) assertEquals((await to("/", { method })).status, 200);
});

Deno.test("components get the context's data as props", async () => {
  await using site = await project({
    "routes/_middleware.ts": `export default (ctx) => { ctx.state.user = "Ada"; return ctx.next(); };`,
    "routes/u.tsx": `export default ({ state, url, req, error }) =>
      <p>{[state.user, url.pathname, req.method, String(error)].join()}</p>;`,
  });
  assertStringIncludes(await (await (await built(site))("/u")).text(), "<p>Ada,/u,GET,null</p>");
});

Deno.test("scripts and styles carry the page's nonce", async () => {
  await using site = await project({ "routes/index.tsx": `export default () => <style>{"p{}"}</style>;` });
  assertMatch(await (await (await built(site))("/")).text(), /<style nonce="[0-9a-f]{32}">p\{\}<\/style>/);
});

Deno.test("a WebSocket opens through the runtime's own upgrade, behind middlewares", async () => {
  await using site = await project({
    "routes/_middleware.ts": `export default async (ctx) => {
      const response = await ctx.next();
      console.error(response.status);
      return response; };`,
    "routes/own.ts": `export const handler = ({ req }) => {
      const { socket, response } = Deno.upgradeWebSocket(req);
      socket.onmessage = ({ data }) => socket.send("echo " + data);
      return response; };`,
  });
  using log = silenced();
  await using server = serving((await apply(site)).handler());
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/own`);
  const answered = Promise.withResolvers<string>();
  socket.onopen = () => socket.send("hi");
  socket.onmessage = ({ data }) => answered.resolve(data);
  assertEquals(await answered.promise, "echo hi");
  const gone = Promise.withResolvers<void>();
  socket.onclose = () => gone.resolve();
  socket.close(4000);
  await gone.promise;
  assertEquals(log.errors, [101]);
});

Deno.test("what a component throws ends in status 500", async () => {
  using _ = silenced();
  await using site = await project({ "routes/index.tsx": `export default () => { throw new Error("broken"); };` });
  const response = await (await built(site))("/");
  assertEquals([response.status, await response.text()], [500, "Internal server error"]);
});
