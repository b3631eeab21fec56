/**
 * How far a run of the tests is, in one line.
 * @module
 */

/** Counts the files that are over and what passed and failed in them. */
export class Progress {
  passed = 0;
  failed = 0;
  readonly #files: number;
  readonly #begun = performance.now();
  /** The files that run, each with the name of its test. */
  readonly #running = new Map<string, string>();
  #done = 0;

  /** @param files How many there are to run. */
  constructor(files: number) {
    this.#files = files;
  }

  /** Such as "1:05 12 of 104 files, 340 passed, 0 failed: tests/store/log_test.ts (posts are dense)". */
  get line(): string {
    const seconds = Math.floor((performance.now() - this.#begun) / 1_000);
    const elapsed = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const running = [...this.#running].map(([file, test]) => test ? `${file} (${test})` : file).join(", ");
    return `${elapsed} ${this.#done} of ${this.#files} files, ${this.passed} passed, ${this.failed} failed: ${running}`;
  }

  /** A file begins. */
  begin(file: string): void {
    this.#running.set(file, "");
  }

  /** A file has printed something: a line that is not over yet names the test that runs. */
  printed(file: string, text: string): void {
    const [, test] = /(?:^|\n)(.*) \.\.\. *$/.exec(text) ?? [];
    if (test !== undefined) this.#running.set(file, test);
    else if (text.includes("\n")) this.#running.set(file, "");
  }

  /** A file is over. */
  end(file: string, passed: number, failed: number): void {
    this.#running.delete(file);
    this.#done++;
    this.passed += passed;
    this.failed += failed;
  }
}
