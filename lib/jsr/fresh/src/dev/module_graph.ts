import { fromFileUrl } from "./paths.ts";

/** The part of the output of `deno info --json` that is used here. */
interface GraphInfo {
  modules: {
    specifier: string;
    local?: string;
    dependencies?: { specifier: string; code?: { specifier: string } }[];
  }[];
  redirects: Record<string, string>;
  npmPackages?: Record<string, NpmPackage>;
}

/** An npm package as Deno resolved it. */
export interface NpmPackage {
  name: string;
  version: string;
  /** The ids of its dependencies. */
  dependencies: string[];
  /** The folder of the package. */
  localPath: string;
}

/** The target of an import: a file, or a package and a path in it. */
export type Resolved = { file: string } | { package: NpmPackage; subpath: string };

const NPM = /^npm:\/?((?:@[^/]+\/)?[^@/]+)@([^/]+)(?:\/(.*))?$/;

/**
 * The module graph of a project as Deno resolves it, including the import map, the links and the lock file. The bundler
 * uses it so that the browser gets the same modules as the server, and each package once.
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

  /** The target of an import in a project file; undefined if the graph does not contain the import. */
  resolve(importer: string, specifier: string): Resolved | undefined {
    const target = this.#imports.get(importer)?.get(specifier);
    return target === undefined ? undefined : this.#follow(target);
  }

  /** The package that contains a file. */
  packageOf(file: string): NpmPackage | undefined {
    return Object.values(this.#packages).find(({ localPath }) => file.startsWith(`${localPath}/`));
  }

  /** The target of an import of a bare name in a package. */
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
 * Reads the module graph of some entry modules. Missing packages are downloaded.
 *
 * @throws {Error} If a module cannot be read or resolved; the message contains the output of Deno.
 */
export async function readModuleGraph(entries: string[], configPath: string): Promise<ModuleGraph> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, entries.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const command = new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", configPath, entry],
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
