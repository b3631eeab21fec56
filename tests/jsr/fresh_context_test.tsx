import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { App, createDefine, page, type PageProps } from "fresh";
import { ask, serving, silenced } from "./project.ts";

Deno.test("a context starts with an empty state, no error and an address to answer to", async () => {
  const to = ask(
    new App().get(
      "/a",
      ({ state, error, info, isPartial, url }) =>
        Response.json({ state, error, remote: info.remoteAddr, isPartial, path: url.pathname }),
    ),
  );
  assertEquals(await (await to("/a?fresh-partial=1")).json(), {
    state: {},
    error: null,
    remote: { transport: "tcp", hostname: "localhost", port: 1234 },
    isPartial: true,
    path: "/a",
  });
});

Deno.test("what the server knows of the client is passed on", async () => {
  await using server = serving(new App().get("/", (ctx) => ctx.json(ctx.info.remoteAddr)).handler());
  const address = await (await fetch(server.origin)).json();
  assertEquals(address.hostname, "127.0.0.1");
});

Deno.test("redirect takes a path or an address, collapses slashes, and keeps the query", async () => {
  const to = ask(
    new App({ basePath: "" }).get("/to", (ctx) => ctx.redirect(ctx.url.searchParams.get("u") ?? "", 303))
      .get("/plain", (ctx) => ctx.redirect("/x")),
  );
  const location = async (target: string) => (await to(`/to?u=${encodeURIComponent(target)}`)).headers.get("location");
  assertEquals(await location("//evil.example//a?b=//c"), "/evil.example/a?b=//c");
  assertEquals(await location("https://example.com/a//b"), "https://example.com/a//b");
  assertEquals((await to("/to?u=/a")).status, 303);
  assertEquals((await to("/plain")).status, 302);
});

Deno.test("redirect adds no base path", async () => {
  const response = await ask(new App({ basePath: "/base" }).get("/a", (ctx) => ctx.redirect("/b")))("/base/a");
  assertEquals(response.headers.get("location"), "/b");
});

Deno.test("text, html and json set their content types", async () => {
  const to = ask(
    new App().get("/text", (ctx) => ctx.text("t", { status: 201 })).get("/html", (ctx) => ctx.html("<p>h</p>"))
      .get("/json", (ctx) => ctx.json({ a: 1 }, { headers: { "x-a": "1" } })),
  );
  const text = await to("/text");
  assertEquals([text.status, await text.text()], [201, "t"]);
  assertMatch(text.headers.get("content-type") ?? "", /^text\/plain;\s*charset=utf-8$/i);
  const html = await to("/html");
  assertMatch(html.headers.get("content-type") ?? "", /^text\/html;\s*charset=utf-8$/i);
  const json = await to("/json");
  assertEquals([json.headers.get("content-type"), json.headers.get("x-a")], ["application/json", "1"]);
});

Deno.test("stream sends what an iterable gives, text and bytes", async () => {
  async function* chunks() {
    yield "ä";
    await Promise.resolve();
    yield new Uint8Array([98]);
  }
  const to = ask(new App().get("/fn", (ctx) => ctx.stream(chunks)).get("/it", (ctx) => ctx.stream(["a", "b"])));
  assertEquals(await (await to("/fn")).text(), "äb");
  assertEquals(await (await to("/it")).text(), "ab");
});

Deno.test("trustProxy believes the proxy's headers for ctx.url only", async () => {
  const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "chat.example" };
  const origins = new App({ trustProxy: true }).get(
    "/",
    (ctx) => ctx.json([ctx.url.origin, new URL(ctx.req.url).origin]),
  );
  assertEquals(await (await ask(origins)("/", { headers })).json(), ["https://chat.example", "http://localhost"]);
  const distrusting = new App().get("/", (ctx) => ctx.text(ctx.url.origin));
  assertEquals(await (await ask(distrusting)("/", { headers })).text(), "http://localhost");
});

