import { fromFileUrl } from "./paths.ts";

/** What the runtime says of the modules that some entries lead to, as far as it is needed here. */
interface GraphInfo {
  modules: {
    specifier: string;
    local?: string;
    dependencies?: { specifier: string; code?: { specifier: string } }[];
  }[];
  redirects: Record<string, string>;
  npmPackages?: Record<string, NpmPackage>;
}

/** A package of npm as the runtime resolved it. */
export interface NpmPackage {
  name: string;
  version: string;
  /** The ids of the packages that it depends on. */
  dependencies: string[];
  /** The folder that it lies in. */
  localPath: string;
}

/** Where an import leads: to a file, or to a package and a path in it. */
export type Resolved = { file: string } | { package: NpmPackage; subpath: string };

const NPM = /^npm:\/?((?:@[^/]+\/)?[^@/]+)@([^/]+)(?:\/(.*))?$/;

/**
 * How the runtime itself resolves the imports of a project. So the browser gets the very modules that the server runs, each
 * package once, whatever the import map, the links and the lock file say.
 */
export class ModuleGraph {
  readonly #imports = new Map<string, Map<string, string>>();
  readonly #local = new Map<string, string>();
  readonly #redirects: Record<string, string>;
  readonly #packages: Record<string, NpmPackage>;

  constructor({ modules, redirects, npmPackages = {} }: GraphInfo) {
    this.#redirects = redirects;
    this.#packages = npmPackages;
    for (const { specifier, local, dependencies = [] } of modules) {
      if (local === undefined) continue;
      this.#local.set(specifier, local);
      const targets = dependencies.flatMap((dependency) =>
        dependency.code === undefined ? [] : [[dependency.specifier, dependency.code.specifier] as const]
      );
      this.#imports.set(local, new Map(targets));
    }
  }

  /** Where an import of a project's file leads; undefined if the runtime does not know the import. */
  resolve(importer: string, specifier: string): Resolved | undefined {
    const target = this.#imports.get(importer)?.get(specifier);
    return target === undefined ? undefined : this.#follow(target);
  }

  /** The package that a file belongs to. */
  packageOf(file: string): NpmPackage | undefined {
    return Object.values(this.#packages).find(({ localPath }) => file.startsWith(`${localPath}/`));
  }

  /** Where an import of a bare name in a package leads. */
  resolveInPackage(from: NpmPackage, specifier: string): Resolved | undefined {
    const [, name = "", subpath = ""] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? [];
    const id = from.dependencies.find((candidate) => this.#packages[candidate]?.name === name);
    const found = name === from.name ? from : id === undefined ? undefined : this.#packages[id];
    return found === undefined ? undefined : { package: found, subpath };
  }

  #follow(specifier: string): Resolved | undefined {
    const target = this.#redirects[specifier] ?? specifier;
    const local = this.#local.get(target);
    if (local !== undefined) return { file: local };
    if (target.startsWith("file:")) return { file: fromFileUrl(target) };
    const [, name, version, subpath = ""] = NPM.exec(target) ?? [];
    const found = Object.values(this.#packages).find((one) => one.name === name && one.version === version);
    return found === undefined ? undefined : { package: found, subpath };
  }
}

/**
 * Asks the runtime how it resolves what some modules import; packages that are missing are fetched.
 *
 * @throws {Error} If a module cannot be read or resolved; the message is the runtime's.
 */
export async function readModuleGraph(entries: string[], configPath: string | undefined): Promise<ModuleGraph> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, entries.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const config = configPath === undefined ? [] : ["--config", configPath];
    const command = new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", ...config, entry],
      stderr: "piped",
      env: { NO_COLOR: "1" },
    });
    const { success, stdout, stderr } = await command.output();
    if (!success) throw new Error(`Cannot bundle the islands: ${new TextDecoder().decode(stderr)}`);
    return new ModuleGraph(JSON.parse(new TextDecoder().decode(stdout)));
  } finally {
    await Deno.remove(entry);
  }
}
