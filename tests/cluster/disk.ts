/**
 * A disk that can be made full: a small file system in memory where this user may mount one, and elsewhere a limit on the
 * size of the files of the process that writes there, which then fails with each write.
 * @module
 */

const SIZE = 96 * 1024 * 1024;
const BALLAST = 64 * 1024;
/** No command here takes longer. */
const RUN_MS = 10_000;
/** No file may grow, or be written, past this. */
const SMALL = 4_096;

/** A folder for a store. */
export interface Disk extends AsyncDisposable {
  readonly path: string;
  /** How it is made full; null where that is not possible. */
  readonly means: "a small file system" | "a limit on the size of files" | null;
  /** Every write fails from now on. */
  fill(): Promise<void>;
  /** Writes succeed again. */
  free(): Promise<void>;
}

/** @param writer The process that writes there and ignores SIGXFSZ, or undefined where there is none. */
export async function openDisk(writer?: () => number): Promise<Disk> {
  const path = await Deno.makeTempDir({ prefix: "hubbub-" }), ballast = `${path}/ballast`;
  const isMounted = await run("mount", "-t", "tmpfs", "-o", `size=${SIZE}`, "hubbub-test", path);
  // Some systems ignore the size.
  const isSmall = isMounted && await fillUp(ballast);
  if (isMounted) await Deno.remove(ballast);
  const canLimit = writer !== undefined && await run("prlimit", "--fsize", `--pid=${Deno.pid}`);
  const limit = async (bytes: string) => {
    if (canLimit) await run("prlimit", `--pid=${writer()}`, `--fsize=${bytes}:`);
  };
  return {
    path,
    means: isSmall ? "a small file system" : canLimit ? "a limit on the size of files" : null,
    async fill() {
      if (isSmall) await fillUp(ballast);
      else await limit(String(SMALL));
    },
    async free() {
      if (!isSmall) return await limit("unlimited");
      await Deno.remove(ballast).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      if (isMounted) await run("umount", "-l", path);
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Writes until nothing more fits. Returns whether that happened before more was written than should fit. */
async function fillUp(ballast: string): Promise<boolean> {
  using file = await Deno.open(ballast, { create: true, append: true });
  const block = new Uint8Array(BALLAST);
  try {
    for (let written = 0; written <= SIZE; written += BALLAST) await file.write(block);
    return false;
  } catch {
    return true;
  }
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(RUN_MS);
    return (await new Deno.Command(command, { args, signal, stdin: "null", stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
