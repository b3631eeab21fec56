import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "npm:yaml@^2.9";
import { z } from "zod";
import { readConfig } from "@/lib/config.ts";
import { startServer } from "@/tests/process.ts";

const root = new URL("..", import.meta.url).pathname;
const read = (name: string) => Deno.readTextFile(root + name);

const instance = z.object({
  build: z.literal("."),
  environment: z.record(z.string(), z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }),
});
const compose = z.object({
  services: z.strictObject({
    one: instance,
    two: instance,
    store: z.object({ image: z.string(), command: z.array(z.string()), volumes: z.array(z.string()) }),
    proxy: z.object({
      image: z.string(),
      ports: z.array(z.string()),
      depends_on: z.record(z.string(), z.object({ condition: z.literal("service_healthy") })),
      configs: z.array(z.object({ source: z.literal("caddyfile"), target: z.string() })),
    }),
  }),
  configs: z.object({ caddyfile: z.object({ content: z.string() }) }),
  networks: z.object({ default: z.object({ ipam: z.object({ config: z.array(z.object({ subnet: z.cidrv4() })) }) }) }),
  volumes: z.record(z.string(), z.null()),
});
const { services, configs, networks } = compose.parse(parse(await read("compose.yaml"), { merge: true }));

/** The environment as compose gives it, where nothing but the two secrets is set. */
function environment({ environment }: z.infer<typeof instance>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)(?::[-?][^}]*)?\}/g, (_, variable) => /TOKEN/.test(variable) ? "t".repeat(32) : ""),
    ]),
  );
}

Deno.test("both instances have the same settings, and the program takes all of them", async () => {
  assertEquals(services.one, services.two);
  const given = environment(services.one), config = readConfig(given);
  assertEquals(config.store, "http://store:4512");
  assertEquals(config.metricsToken, "t".repeat(32));
  const [settings, readme] = await Promise.all([read("lib/config.ts"), read("README.md")]);
  for (const name of Object.keys(given)) {
    // The runtime itself reads this one.
    if (name !== "DENO_KV_ACCESS_TOKEN") assertMatch(settings, new RegExp(`^  ${name}:`, "m"));
    assert(readme.includes(`\`${name}\``), `the README says what ${name} is`);
  }
});

Deno.test("the proxy asks every instance whether it is ready, and is believed about where people come from", async () => {
  const { content } = configs.caddyfile;
  const port = /PORT=(\d+)/.exec(await read("Dockerfile"))![1]!;
  assert(content.includes(`reverse_proxy one:${port} two:${port} {`), content);
  assert(content.includes("health_uri /health/ready"), content);
  assertEquals(Object.keys(services.proxy.depends_on), ["one", "two"]);
  const subnets = networks.default.ipam.config.map(({ subnet }) => subnet);
  assertEquals(readConfig(environment(services.one)).trustedProxies, subnets);
});

Deno.test("the store is where the instances look for it, behind the token that they give", () => {
  const { command, volumes } = services.store;
  assertEquals(command.slice(-2), ["--access-token", "${DENO_KV_ACCESS_TOKEN:?}"]);
  assert(command[command.indexOf("--sqlite-path") + 1]!.startsWith(volumes[0]!.split(":")[1]!));
});

Deno.test("only the proxy can be reached from outside", async () => {
  const { services } = z.object({ services: z.record(z.string(), z.object({ ports: z.unknown() }).partial()) })
    .parse(parse(await read("compose.yaml"), { merge: true }));
  const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
  assertEquals(open, ["proxy"]);
});

Deno.test("the image runs without root, and checks its readiness", async () => {
  const dockerfile = await read("Dockerfile");
  assertMatch(dockerfile, /^USER hubbub$/m);
  assertMatch(dockerfile, /^HEALTHCHECK .*CMD \["hubbub", "ready"\]$/m);
  assertEquals(services.one.healthcheck.test, ["CMD", "hubbub", "ready"]);
});

Deno.test("asked whether it is ready the program says so by its exit code", async () => {
  const dataDir = await Deno.makeTempDir();
  await using running = await startServer(dataDir, { HOST: "0.0.0.0" });
  const ready = async (env: Record<string, string>) => {
    const args = ["run", "-A", `${root}main.ts`, "ready"];
    return (await new Deno.Command(Deno.execPath(), { args, env, cwd: dataDir }).output()).code;
  };
  const { port } = new URL(running.url);
  assertEquals(await ready({ PORT: port, HOST: "0.0.0.0" }), 0);
  running.kill("SIGKILL");
  await running.ended;
  assertEquals(await ready({ PORT: port, HOST: "0.0.0.0" }), 1);
  await Deno.remove(dataDir, { recursive: true });
});
