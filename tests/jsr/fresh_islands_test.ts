import { assert, assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { built, project, silenced } from "./project.ts";

const BOX = `export default (props) => <div class="box">{props.children}</div>;
export function Named({ n }) { return <b>{n}</b>; }`;

const pageWith = (jsx: string, before = "") =>
  `import Box, { Named } from "../islands/Box.tsx";
   import { signal } from "@preact/signals";
   ${before}
   export default () => <main>${jsx}</main>;`;

Deno.test("a page with islands ships one script, which loads only what the page needs", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "islands/Other.tsx": `export default () => <i>other</i>;`,
    "routes/index.tsx": pageWith("<Box /><Named n={1} />"),
    "routes/plain.tsx": "export default () => <p>plain</p>;",
  });
  const to = await built(site);
  const response = await to("/");
  const html = await response.text();
  assertStringIncludes(html, '<div class="box"></div>');
  assertStringIncludes(html, "<b>1</b>");
  assertEquals(html.match(/<script/g)?.length, 1);
  assertMatch(html, /<script type="module" nonce="[0-9a-f]{32}">import/);
  assertNotMatch(html, /Other\.js/);
  assertMatch(response.headers.get("link") ?? "", /rel="modulepreload"/);

  const modules = [...html.matchAll(/from\s*"([^"]+)"/g)].map(([, path]) => path ?? "");
  for (const path of new Set(modules)) {
    const module = await to(path);
    assertEquals(module.status, 200);
    assertMatch(module.headers.get("content-type") ?? "", /javascript/);
    assertEquals(module.headers.get("cache-control"), "public, max-age=31536000, immutable");
    await module.body?.cancel();
  }
  const plain = await to("/plain");
  assertNotMatch(await plain.text(), /<script|<!--/);
  assertEquals(plain.headers.get("link"), null);
});

Deno.test("islands beside routes are found too, and plain components are none", async () => {
  await using site = await project({
    "routes/(_islands)/Near.tsx": "export default () => <u>near</u>;",
    "components/Plain.tsx": "export default () => <i>plain</i>;",
    "routes/index.tsx": `import Near from "./(_islands)/Near.tsx"; export default () => <Near />;`,
    "routes/plain.tsx": `import Plain from "../components/Plain.tsx"; export default () => <Plain />;`,
  });
  const to = await built(site);
  assertStringIncludes(await (await to("/")).text(), "<script");
  assertNotMatch(await (await to("/plain")).text(), /<script/);
});

Deno.test("islands are recognised without app or layout as well as within", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/_app.tsx":
      `export default ({ Component }) => <html><head><title>t</title></head><body class="b"><Component /></body></html>;`,
    "routes/index.tsx": pageWith("<Box />"),
  });
  const html = await (await (await built(site))("/")).text();
  assertMatch(html, /<\/main><script type="module"[^>]*>.*<\/script><\/body><\/html>$/s);
});

Deno.test("elements that an island does not show wait in a template", async () => {
  await using site = await project({
    "islands/Closed.tsx": "export default () => <div>closed</div>;",
    "routes/index.tsx": `import Closed from "../islands/Closed.tsx";
      export default () => <Closed extra={<em>waiting</em>}><strong>child</strong></Closed>;`,
  });
  const html = await (await (await built(site))("/")).text();
  const templates = [...html.matchAll(/<template[^>]*>(.*?)<\/template>/gs)].map(([, inner]) => inner ?? "").join();
  assertStringIncludes(templates, "<em>waiting</em>");
  assertStringIncludes(templates, "<strong>child</strong>");
});

Deno.test("elements that an island shows are sent once, however many; a list of them in another prop stays a list", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "islands/Tabs.tsx": `export default ({ tabs }) => <ul>{tabs.map((tab) => <li>{tab}</li>)}</ul>;`,
    "routes/index.tsx": pageWith(
      "<Box>{name} is <b>here</b>{[1, 2].map((n) => <Named n={n} />)}<i>end</i></Box>",
      "const name = String(1);",
    ),
    "routes/tabs.tsx":
      `import Tabs from "../islands/Tabs.tsx"; export default () => <Tabs tabs={[<b>one</b>, <b>two</b>]} />;`,
  });
  const to = await built(site);
  const html = await (await to("/")).text();
  assertNotMatch(html, /<template/);
  assertEquals(html.match(/here/g)?.length, 1);
  assertMatch(await (await to("/tabs")).text(), /<ul><li><b>one<\/b><\/li><li><b>two<\/b><\/li><\/ul>/);
});

