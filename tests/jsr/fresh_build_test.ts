import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { Builder } from "fresh/dev";
import { project } from "./project.ts";

const SITE = {
  "main.ts": `import { App, staticFiles } from "fresh";
    export const app = new App().use(staticFiles()).fsRoutes();
    const serve = async () => {
      const { default: server } = await import("./_fresh/server.js");
      Deno.serve({ port: 0, onListen: ({ port }) => console.log("port", port) }, server.fetch);
    };
    if (import.meta.main) serve();`,
  "routes/index.tsx": `import Count from "../islands/Count.tsx"; export default () => <main><Count from={3} /></main>;`,
  "routes/in/[id].tsx": `export default ({ url }) => <p>{url.pathname}</p>;`,
  "routes/remote.ts": `export const handler = ({ info }) => Response.json(info.remoteAddr);`,
  "islands/Count.tsx": `import { useSignal } from "@preact/signals";
    export default ({ from }) => { const n = useSignal(from); return <button onClick={() => n.value++}>{n}</button>; };`,
  "static/style.css": `p { background: url("/a.png") }`,
  "static/a b.txt": "spaced",
  "static/.hidden": "hidden",
  "static/.well-known/x.txt": "known",
};

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const decoder = new TextDecoder();

/** This project's configuration for a project in another folder. */
async function configuration(): Promise<string> {
  const { links = [], imports, compilerOptions }: Record<string, unknown> = JSON.parse(await Deno.readTextFile(CONFIG));
  const absolute = Array.isArray(links)
    ? links.map((link) => new URL(link, import.meta.resolve("../../")).pathname)
    : [];
  return JSON.stringify({ links: absolute, imports, compilerOptions });
}

/** Runs a module of a project until the end of the test. */
async function running(root: string, args: string[], env: Record<string, string> = {}) {
  const [verb = "run", ...rest] = args;
  const command = new Deno.Command(Deno.execPath(), {
    args: [verb, "-A", ...rest],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  let output = "";
  const ready = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream) {
      output += decoder.decode(chunk);
      const port = /(?:port |:)(\d{4,5})\b/.exec(output)?.[1];
      if (port !== undefined) ready.resolve(`http://127.0.0.1:${port}`);
    }
  };
  const reading = Promise.all([read(process.stdout), read(process.stderr)]);
  reading.then(() => ready.reject(new Error(`Cannot go on as the process ended: ${output}`)));
  return {
    origin: await ready.promise,
    async [Symbol.asyncDispose]() {
      process.kill();
      await process.status;
      await reading;
    },
  };
}

/** Checks the answers of a served build. */
async function assertServes(origin: string): Promise<void> {
  const html = await (await fetch(origin)).text();
  assertMatch(html, /<main>.*<button *>3<\/button>.*<\/main>/s);
  for (const [, path] of html.matchAll(/from\s*"([^"]+)"/g)) {
    const response = await fetch(`${origin}${path}`);
    assertEquals([response.status, response.headers.get("cache-control")], [
      200,
      "public, max-age=31536000, immutable",
    ]);
    await response.body?.cancel();
  }
  assertStringIncludes(await (await fetch(`${origin}/in/7`)).text(), "<p>/in/7</p>");
  assertEquals((await (await fetch(`${origin}/remote`)).json()).hostname, "127.0.0.1");
}

Deno.test("a build on disk is served by deno serve, and by a main.ts that imports it", async () => {
  await using site = await project({ ...SITE, "deno.json": await configuration() });
  await new Builder({ root: site.root }).build();
  for (const name of ["server.js", "snapshot.js", "static"]) {
    await Deno.stat(`${site.root}/_fresh/${name}`);
  }
  {
    await using server = await running(site.root, ["serve", "--port", "0", "--host", "127.0.0.1", "_fresh/server.js"]);
    await assertServes(server.origin);
    await assertServesFiles(server.origin);
  }
  {
    await using server = await running(site.root, ["run", "main.ts"]);
    await assertServes(server.origin);
  }
});

