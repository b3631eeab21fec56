/**
 * What a process has cost so far, from `/proc`.
 * @module
 */

/** The kernel counts CPU time in hundredths of a second. */
const TICK_US = 10_000;

/** User and system time of a process since its start, in microseconds. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold spaces; user time is the 12th field after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Resident memory of a process, in megabytes. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024 / 1e6;
}

/** How many files this process and its children may have open. */
export async function filesAllowed(): Promise<number> {
  const limits = await Deno.readTextFile("/proc/self/limits");
  const [, allowed] = /Max open files\s+(\S+)/.exec(limits) ?? [];
  return allowed === "unlimited" ? Infinity : Number(allowed);
}
