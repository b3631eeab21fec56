import { assert, assertEquals } from "@std/assert";
import { furnish, type Holder, register } from "@/tests/http/example_data.ts";
import { testWith } from "@/tests/needs.ts";
import { startServer } from "@/tests/process.ts";

/** With one version and one seed a run is the same every time, but for what a server makes up itself, such as ids. */
const PACKAGE = "schemathesis==4.32.5";
const SEED = "1";
/** For each operation and phase; with this many the run takes about a minute. */
const EXAMPLES = "12";

/** Operations whose rules a schema cannot say in full: they may refuse with 422 what fits their schema. */
const STRICTER = {
  "PUT /api/chat/messages/{id}/reactions/{emoji}": "what is one emoji",
  "DELETE /api/chat/messages/{id}/reactions/{emoji}": "what is one emoji",
  "GET /api/chat/rooms/{room}/messages": "one of before, after and around",
  "GET /api/chats/{chat}/messages": "one of before, after and around",
  "POST /api/chat/rooms": "members that exist",
  "POST /api/chats/": "participants that exist",
  "PUT /api/chat/rooms/{room}/read": "no further than was said",
  "PUT /api/chat/rooms/{room}/members/{account}": "a room keeps an owner",
  "DELETE /api/chat/rooms/{room}/members/{account}": "a room keeps an owner",
  "PUT /api/chat/me/avatar": "bytes that are a picture",
  "POST /api/auth/register": "passwords that are not common",
  "POST /users/": "passwords that are not common",
  "POST /api/chat/me/password": "passwords that are not common",
};
/** Operations that would end the session of everything else; somebody else asks them. */
const FINAL = ["DELETE /api/chat/me", "POST /api/chat/me/password", "POST /api/auth/logout"];
const ACCEPTED = '["2xx", "401", "403", "404", "409", "422"]';

function settings(spare: Holder): string {
  const stricter = Object.entries(STRICTER).map(([name, rule]) =>
    `# ${rule}\n[[operations]]\ninclude-name = "${name}"\nchecks.positive_data_acceptance.expected-statuses = ${ACCEPTED}\n` +
    (FINAL.includes(name) ? headers(spare) : "")
  );
  const final = FINAL.filter((name) => !(name in STRICTER)).map((name) =>
    `[[operations]]\ninclude-name = "${name}"\n${headers(spare)}`
  );
  return ["[phases.stateful]\ngeneration.max-examples = 60\n", ...stricter, ...final].join("\n");
}

function headers({ token }: Holder): string {
  return `headers = { Authorization = "Bearer ${token}" }\n`;
}

/** The tool, installed where it stays for the next time. */
async function tool(): Promise<string> {
  const folder = `${Deno.env.get("TMPDIR") ?? "/tmp"}/hubbub-${PACKAGE.replace("==", "-")}`;
  const path = `${folder}/bin/schemathesis`;
  const isThere = await run(path, ["--version"]).then(({ success }) => success, () => false);
  if (isThere) return path;
  for (
    const [command, args] of [
      ["python3", ["-m", "venv", "--clear", folder]],
      [`${folder}/bin/pip`, ["install", "--quiet", PACKAGE]],
    ] as const
  ) {
    const { success, output } = await run(command, args);
    assert(success, `Cannot install ${PACKAGE}; it takes python3 with venv, and PyPI: ${output}`);
  }
  return path;
}

async function run(command: string, args: readonly string[], cwd?: string) {
  const env = { NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], env, cwd }).output();
  return { success, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

testWith(
  "python3",
  "a tool that makes up thousands of requests from the description finds nothing wrong with the answers",
  async () => {
    const schemathesis = await tool(), folder = await Deno.makeTempDir();
    {
      await using server = await startServer(`${folder}/data`, { ADMIN_USERS: "Alice" });
      const alice = await register(server.url, "Alice"), bob = await register(server.url, "Bob");
      const real = await furnish(server.url, alice, bob);
      const api = real(await (await fetch(`${server.url}/openapi.json`)).text());
      await Deno.writeTextFile(`${folder}/openapi.json`, api);
      await Deno.writeTextFile(`${folder}/schemathesis.toml`, settings(await register(server.url, "Spare")));
      const { success, output } = await run(schemathesis, [
        ...["--config-file", "schemathesis.toml", "run", "openapi.json", "--url", server.url],
        ...["--checks", "all", "--seed", SEED, "--max-examples", EXAMPLES, "--workers", "1", "--warnings", "off"],
        ...[
          "--continue-on-failure",
          "--generation-database",
          "none",
          "--header",
          `Authorization: Bearer ${alice.token}`,
        ],
      ], folder);
      assert(success, output + server.printed.join(""));
      const operations = Object.values<object>(JSON.parse(api).paths).flatMap((path) => Object.keys(path)).length;
      assertEquals(/Tested: +(\d+)/.exec(output)?.[1], String(operations), output);
    }
    await Deno.remove(folder, { recursive: true });
  },
);