async function assertServesFiles(origin: string): Promise<void> {
  const css = await fetch(`${origin}/style.css`);
  const etag = css.headers.get("etag") ?? "";
  assertMatch(etag, /^W\/"\w+"$/);
  assertEquals(await css.text(), SITE["static/style.css"]);
  assertEquals(await (await fetch(`${origin}/a%20b.txt`)).text(), "spaced");
  assertEquals(await (await fetch(`${origin}/.well-known/x.txt`)).text(), "known");
  const hidden = await fetch(`${origin}/.hidden`);
  await hidden.body?.cancel();
  assertEquals(hidden.status, 404);

  const conditions: [string, number][] = [
    [etag, 304],
    [etag.slice(2), 200],
    [`"other", ${etag}`, 200],
    ["*", 200],
    [`W/"other"`, 200],
  ];
  for (const [condition, status] of conditions) {
    const response = await fetch(`${origin}/style.css`, { headers: { "if-none-match": condition } });
    await response.body?.cancel();
    assertEquals([condition, response.status], [condition, status]);
  }
}

Deno.test("deno run of server.js listens nowhere and ends", async () => {
  await using site = await project(SITE);
  await new Builder({ root: site.root }).build();
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", CONFIG, `${site.root}/_fresh/server.js`],
  });
  const { code, stdout } = await command.output();
  assertEquals([code, decoder.decode(stdout)], [0, ""]);
});

Deno.test("static files stay where they are, and older builds are kept", async () => {
  await using site = await project(SITE);
  await new Builder({ root: site.root }).build();
  await new Builder({ root: site.root }).build();
  const copied = await Array.fromAsync(Deno.readDir(`${site.root}/_fresh/static`));
  assertEquals(copied.map(({ name }) => name).sort(), ["_fresh"]);
  assertEquals((await Array.fromAsync(Deno.readDir(`${site.root}/_fresh/static/_fresh/js`))).length, 2);
});

Deno.test("the browser's code is small and has one copy of preact", async () => {
  await using site = await project({
    ...SITE,
    "islands/Other.tsx":
      `import { useState } from "preact/hooks"; import { render } from "preact"; import { signal } from "@preact/signals";
      export default () => { const [n] = useState(signal(1)); return <i>{n}{String(render)}</i>; };`,
  });
  await new Builder({ root: site.root }).build();
  const [build] = await Array.fromAsync(Deno.readDir(`${site.root}/_fresh/static/_fresh/js`));
  const folder = `${site.root}/_fresh/static/_fresh/js/${build?.name}`;
  let size = 0;
  let copies = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const content = await Deno.readFile(`${folder}/${name}`);
    const zipped = new Blob([content]).stream().pipeThrough(new CompressionStream("gzip"));
    size += (await new Response(zipped).bytes()).length;
    copies += decoder.decode(content).split("dangerouslySetInnerHTML").length > 1 ? 1 : 0;
  }
  assertEquals(copies, 1);
  assert(size < 25_000, `${size} bytes`);
});

Deno.test("the name of a build comes from where it is deployed", async () => {
  await using site = await project(SITE);
  Deno.env.set("GITHUB_SHA", "abc123");
  try {
    await new Builder({ root: site.root }).build();
  } finally {
    Deno.env.delete("GITHUB_SHA");
  }
  const builds = await Array.fromAsync(Deno.readDir(`${site.root}/_fresh/static/_fresh/js`));
  assertEquals(builds.map(({ name }) => name), ["abc123"]);
});

Deno.test("builds may run side by side", async () => {
  await using one = await project(SITE);
  await using two = await project(SITE);
  const building = [one, two].map(({ root }) => new Builder({ root }).build({ snapshot: "memory" }));
  assertEquals((await Promise.all(building)).map((apply) => typeof apply), ["function", "function"]);
});

