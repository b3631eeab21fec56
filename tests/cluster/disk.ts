/**
 * A disk that can be full: a small file system in memory where this user may mount one, and elsewhere a limit on the size
 * of the store's files, which its process meets as an error of each write.
 * @module
 */

const SIZE = "96m";
const BALLAST = 64 * 1024;
/** No file may grow, or be written, past this. */
const SMALL = 4_096;

/** A folder for a store. */
export interface Disk extends AsyncDisposable {
  readonly path: string;
  /** How it is made full; null where that cannot be done. */
  readonly means: "a small file system" | "a limit on the size of files" | null;
  /** From now on nothing more fits. */
  fill(): Promise<void>;
  /** There is room again. */
  free(): Promise<void>;
}

/** Makes one. @param writer The process that writes there and heeds a limit, or undefined where there is none. */
export async function openDisk(writer?: () => number): Promise<Disk> {
  const path = await Deno.makeTempDir({ prefix: "hubbub-" }), ballast = `${path}/ballast`;
  const isMounted = await run("mount", "-t", "tmpfs", "-o", `size=${SIZE}`, "hubbub-test", path);
  const limit = async (bytes: string) => {
    if (writer) await run("prlimit", `--pid=${writer()}`, `--fsize=${bytes}:`);
  };
  return {
    path,
    means: isMounted ? "a small file system" : writer ? "a limit on the size of files" : null,
    async fill() {
      if (!isMounted) return await limit(String(SMALL));
      using file = await Deno.open(ballast, { create: true, append: true });
      const block = new Uint8Array(BALLAST);
      try {
        while (true) await file.write(block);
      } catch {
        // It is full.
      }
    },
    async free() {
      if (!isMounted) return await limit("unlimited");
      await Deno.remove(ballast).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      if (isMounted) await run("umount", "-l", path);
      await Deno.remove(path, { recursive: true });
    },
  };
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}