Deno.test("props cannot break out of the script", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/index.tsx": pageWith(`<Named n={"</script><script>alert(1)</script><!--"} />`),
  });
  const html = await (await (await built(site))("/")).text();
  assertEquals(html.match(/<script/g)?.length, 1);
  assertNotMatch(html, /<script>alert/);
});

Deno.test("a function among the props ends in status 500, a class instance becomes a plain object", async () => {
  using log = silenced();
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/function.tsx": pageWith("<Box on={() => {}} />"),
    "routes/class.tsx": pageWith("<Box it={new (class { a = 1 })()} />"),
  });
  const to = await built(site);
  assertEquals((await to("/function")).status, 500);
  assertEquals(log.errors.length, 1);
  assertEquals((await to("/class")).status, 200);
});

Deno.test("all kinds of data can be props", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/index.tsx": pageWith(
      "<Box a={values} b={cycle} />",
      `const values = [undefined, null, NaN, Infinity, -Infinity, -0, 10n, new Date(0), new Date(NaN),
        new URL("http://localhost/"), /x/g, new Map([[{}, 1]]), new Set([1]), new Uint8Array([1, 2]), signal(1),
        <b>x</b>, Object.create(null), [, 1]];
       const cycle = {}; cycle.self = cycle;`,
    ),
  });
  assertEquals((await (await built(site))("/")).status, 200);
});

Deno.test("an element that several pages share is drawn the same on each", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/index.tsx": pageWith("{shared}", `const shared = <Named n={7} />; const _ = Box; const s = signal;`),
  });
  const to = await built(site);
  const body = async () => (await (await to("/")).text()).replaceAll(/nonce="\w+"/g, "");
  assertEquals(await body(), await body());
});

Deno.test("Head adds to the head and replaces title and meta elements", async () => {
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><head><title>base</title>
        <meta name="description" content="base" /><meta name="other" content="stays" /></head>
        <body><Component /></body></html>;`,
    "routes/index.tsx": `import { Head, Partial } from "fresh/runtime";
      export default () => <><Head><title>page</title><><meta name="description" content="page" /></><link rel="x" href="/y" />
        </Head><Partial name="p"><p>in</p></Partial></>;`,
    "routes/bare.tsx": `import { Head } from "fresh/runtime";
      export const config = { skipAppWrapper: true };
      export default () => <><Head><title>bare</title></Head><p>x</p></>;`,
  });
  const to = await built(site);
  const html = await (await to("/")).text();
  const head = html.slice(0, html.indexOf("</head>"));
  assertEquals(head.match(/<title>/g)?.length, 1);
  assertStringIncludes(head, "<title>page</title>");
  assertEquals(head.match(/content="[^"]*"/g), ['content="page"', 'content="stays"']);
  assertStringIncludes(head, 'rel="x"');
  assertStringIncludes(html, "<p>in</p>");
  assertMatch(await (await to("/bare")).text(), /<head>.*<title>bare<\/title>.*<\/head>/s);
});

Deno.test("registered modules are islands too, and public variables become part of the code", async () => {
  Deno.env.set("FRESH_PUBLIC_HUBBUB_TEST", "from the environment");
  try {
    await using site = await project({
      "elsewhere/Far.tsx": `export default () => <i>{Deno.env.get("FRESH_PUBLIC_HUBBUB_TEST")}</i>;`,
      "routes/index.tsx": `import Far from "../elsewhere/Far.tsx"; export default () => <Far />;`,
    });
    const { Builder } = await import("fresh/dev");
    const { App, staticFiles } = await import("fresh");
    const builder = new Builder({ root: site.root });
    builder.registerIsland(`${site.root}/elsewhere/Far.tsx`);
    const app = new App().use(staticFiles()).fsRoutes();
    (await builder.build({ snapshot: "memory" }))(app);
    const handler = app.handler();
    const get = async (path: string) => await (await handler(new Request(`http://localhost${path}`))).text();
    const html = await get("/");
    const codes = await Promise.all([...html.matchAll(/from\s*"([^"]+)"/g)].map(([, path]) => get(path ?? "")));
    assert(codes.some((code) => code.includes("from the environment")));
  } finally {
    Deno.env.delete("FRESH_PUBLIC_HUBBUB_TEST");
  }
});