Deno.test("a module that cannot be resolved fails the build", async () => {
  await using site = await project({ "islands/Broken.tsx": `import "./missing.ts"; export default () => null;` });
  await assertRejects(() => new Builder({ root: site.root }).build({ snapshot: "memory" }), Error, "missing.ts");
});

Deno.test("a build needs preact as the source of JSX, and to see the elements that it works on", async () => {
  const skip = ["html", "head", "body", "script"];
  const configurations = [
    { jsx: "precompile", jsxPrecompileSkipElements: [...skip, "style"] },
    { jsx: "precompile", jsxImportSource: "preact", jsxPrecompileSkipElements: skip },
  ];
  for (const compilerOptions of configurations) {
    await using site = await project({ "deno.json": JSON.stringify({ compilerOptions }) });
    await assertRejects(() => new Builder({ root: site.root }).build({ snapshot: "memory" }), Error);
  }
});

Deno.test("the developer's server draws pages that notice when it is back with another build, and caches nothing for good", async () => {
  await using site = await project({
    ...SITE,
    "deno.json": await configuration(),
    "dev.ts": `import { Builder } from "fresh/dev";
      await new Builder({ root: import.meta.dirname }).listen(() => import("./main.ts"),
        { port: Number(Deno.env.get("TEST_PORT")), hostname: "127.0.0.1" });`,
  });
  const probe = Deno.listen({ port: 0 });
  const { port } = probe.addr;
  probe.close();
  await using server = await running(site.root, ["run", "dev.ts"], { TEST_PORT: String(port) });
  assertStringIncludes(await (await fetch(server.origin)).text(), "<script");
  const css = await fetch(`${server.origin}/style.css`);
  await css.body?.cancel();
  assertEquals(css.headers.get("etag"), null);
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}/_frsh/alive`);
  const named = Promise.withResolvers<string>();
  socket.onmessage = ({ data }) => named.resolve(data);
  socket.onerror = () => named.reject(new Error("Cannot open the socket"));
  const versioned = await fetch(`${server.origin}/style.css?__frsh_c=${await named.promise}`, { redirect: "manual" });
  await versioned.body?.cancel();
  assertEquals([versioned.status, versioned.headers.get("cache-control")], [
    200,
    "no-cache, no-store, max-age=0, must-revalidate",
  ]);
  const closed = Promise.withResolvers<void>();
  socket.onclose = () => closed.resolve();
  socket.close();
  await closed.promise;
});

Deno.test("types: a handler's data reaches the page, and wrong ones are refused", async () => {
  const start =
    `import { createDefine, HttpError, page } from "fresh"; const define = createDefine<{ user: string }>();`;
  const good = `${start}
    export const handler = define.handlers({
      GET: (ctx) => ctx.state.user ? page({ n: 1 }) : ctx.redirect("/"),
      POST: () => new Response(),
    });
    export default define.page<typeof handler>(({ data, state }) => { const n: number = data.n; return \`\${n}\${state.user}\`; });
    export const one = define.handlers((ctx) => Response.json(ctx.state.user.length));
    export const middleware = define.middleware((ctx) => ctx.next());
    export const app = define.page(({ Component, state }) => state.user + Component.name);`;
  const noData = `${start} export const handler = define.handlers({ GET: () => ({ y: 1 }) });`;
  const anyStatus = `${start} declare const status: number; throw new HttpError(status);`;
  await using site = await project({ "good.ts": good, "no_data.ts": noData, "any_status.ts": anyStatus });
  const files = ["good.ts", "no_data.ts", "any_status.ts"].map((name) => `${site.root}/${name}`);
  const args = ["check", "--config", CONFIG, ...files];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
  const places = decoder.decode(stderr).matchAll(/at file:\S*\/(\w+\.ts):/g);
  assertEquals([success, [...new Set(Array.from(places, ([, name]) => name))].sort()], [false, [
    "any_status.ts",
    "no_data.ts",
  ]]);
});
