import { assert } from "@std/assert";
import { dial } from "@/tests/client.ts";
import { Instance, temporaryFolder } from "@/tests/cluster/cluster.ts";
import { eventually } from "@/tests/limits.ts";

const HOUR_MS = 3_600_000;
/** Enough for each isolate to take some. */
const SOCKETS = 30;

Deno.test("the clock of a test is set in each isolate of the program", async () => {
  await using folder = await temporaryFolder();
  const instance = new Instance({ env: { DATA_DIR: folder.path, WORKERS: "2" } });
  await using _ended = { [Symbol.asyncDispose]: async () => void await instance.kill() };
  await instance.start();
  for (const [signal, ahead] of [["SIGUSR2", 1], ["SIGWINCH", 0], ["SIGWINCH", -1]] as const) {
    instance.signal(signal);
    await eventually(`every isolate to be ${ahead} hours ahead`, async () => {
      for (let count = 0; count < SOCKETS; count++) {
        const hours = (await timeAt(instance.url) - Date.now()) / HOUR_MS;
        assert(Math.abs(hours - ahead) < 0.1, `one is ${hours.toFixed(1)} hours ahead`);
      }
    }, 10_000);
  }
});

/** The time in the isolate that takes the next socket. */
async function timeAt(url: string): Promise<number> {
  const socket = dial(`${url.replace("http", "ws")}/ws`), { server_time } = await socket.next();
  socket.close();
  await socket.closed;
  return Number(server_time);
}