Deno.test("render draws a whole document around a fragment", async () => {
  const response = await ask(new App().get("/", (ctx) => ctx.render(<p>hi</p>, { status: 201 })))("/");
  assertEquals(response.status, 201);
  const html = await response.text();
  assertMatch(html, /^<!DOCTYPE html>/i);
  assertStringIncludes(html, "<p>hi</p>");
  assertStringIncludes(html, "<head>");
  assert(!html.includes("<script"), "a page without islands has no script");
});

Deno.test("render puts content into layouts and the app wrapper, which can be skipped", async () => {
  const app = new App()
    .appWrapper(({ Component }) => (
      <html>
        <body data-app>
          <Component />
        </body>
      </html>
    ))
    .layout("*", ({ Component }) => (
      <main>
        <Component />
      </main>
    ))
    .layout("/in", ({ Component }) => (
      <section>
        <Component />
      </section>
    ))
    .get("/in/all", (ctx) => ctx.render(<p>x</p>))
    .get("/in/bare", (ctx) => ctx.render(<p>x</p>, {}, { skipInheritedLayouts: true }))
    .get("/in/none", (ctx) => ctx.render(<p>x</p>, {}, { skipInheritedLayouts: true, skipAppWrapper: true }))
    .get("/nothing", (ctx) => ctx.render(null));
  const to = ask(app);
  assertStringIncludes(await (await to("/in/all")).text(), "<main><section><p>x</p></section></main>");
  const bare = await (await to("/in/bare")).text();
  assertMatch(bare, /<body data-app[^>]*><p>x<\/p><\/body>/);
  assert(!(await (await to("/in/none")).text()).includes("data-app"));
  assertStringIncludes(await (await to("/nothing")).text(), "<main></main>");
});

Deno.test("a layout may leave out those above it and the app wrapper", async () => {
  const app = new App()
    .appWrapper(({ Component }) => (
      <html>
        <body data-app>
          <Component />
        </body>
      </html>
    ))
    .layout("*", ({ Component }) => (
      <main>
        <Component />
      </main>
    ))
    .layout("/in", ({ Component }) => (
      <section>
        <Component />
      </section>
    ), {
      skipInheritedLayouts: true,
      skipAppWrapper: true,
    })
    .get("/in/x", (ctx) => ctx.render(<p>x</p>));
  const html = await (await ask(app)("/in/x")).text();
  assertStringIncludes(html, "<section><p>x</p></section>");
  assert(!html.includes("<main>") && !html.includes("data-app"));
});

Deno.test("async components work as page, layout and app wrapper", async () => {
  const app = new App()
    .appWrapper(async ({ Component }) => {
      await Promise.resolve();
      return (
        <html>
          <body>
            <Component />
          </body>
        </html>
      );
    })
    .layout("*", async ({ Component }) => {
      await Promise.resolve();
      return (
        <main>
          <Component />
        </main>
      );
    })
    .route("/", {
      component: async (props: PageProps) => {
        await Promise.resolve();
        return <p>{props.url.pathname}</p>;
      },
    });
  assertStringIncludes(await (await ask(app)("/")).text(), "<main><p>/</p></main>");
});

Deno.test("a component that returns a promise without being async draws nothing", async () => {
  const component = () => Promise.resolve(<p>lost</p>);
  const html = await (await ask(new App().route("/", { component }))("/")).text();
  assert(!html.includes("lost"));
});

Deno.test("page gives data, status and headers, but the content type is always that of a page", async () => {
  const define = createDefine<{ user?: string }>();
  const handler = define.handlers({
    GET: () => page({ name: "Ada" }, { status: 202, headers: { "x-a": "1", "content-type": "text/plain" } }),
    POST: () => page(),
  });
  const component = (props: PageProps) => <p>{JSON.stringify(props.data ?? "none")}</p>;
  const to = ask(new App<{ user?: string }>().route("/", { handler, component }));
  const response = await to("/");
  assertEquals([response.status, response.headers.get("x-a")], [202, "1"]);
  assertMatch(response.headers.get("content-type") ?? "", /^text\/html/);
  assertStringIncludes(await response.text(), "Ada");
  assertStringIncludes(await (await to("/", { method: "POST" })).text(), "none");
});

