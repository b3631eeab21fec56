import { assert, assertEquals, assertMatch } from "@std/assert";
import { App, csp } from "fresh";
import { built, project, silenced } from "./project.ts";

const SITE = { "routes/index.tsx": `export default () => <style>{"p{}"}</style>;` };

/** The directives of a policy by name. */
async function policyWith(options?: Parameters<typeof csp>[0], outer = new App()) {
  await using site = await project(SITE);
  const response = await (await built(site, outer.use(csp(options)).fsRoutes()))("/");
  const header = response.headers.get("content-security-policy") ?? "";
  const directives = new Map(
    header.split(";").map((part) => part.trim().split(/\s+(.*)/s)).map(([a, b]) => [a, b ?? ""]),
  );
  return { response, directives, html: await response.text() };
}

Deno.test("csp sets a policy that allows what the app itself serves", async () => {
  const { directives } = await policyWith();
  assertEquals(directives.get("default-src"), "'self'");
  assertEquals(directives.get("script-src"), "'self' 'unsafe-inline'");
  assertEquals(directives.get("style-src"), "'self' 'unsafe-inline'");
  assertEquals(directives.get("img-src"), "'self' data:");
  assertEquals(directives.get("media-src"), "'self' data: blob:");
  assertEquals(directives.get("worker-src"), "'self' blob:");
  for (const name of ["font-src", "connect-src", "base-uri", "form-action"]) {
    assertEquals(directives.get(name), "'self'");
  }
  for (const name of ["object-src", "frame-ancestors"]) assertEquals(directives.get(name), "'none'");
  assert(directives.has("upgrade-insecure-requests"));
});

Deno.test("csp entries replace directives of the same name", async () => {
  const { directives } = await policyWith({ csp: ["img-src *", "frame-src 'none'"] });
  assertEquals([directives.get("img-src"), directives.get("frame-src")], ["*", "'none'"]);
});

Deno.test("useNonce allows inline scripts and styles by the nonce of the page, and an outer middleware can read it", async () => {
  let seen = "";
  const outer = new App().use(async (ctx) => {
    const response = await ctx.next();
    const policy = response.headers.get("content-security-policy") ?? "";
    seen = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    response.headers.set("content-security-policy", policy.replace("; upgrade-insecure-requests", ""));
    return response;
  });
  const { directives, html } = await policyWith({ useNonce: true }, outer);
  assertMatch(seen, /^[0-9a-f]{32}$/);
  assertEquals(directives.get("script-src"), `'self' 'nonce-${seen}'`);
  assertEquals(directives.get("style-src"), `'self' 'nonce-${seen}'`);
  assert(html.includes(`nonce="${seen}"`));
  assert(!directives.has("upgrade-insecure-requests"));
});

Deno.test("useNonce falls back to unsafe-inline if a middleware made the response anew", async () => {
  await using site = await project(SITE);
  const app = new App().use(csp({ useNonce: true })).use(async (ctx) => {
    const response = await ctx.next();
    return new Response(response.body, response);
  }).fsRoutes();
  assertMatch(
    (await (await built(site, app))("/")).headers.get("content-security-policy") ?? "",
    /script-src 'self' 'unsafe-inline'/,
  );
});

Deno.test("every page has a nonce of its own", async () => {
  await using site = await project(SITE);
  const to = await built(site, new App().use(csp({ useNonce: true })).fsRoutes());
  const policies = await Promise.all([to("/"), to("/")]);
  const [first, second] = policies.map(({ headers }) => headers.get("content-security-policy"));
  assert(first !== second);
});

Deno.test("csp cannot change a response that the runtime made immutable", async () => {
  using log = silenced();
  await using site = await project({
    "routes/index.ts": `export const handler = () => Response.redirect("http://localhost/x");`,
  });
  assertEquals((await (await built(site, new App().use(csp()).fsRoutes()))("/")).status, 500);
  assert(log.errors[0] instanceof TypeError);
});
