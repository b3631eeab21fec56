import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { HttpError } from "fresh";
import { built, project, silenced } from "./project.ts";

const failing = (what: string) =>
  `import { HttpError } from "fresh"; export const handler = () => { throw new ${what}; };`;

Deno.test("an HttpError has a status, a message that may be empty, and a cause", () => {
  const cause = new Error("why");
  const error = new HttpError(404, "gone", { cause });
  assertEquals([error.status, error.message, error.cause], [404, "gone", cause]);
  assert(error instanceof Error);
  assertEquals(new HttpError(400).message, "");
});

Deno.test("an unhandled HttpError answers with its message, else with the reason phrase, as text", async () => {
  using _ = silenced();
  await using site = await project({
    "routes/a.ts": failing(`HttpError(403, "not you")`),
    "routes/b.ts": failing("HttpError(403)"),
    "routes/c.ts": failing(`HttpError(503, "the details")`),
  });
  const to = await built(site);
  const first = await to("/a");
  assertEquals([first.status, await first.text()], [403, "not you"]);
  assertStringIncludes(first.headers.get("content-type") ?? "", "text/plain");
  assertEquals(await (await to("/b")).text(), "Forbidden");
  assertEquals(await (await to("/c")).text(), "the details");
});

Deno.test("anything else that is thrown answers with a plain 500 and is logged", async () => {
  using log = silenced();
  await using site = await project({ "routes/index.ts": failing(`Error("secret")`) });
  const response = await (await built(site))("/");
  assertEquals([response.status, await response.text()], [500, "Internal server error"]);
  assertEquals(log.errors, [new Error("secret")]);
});

Deno.test("_error draws errors, and unmatched addresses, with their status, outside of the middlewares", async () => {
  await using site = await project({
    "routes/_error.tsx": `import { HttpError } from "fresh";
      export default ({ error }) => <h1>root {error instanceof HttpError ? error.status : "?"}</h1>;`,
    "routes/_middleware.ts": `export default async (ctx) => {
      const response = await ctx.next(); response.headers.set("x-policy", "1"); return response; };`,
    "routes/ok.ts": `export const handler = () => new Response("ok");`,
    "routes/in/gone.ts": failing("HttpError(410)"),
    "routes/broken.ts": failing(`Error("x")`),
  });
  const to = await built(site);
  assertEquals((await to("/ok")).headers.get("x-policy"), "1");
  for (const [path, status, shown] of [["/nope", 404, 404], ["/in/gone", 410, 410], ["/broken", 500, "?"]] as const) {
    const response = await to(path);
    assertEquals([response.status, response.headers.get("x-policy")], [status, null]);
    assertStringIncludes(await response.text(), `<h1>root ${shown}</h1>`);
  }
});

Deno.test("the error page is drawn inside the app wrapper, even that of a page without", async () => {
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><body><main><Component /></main></body></html>;`,
    "routes/_error.tsx": "export default () => <p>error</p>;",
    "routes/bare.tsx":
      `export const config = { skipAppWrapper: true }; export default () => { throw new Error("x"); };`,
  });
  assertStringIncludes(await (await (await built(site))("/bare")).text(), "<main><p>error</p></main>");
});

Deno.test("a redirect of the runtime cannot be given headers afterwards, ctx.redirect can", async () => {
  using _ = silenced();
  await using site = await project({
    "routes/_middleware.ts": `export default async (ctx) => {
      const response = await ctx.next(); response.headers.set("x-a", "1"); return response; };`,
    "routes/own.ts": `export const handler = () => Response.redirect("http://localhost/");`,
    "routes/ctx.ts": `export const handler = (ctx) => ctx.redirect("/");`,
  });
  const to = await built(site);
  assertEquals((await to("/own")).status, 500);
  const response = await to("/ctx");
  assertEquals([response.status, response.headers.get("x-a")], [302, "1"]);
});