Deno.test("a page without a handler answers every method", async () => {
  const to = ask(new App().route("/", { component: () => <p>x</p> }));
  for (const method of ["GET", "POST", "DELETE"]) assertEquals((await to("/", { method })).status, 200);
});

Deno.test("components get the context's data as props", async () => {
  const define = createDefine<{ user: string }>();
  const app = new App<{ user: string }>()
    .use((ctx) => {
      ctx.state.user = "Ada";
      return ctx.next();
    })
    .route("/u/:id", {
      component: define.page(({ state, params, route, config, error, isPartial }) => (
        <p>{[state.user, params.id, route, config.basePath, String(error), isPartial].join()}</p>
      )),
    });
  assertStringIncludes(await (await ask(app)("/u/1")).text(), "<p>Ada,1,/u/:id,,null,false</p>");
});

Deno.test("scripts and styles carry the page's nonce", async () => {
  const html = await (await ask(new App().get("/", (ctx) => ctx.render(<style>{"p{}"}</style>)))("/")).text();
  assertMatch(html, /<style nonce="[0-9a-f]{32}">p\{\}<\/style>/);
});

Deno.test("upgrade without asking for a WebSocket is refused with status 400", async () => {
  const to = ask(new App().get("/a", (ctx) => ctx.upgrade().response).ws("/b", { message() {} }));
  assertEquals((await to("/a")).status, 400);
  assertEquals((await to("/b")).status, 400);
});

Deno.test("sockets open through ws, upgrade with handlers, upgrade without, and the runtime's own upgrade", async () => {
  const events: string[] = [];
  const echo = (socket: WebSocket, event: MessageEvent) => socket.send(`echo ${event.data}`);
  const closed = Promise.withResolvers<number>();
  const app = new App()
    .use(async (ctx) => {
      const response = await ctx.next();
      events.push(`${ctx.url.pathname} ${response.status}`);
      return response;
    })
    .ws("/ws", { open: (socket) => socket.send("open"), message: echo, close: (_, code) => closed.resolve(code) })
    .get("/handlers", (ctx) => ctx.upgrade({ message: echo }, { protocol: "chat" }))
    .get("/bare", (ctx) => {
      const { socket, response } = ctx.upgrade({});
      socket.onmessage = (event) => echo(socket, event);
      return response;
    })
    .get("/own", (ctx) => {
      const { socket, response } = Deno.upgradeWebSocket(ctx.req);
      socket.onmessage = (event) => echo(socket, event);
      return response;
    });
  await using server = serving(app.handler());
  for (const path of ["/ws", "/handlers", "/bare", "/own"]) {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, path === "/handlers" ? ["chat"] : []);
    const messages: string[] = [];
    const answered = Promise.withResolvers<void>();
    socket.onopen = () => socket.send("hi");
    socket.onmessage = ({ data }) => {
      messages.push(data);
      if (data === "echo hi") answered.resolve();
    };
    await answered.promise;
    assertEquals(messages, path === "/ws" ? ["open", "echo hi"] : ["echo hi"]);
    assertEquals(socket.protocol, path === "/handlers" ? "chat" : "");
    const gone = Promise.withResolvers<void>();
    socket.onclose = () => gone.resolve();
    socket.close(4000);
    await gone.promise;
  }
  assertEquals(await closed.promise, 4000);
  assertEquals(events, ["/ws 101", "/handlers 101", "/bare 101", "/own 101"]);
});

Deno.test("what a component throws ends in status 500", async () => {
  using _ = silenced();
  const component = () => {
    throw new Error("broken");
  };
  const response = await ask(new App().route("/", { component }))("/");
  assertEquals([response.status, await response.text()], [500, "Internal server error"]);
});
