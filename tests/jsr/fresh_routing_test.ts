import { assertEquals, assertRejects } from "@std/assert";
import { App, type Context } from "fresh";
import { ask, silenced } from "./project.ts";

const ok = (text: string) => () => new Response(text);
const text = async (response: Promise<Response>) => await (await response).text();
const status = async (response: Promise<Response>) => (await response).status;

Deno.test("a path answers only the methods that it was registered for", async () => {
  const to = ask(new App().get("/x", ok("get")).post("/x", ok("post")).delete("/x", ok("delete")));
  assertEquals(await text(to("/x")), "get");
  assertEquals(await text(to("/x", { method: "POST" })), "post");
  assertEquals(await text(to("/x", { method: "DELETE" })), "delete");
  assertEquals(await status(to("/x", { method: "PUT" })), 405);
  assertEquals(await status(to("/y")), 404);
});

Deno.test("put, patch, head and all register their methods", async () => {
  const to = ask(new App().put("/x", ok("put")).patch("/x", ok("patch")).head("/h", ok("")).all("/all", ok("all")));
  assertEquals(await text(to("/x", { method: "PUT" })), "put");
  assertEquals(await text(to("/x", { method: "PATCH" })), "patch");
  assertEquals(await status(to("/h", { method: "HEAD" })), 200);
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    assertEquals(await text(to("/all", { method })), "all");
  }
});

Deno.test("HEAD falls back to GET and has no body", async () => {
  const response = await ask(new App().get("/x", () => new Response("body", { headers: { "x-a": "1" } })))("/x", {
    method: "HEAD",
  });
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("x-a"), "1");
  assertEquals(await response.text(), "");
});

Deno.test("OPTIONS tells the methods of a path", async () => {
  const response = await ask(new App().get("/x", ok("")).post("/x", ok("")))("/x", { method: "OPTIONS" });
  assertEquals(response.status, 204);
  assertEquals(response.headers.get("allow")?.split(", ").sort(), ["GET", "POST"]);
});

Deno.test("exact paths beat patterns, whatever the order, and tolerate one slash at the end", async () => {
  const to = ask(new App().get("/:any", ok("pattern")).get("/exact", ok("exact")));
  assertEquals(await text(to("/exact")), "exact");
  assertEquals(await text(to("/exact/")), "exact");
  assertEquals(await text(to("/other")), "pattern");
});

Deno.test("patterns are tried in the order of registration", async () => {
  const to = ask(new App().get("/a/:x", ok("first")).get("/:y/b", ok("second")));
  assertEquals(await text(to("/a/b")), "first");
  assertEquals(await text(to("/c/b")), "second");
});

Deno.test("the pattern is picked before the method", async () => {
  const to = ask(new App().get("/:x", ok("get")).post("/:y", ok("post")));
  assertEquals(await status(to("/z", { method: "POST" })), 405);
});

Deno.test("of two routes at one place the first wins", async () => {
  const to = ask(new App().get("/x", ok("first")).get("/x", ok("second")).get("/:p/q", ok("1")).get("/:p/q", ok("2")));
  assertEquals(await text(to("/x")), "first");
  assertEquals(await text(to("/a/q")), "1");
});

Deno.test("slashes in a row count as one", async () => {
  assertEquals(await text(ask(new App().get("/a/b", ok("ab")))("//a///b")), "ab");
});

Deno.test("parameters are decoded like a URI, so an encoded slash stays encoded", async () => {
  const to = ask(new App().get("/p/:id", (ctx) => ctx.json(ctx.params)));
  assertEquals(await (await to("/p/a%20b")).json(), { id: "a b" });
  assertEquals(await (await to("/p/a%2Fb")).json(), { id: "a%2Fb" });
  assertEquals(await (await to("/p/%C3%A4")).json(), { id: "ä" });
});

Deno.test("optional, repeated and unnamed parameters", async () => {
  const params = (ctx: Context<unknown>) => ctx.json(ctx.params);
  const to = ask(new App().get("/o/:id?", params).get("/r/:rest*", params).get("/w/*", params));
  assertEquals(await (await to("/o")).json(), { id: "" });
  assertEquals(await (await to("/o/1")).json(), { id: "1" });
  assertEquals(await (await to("/r")).json(), { rest: "" });
  assertEquals(await (await to("/r/a/b")).json(), { rest: "a/b" });
  assertEquals(await (await to("/w/a/b")).json(), { 0: "a/b" });
});

Deno.test("patterns may use all of URLPattern's syntax", async () => {
  const to = ask(
    new App().get("/n/:id(\\d+)", (ctx) => ctx.json(ctx.params)).get("/f/:name.:ext", (ctx) => ctx.json(ctx.params)),
  );
  assertEquals(await (await to("/n/42")).json(), { id: "42" });
  assertEquals(await status(to("/n/x")), 404);
  assertEquals(await (await to("/f/a.txt")).json(), { name: "a", ext: "txt" });
});

Deno.test("a pattern may leave the slash at its end open, as in URLPattern", async () => {
  const pattern = "/o/:id{/}?", reference = new URLPattern({ pathname: pattern });
  const to = ask(new App().get(pattern, (ctx) => ctx.json(ctx.params)));
  for (const path of ["/o/1", "/o/1/", "/o/a%2Fb/", "/o", "/o/", "/o/1/2", "/o/1/2/"]) {
    const fits = reference.test({ pathname: path });
    assertEquals(await status(to(path)), fits ? 200 : 404, path);
  }
  assertEquals(await (await to("/o/1/")).json(), { id: "1" });
});

