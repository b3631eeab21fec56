import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { App, type Context, HttpError } from "fresh";
import { HttpError as RuntimeHttpError } from "fresh/runtime";
import { ask, silenced } from "./project.ts";

const failing = (status: 400 | 403 | 404 | 503, message?: string) => () => {
  throw new HttpError(status, message);
};

Deno.test("an HttpError has a status, a message that may be empty, and a cause", () => {
  const cause = new Error("why");
  const error = new HttpError(404, "gone", { cause });
  assertEquals([error.status, error.message, error.cause], [404, "gone", cause]);
  assert(error instanceof Error);
  assertEquals(new HttpError(400).message, "");
  assertEquals(RuntimeHttpError, HttpError);
});

Deno.test("an unhandled HttpError answers with its message, else with the reason phrase, as text", async () => {
  using _ = silenced();
  const to = ask(
    new App().get("/a", failing(403, "not you")).get("/b", failing(403)).get("/c", failing(503, "the details")),
  );
  const first = await to("/a");
  assertEquals([first.status, await first.text()], [403, "not you"]);
  assertStringIncludes(first.headers.get("content-type") ?? "", "text/plain");
  assertEquals(await (await to("/b")).text(), "Forbidden");
  assertEquals(await (await to("/c")).text(), "the details");
});

Deno.test("anything else that is thrown answers with a plain 500 and is logged", async () => {
  using log = silenced();
  const error = new Error("secret");
  const response = await ask(
    new App().get("/", () => {
      throw error;
    }),
  )("/");
  assertEquals([response.status, await response.text()], [500, "Internal server error"]);
  assertEquals(log.errors, [error]);
});

Deno.test("the nearest error handler answers; one that throws passes to its parent", async () => {
  const name = (text: string) => (ctx: Context<unknown>) => new Response(`${text} ${ctx.error instanceof HttpError}`);
  const app = new App()
    .onError("*", name("root"))
    .onError("/a", name("a"))
    .onError("/b", () => {
      throw new HttpError(400);
    })
    .get("/a/x", failing(400)).get("/b/x", failing(403)).get("/c", failing(400));
  const to = ask(app);
  assertEquals(await (await to("/a/x")).text(), "a true");
  assertEquals(await (await to("/b/x")).text(), "root true");
  assertEquals(await (await to("/c")).text(), "root true");
});

Deno.test("an error handler covers routes that are registered later, and unmatched addresses", async () => {
  const to = ask(
    new App().get("/early", failing(400)).onError("*", () => new Response("caught")).get("/late", failing(400)),
  );
  assertEquals(await (await to("/early")).text(), "Bad Request");
  assertEquals(await (await to("/late")).text(), "caught");
  assertEquals(await (await to("/nope")).text(), "caught");
});

Deno.test("an error page has the status of the error", async () => {
  using _ = silenced();
  const component = ({ error }: { error: unknown }) => <h1>{error instanceof HttpError ? error.status : "?"}</h1>;
  const app = new App().onError("*", { component }).get("/a", failing(403)).get("/b", () => {
    throw new Error("x");
  });
  const to = ask(app);
  const a = await to("/a");
  assertEquals(a.status, 403);
  assertStringIncludes(await a.text(), "<h1>403</h1>");
  assertEquals((await to("/b")).status, 500);
  assertEquals((await to("/nope")).status, 404);
});

Deno.test("notFound catches every HttpError with status 404", async () => {
  const app = new App()
    .notFound(() => new Response("none", { status: 404 }))
    .onError("/a", () => new Response("near"))
    .get("/a/x", failing(404)).get("/a/y", failing(400));
  const to = ask(app);
  assertEquals(await (await to("/a/x")).text(), "none");
  assertEquals(await (await to("/a/y")).text(), "near");
  assertEquals(await (await to("/nope")).text(), "none");
});

Deno.test("the root's error page is outside of the root's middlewares", async () => {
  const app = new App()
    .onError("*", (ctx) => new Response("error", { status: ctx.error instanceof HttpError ? ctx.error.status : 500 }))
    .use(async (ctx) => {
      const response = await ctx.next();
      response.headers.set("x-policy", "1");
      return response;
    })
    .get("/ok", () => new Response("ok")).get("/fails", failing(400));
  const to = ask(app);
  assertEquals((await to("/ok")).headers.get("x-policy"), "1");
  assertEquals((await to("/nope")).headers.get("x-policy"), null);
  assertEquals((await to("/fails")).headers.get("x-policy"), null);
});

Deno.test("ctx.error tells what is missing, but on a bare app there is none", async () => {
  const notFound = (ctx: Context<unknown>) => ctx.json({ isNull: ctx.error === null });
  assertEquals(await (await ask(new App().notFound(notFound))("/x")).json(), { isNull: true });
  const withMiddleware = new App().use((ctx) => ctx.next()).notFound(notFound);
  assertEquals(await (await ask(withMiddleware)("/x")).json(), { isNull: false });
});

Deno.test("a redirect of the runtime cannot be given headers afterwards, ctx.redirect can", async () => {
  using _ = silenced();
  const app = new App().use(async (ctx) => {
    const response = await ctx.next();
    response.headers.set("x-a", "1");
    return response;
  }).get("/own", () => Response.redirect("http://localhost/")).get("/ctx", (ctx) => ctx.redirect("/"));
  const to = ask(app);
  assertEquals((await to("/own")).status, 500);
  const response = await to("/ctx");
  assertEquals([response.status, response.headers.get("x-a")], [302, "1"]);
});

Deno.test("an error page is drawn in the layouts of its place", async () => {
  const app = new App()
    .layout("*", ({ Component }) => (
      <main>
        <Component />
      </main>
    ))
    .layout("/a", ({ Component }) => (
      <section>
        <Component />
      </section>
    ))
    .onError("*", { component: () => <p>error</p> })
    .get("/a/x", failing(400));
  const html = await (await ask(app)("/a/x")).text();
  assertStringIncludes(html, "<main><p>error</p></main>");
  assert(!html.includes("<section>"));
});
