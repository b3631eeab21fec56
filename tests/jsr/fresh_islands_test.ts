import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { built, project, silenced } from "./project.ts";

const BOX = `export default (props) => <div class="box">{props.children}</div>;
export function Named({ n }) { return <b>{n}</b>; }`;

const pageWith = (jsx: string, before = "") =>
  `import Box, { Named } from "../islands/Box.tsx";
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

Deno.test("plain components are no islands", async () => {
  await using site = await project({
    "components/Plain.tsx": "export default () => <i>plain</i>;",
    "routes/plain.tsx": `import Plain from "../components/Plain.tsx"; export default () => <Plain />;`,
  });
  assertNotMatch(await (await (await built(site))("/plain")).text(), /<script/);
});

Deno.test("an island inside of another one is a part of it", async () => {
  await using site = await project({
    "islands/Inner.tsx": "export default () => <i>inner</i>;",
    "islands/Outer.tsx": `import Inner from "./Inner.tsx"; export default () => <div><Inner /></div>;`,
    "routes/index.tsx": `import Outer from "../islands/Outer.tsx"; import Inner from "../islands/Inner.tsx";
      export default () => <main><Outer /><Inner /></main>;`,
  });
  const html = await (await (await built(site))("/")).text();
  assertEquals(html.match(/<!--frsh:island:\d-->/g), ["<!--frsh:island:0-->", "<!--frsh:island:1-->"]);
  assertStringIncludes(html, "<div><i>inner</i></div>");
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

Deno.test("props cannot break out of the script", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/index.tsx": pageWith(`<Named n={"</script><script>alert(1)</script><!--"} />`),
  });
  const html = await (await (await built(site))("/")).text();
  assertEquals(html.match(/<script/g)?.length, 1);
  assertNotMatch(html, /<script>alert/);
});

Deno.test("props that are no plain data end in status 500, a class instance becomes a plain object", async () => {
  using log = silenced();
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/function.tsx": pageWith("<Box on={() => {}} />"),
    "routes/map.tsx": pageWith("<Box it={new Map()} />"),
    "routes/not_a_number.tsx": pageWith("<Box it={NaN} />"),
    "routes/element.tsx": pageWith("<Box it={<b />} />"),
    "routes/children.tsx": pageWith("<Box><b>child</b></Box>"),
    "routes/class.tsx": pageWith("<Box it={new (class { a = 1 })()} />"),
  });
  const to = await built(site);
  for (const path of ["/function", "/map", "/not_a_number", "/element", "/children"]) {
    assertEquals([path, (await to(path)).status], [path, 500]);
  }
  assertEquals(log.errors.length, 5);
  assertEquals((await to("/class")).status, 200);
});

Deno.test("an element that several pages share is drawn the same on each", async () => {
  await using site = await project({
    "islands/Box.tsx": BOX,
    "routes/index.tsx": pageWith("{shared}", `const shared = <Named n={7} />; const _ = Box;`),
  });
  const to = await built(site);
  const body = async () => (await (await to("/")).text()).replaceAll(/nonce="\w+"/g, "");
  assertEquals(await body(), await body());
});

Deno.test("Head adds to the head", async () => {
  await using site = await project({
    "routes/_app.tsx": `export default ({ Component }) => <html><head><title>base</title></head>
      <body><Component /></body></html>;`,
    "routes/index.tsx": `import { Head } from "fresh/runtime";
      export default () => <><Head><link rel="x" href="/y" /></Head><p>in</p></>;`,
    "routes/bare.tsx": `import { Head } from "fresh/runtime";
      export const config = { skipAppWrapper: true };
      export default () => <><Head><title>bare</title></Head><p>x</p></>;`,
  });
  const to = await built(site);
  const html = await (await to("/")).text();
  assertMatch(html, /<head><title>base<\/title><link rel="x" href="\/y"\/?><\/head>/);
  assertStringIncludes(html, "<p>in</p>");
  assertMatch(await (await to("/bare")).text(), /<head>.*<title>bare<\/title>.*<\/head>/s);
});