Deno.test("a malformed escape in a parameter makes the handler reject, past onError", async () => {
  const handler = new App().onError("*", () => new Response("caught")).get("/p/:id", ok("")).handler();
  await assertRejects(() => handler(new Request("http://localhost/p/%E0%A4%A")), URIError);
});

Deno.test("a method that no route can have ends in status 500, be it by rejecting", async () => {
  using _ = silenced();
  const asked = ask(new App().get("/x", ok("")))("/x", { method: "PROPFIND" });
  assertEquals(await asked.then((response) => response.status, () => 500), 500);
});

Deno.test("ctx.route is the pattern, and null where nothing fits", async () => {
  const to = ask(new App().use((ctx) => ctx.json(ctx.route)).get("/a/:id", ok("")));
  assertEquals(await (await to("/a/1")).json(), "/a/:id");
  assertEquals(await (await to("/b")).json(), null);
});

Deno.test("a base path is put before all routes", async () => {
  const to = ask(new App({ basePath: "/base" }).get("/x", ok("x")).get("/", ok("root")));
  assertEquals(await text(to("/base/x")), "x");
  assertEquals(await text(to("/base")), "root");
  assertEquals(await status(to("/x")), 404);
});

Deno.test("a mounted app lives below a path, with its middlewares", async () => {
  const inner = new App<{ seen?: string }>().use((ctx) => {
    ctx.state.seen = "inner";
    return ctx.next();
  }).get("/", ok("home")).get("/x/:id", (ctx) => ctx.text(`${ctx.state.seen} ${ctx.params.id}`));
  const to = ask(
    new App<{ seen?: string }>().get("/other", (ctx) => ctx.text(String(ctx.state.seen))).mountApp("/in", inner),
  );
  assertEquals(await text(to("/in/x/1")), "inner 1");
  assertEquals(await text(to("/in")), "home");
  assertEquals(await text(to("/other")), "undefined");
});

Deno.test("notFound of a mounted app becomes that of the whole", async () => {
  const inner = new App().notFound(() => new Response("inner's", { status: 404 }));
  assertEquals(await text(ask(new App().get("/x", ok("")).mountApp("/in", inner))("/nope")), "inner's");
});

Deno.test("handlers may be several, each going on with next", async () => {
  const to = ask(
    new App<{ log: string[] }>().get(
      "/x",
      (ctx) => {
        ctx.state.log = ["a"];
        return ctx.next();
      },
      (ctx) => ctx.json([...ctx.state.log, "b"]),
    ),
  );
  assertEquals(await (await to("/x")).json(), ["a", "b"]);
});

Deno.test("a middleware may be loaded at the first request", async () => {
  let loads = 0;
  const to = ask(
    new App().use(async () => {
      loads++;
      await Promise.resolve();
      return (ctx) => ctx.next();
    }).get("/x", ok("x")),
  );
  assertEquals(await text(to("/x")), "x");
  assertEquals(await text(to("/x")), "x");
  assertEquals(loads, 1);
});

Deno.test("middlewares of parent segments run first, whatever the order of registration", async () => {
  const log: string[] = [];
  const note = (name: string) => (ctx: Context<unknown>) => {
    log.push(name);
    return ctx.next();
  };
  const to = ask(new App().use("/a/b", note("/a/b")).use(note("root")).use("/a", note("/a")).get("/a/b/c", ok("")));
  await to("/a/b/c");
  assertEquals(log, ["root", "/a", "/a/b"]);
});

Deno.test("middlewares apply only to routes that are registered later", async () => {
  const to = ask(new App().get("/before", ok("plain")).use(ok("middleware")).get("/after", ok("plain")));
  assertEquals(await text(to("/before")), "plain");
  assertEquals(await text(to("/after")), "middleware");
});

Deno.test("middlewares of a path do not run for unmatched addresses below it, those of the root do", async () => {
  const to = ask(new App().use("/admin", ok("admin")).get("/admin/x", ok("x")));
  assertEquals(await text(to("/admin/x")), "admin");
  assertEquals(await status(to("/admin/nope")), 404);
  assertEquals(await text(ask(new App().use(ok("root")))("/nope")), "root");
});

Deno.test("a route answers by method, with a function, or with what loads it", async () => {
  const to = ask(
    new App().route("/methods", { handler: { POST: ok("posted") } }).route("/fn", { handler: ok("fn") })
      .route("/lazy", () => Promise.resolve({ handler: ok("lazy") })),
  );
  assertEquals(await text(to("/methods", { method: "POST" })), "posted");
  assertEquals(await status(to("/methods")), 405);
  assertEquals(await text(to("/fn", { method: "PUT" })), "fn");
  assertEquals(await text(to("/lazy")), "lazy");
  assertEquals(await text(to("/lazy")), "lazy");
});

Deno.test("a handler that returns no response ends in status 500", async () => {
  using _ = silenced();
  const wrong = JSON.parse('{"status":200}');
  assertEquals(await status(ask(new App().get("/x", () => wrong))("/x")), 500);
});

Deno.test("port 0 and no port at all make listen choose one from 8000 to 8019", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { App } from "fresh";
       const result = await new App().get("/", () => new Response("here")).listen({ port: 0, onListen: async ({ port }) => {
         console.log(JSON.stringify([port, await (await fetch("http://localhost:" + port)).text()]));
         Deno.exit(0);
       }});
       if (result !== undefined) Deno.exit(1);`,
    ],
  });
  const { code, stdout } = await command.output();
  const [port, body] = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals({ code, body, inRange: port >= 8000 && port <= 8019 }, { code: 0, body: "here", inRange: true });
});
