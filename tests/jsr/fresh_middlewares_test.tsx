import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { App, cors, csp, type CSPOptions, csrf, ipFilter, type Middleware, trailingSlashes } from "fresh";
import { ask, silenced } from "./project.ts";

const ok = () => new Response("ok");

/** The directives of a policy by name. */
async function policyWith(options?: CSPOptions, outer: Middleware<unknown> = (ctx) => ctx.next()) {
  const app = new App().use(outer).use(csp(options)).get("/", (ctx) => ctx.render(<style>{"p{}"}</style>));
  const response = await ask(app)("/");
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

Deno.test("csp can only report", async () => {
  const { response } = await policyWith({ reportOnly: true });
  assertEquals(response.headers.get("content-security-policy"), null);
  assertMatch(response.headers.get("content-security-policy-report-only") ?? "", /default-src/);
});

Deno.test("useNonce allows inline scripts and styles by the nonce of the page, and an outer middleware can read it", async () => {
  let seen = "";
  const { directives, html } = await policyWith({ useNonce: true }, async (ctx) => {
    const response = await ctx.next();
    const policy = response.headers.get("content-security-policy") ?? "";
    seen = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
    response.headers.set("content-security-policy", policy.replace("; upgrade-insecure-requests", ""));
    return response;
  });
  assertMatch(seen, /^[0-9a-f]{32}$/);
  assertEquals(directives.get("script-src"), `'self' 'nonce-${seen}'`);
  assertEquals(directives.get("style-src"), `'self' 'nonce-${seen}'`);
  assert(html.includes(`nonce="${seen}"`));
  assert(!directives.has("upgrade-insecure-requests"));
});

Deno.test("useNonce falls back to unsafe-inline if a middleware made the response anew", async () => {
  const app = new App().use(csp({ useNonce: true })).use(async (ctx) => {
    const response = await ctx.next();
    return new Response(response.body, response);
  }).get("/", (ctx) => ctx.render(<p>x</p>));
  assertMatch((await ask(app)("/")).headers.get("content-security-policy") ?? "", /script-src 'self' 'unsafe-inline'/);
});

Deno.test("every page has a nonce of its own", async () => {
  const to = ask(new App().use(csp({ useNonce: true })).get("/", (ctx) => ctx.render(null)));
  const policies = await Promise.all([to("/"), to("/")]);
  const [first, second] = policies.map(({ headers }) => headers.get("content-security-policy"));
  assert(first !== second);
});

Deno.test("cors lets every site read, and answers each OPTIONS", async () => {
  const to = ask(new App().use(cors()).get("/x", ok));
  assertEquals((await to("/x")).headers.get("access-control-allow-origin"), "*");
  const preflight = await to("/x", { method: "OPTIONS", headers: { "access-control-request-headers": "x-a, x-b" } });
  assertEquals(preflight.status, 204);
  assertEquals(preflight.headers.get("access-control-allow-methods"), "GET,HEAD,PUT,POST,DELETE,PATCH");
  assertEquals(preflight.headers.get("access-control-allow-headers"), "x-a,x-b");
  assertEquals((await to("/nope", { method: "OPTIONS" })).status, 204);
});

Deno.test("cors names the site if only some are allowed", async () => {
  const options = { origin: ["https://a.example"], credentials: true, maxAge: 60, exposeHeaders: ["x-a"] };
  const to = ask(new App().use(cors(options)).get("/x", ok));
  const good = (await to("/x", { headers: { origin: "https://a.example" } })).headers;
  assertEquals(good.get("access-control-allow-origin"), "https://a.example");
  assertEquals(good.get("access-control-allow-credentials"), "true");
  assertEquals(good.get("access-control-expose-headers"), "x-a");
  assertMatch(good.get("vary") ?? "", /Origin/i);
  const bad = (await to("/x", { headers: { origin: "https://b.example" } })).headers;
  assertEquals(bad.get("access-control-allow-origin"), null);
  assertEquals((await to("/x", { method: "OPTIONS" })).headers.get("access-control-max-age"), "60");
});

Deno.test("csrf refuses what other sites would change", async () => {
  using _ = silenced();
  const to = ask(new App().use(csrf()).all("/x", ok));
  const cases: [string, Record<string, string>, number][] = [
    ["GET", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, 200],
    ["POST", {}, 200],
    ["POST", { "sec-fetch-site": "same-origin" }, 200],
    ["POST", { "sec-fetch-site": "none" }, 200],
    ["POST", { "sec-fetch-site": "cross-site" }, 403],
    ["POST", { "sec-fetch-site": "same-site" }, 403],
    ["POST", { origin: "http://localhost" }, 200],
    ["POST", { origin: "http://localhost.evil.example" }, 403],
    ["DELETE", { origin: "null" }, 403],
  ];
  for (const [method, headers, status] of cases) {
    assertEquals((await to("/x", { method, headers })).status, status, `${method} ${JSON.stringify(headers)}`);
  }
});

Deno.test("csrf lets named sites through, and never stops an upgrade", async () => {
  const to = ask(new App().use(csrf({ origin: ["https://a.example"] })).all("/x", ok));
  const from = (origin: string, method = "POST") => to("/x", { method, headers: { origin } });
  assertEquals((await from("https://a.example")).status, 200);
  assertEquals((await from("https://b.example")).status, 403);
  assertEquals((await from("https://evil.example", "GET")).status, 200);
});

Deno.test("ipFilter refuses by address and network, denied before allowed", async () => {
  const from = async (
    hostname: string,
    rules: Parameters<typeof ipFilter>[0],
    options?: Parameters<typeof ipFilter>[1],
  ) => {
    const info: Deno.ServeHandlerInfo = {
      remoteAddr: { transport: "tcp", hostname, port: 1 },
      completed: Promise.resolve(),
    };
    return (await new App().use(ipFilter(rules, options)).get("/", ok).handler()(
      new Request("http://localhost/"),
      info,
    )).status;
  };
  assertEquals(await from("10.1.2.3", { denyList: ["10.0.0.0/8"] }), 403);
  assertEquals(await from("11.1.2.3", { denyList: ["10.0.0.0/8"] }), 200);
  assertEquals(await from("192.168.1.5", { allowList: ["192.168.1.0/24"], denyList: ["192.168.1.5"] }), 403);
  assertEquals(await from("192.168.1.6", { allowList: ["192.168.1.0/24"], denyList: ["192.168.1.5"] }), 200);
  assertEquals(await from("8.8.8.8", { allowList: ["192.168.1.0/24"] }), 403);
  assertEquals(await from("2001:db8::1", { denyList: ["2001:db8::/32"] }), 403);
  assertEquals(await from("2001:db9::1", { denyList: ["2001:db8::/32"] }), 200);
  assertEquals(
    await from("10.0.0.1", { denyList: ["10.0.0.1"] }, { onBlocked: () => new Response("", { status: 418 }) }),
    418,
  );
});

Deno.test("trailingSlashes sends to one form and keeps the query", async () => {
  const always = ask(new App().use(trailingSlashes("always")).get("/x", ok));
  const never = ask(new App().use(trailingSlashes("never")).get("/x", ok));
  const added = await always("/x?a=1");
  assertEquals([added.status, added.headers.get("location")], [302, "/x/?a=1"]);
  assertEquals((await always("/x/")).status, 200);
  const removed = await never("/x/?a=1");
  assertEquals([removed.status, removed.headers.get("location")], [302, "/x?a=1"]);
  assertEquals((await never("/x")).status, 200);
});

Deno.test("csp and cors cannot change a response that the runtime made immutable", async () => {
  using log = silenced();
  const app = new App().use(csp()).get("/", () => Response.redirect("http://localhost/x"));
  assertEquals((await ask(app)("/")).status, 500);
  assertThrows(() => {
    throw log.errors[0];
  }, TypeError);
});
