/**
 * The figures: what each has to be, what was measured, and the table that shows both.
 * @module
 */

/** What a figure is held against: a bound on its value, or on its ratio to the bare room's. */
interface Goal {
  readonly of: "ratio" | "value";
  readonly at: "most" | "least";
  readonly must: number;
  readonly want: number;
}

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly goal?: Goal;
}

/** One run's value of a figure; `bare` is the bare room's of the same minute. */
export interface Sample {
  readonly hubbub: number;
  readonly bare?: number | undefined;
}

const ratio = (at: Goal["at"], must: number, want: number): Goal => ({ of: "ratio", at, must, want });
const value = (at: Goal["at"], must: number, want: number): Goal => ({ of: "value", at, must, want });

const FIGURES = {
  fanout: { name: "fan-out to 200, CPU a delivery", unit: "µs", goal: ratio("most", 1.15, 1.05) },
  fanoutBatch: { name: "the same with `batch`", unit: "µs", goal: ratio("most", 0.15, 0.05) },
  fanoutRate: { name: "fan-out to 200, deliveries", unit: "/s" },
  fanoutBatchRate: { name: "the same with `batch`", unit: "/s" },
  p50: { name: "latency to the last of 200, p50", unit: "ms", goal: ratio("most", 1.6, 1.3) },
  p99: { name: "latency to the last of 200, p99", unit: "ms", goal: ratio("most", 2, 1.5) },
  rooms: { name: "100 rooms of 10, messages", unit: "/s", goal: ratio("least", 0.85, 1.05) },
  roomsCpu: { name: "100 rooms of 10, CPU a message", unit: "µs", goal: ratio("most", 1.3, 1) },
  roomsBatch: { name: "100 rooms of 10 with `batch`, messages", unit: "/s", goal: ratio("least", 1.6, 2.3) },
  roomsBatchCpu: { name: "100 rooms of 10 with `batch`, CPU a message", unit: "µs", goal: ratio("most", 0.7, 0.5) },
  idle: { name: "an idle connection, memory", unit: "KiB", goal: ratio("most", 1.25, 1.1) },
  storm: { name: "1,000 come back at once for 50 messages, CPU each", unit: "µs", goal: value("most", 500, 250) },
  stormTime: { name: "1,000 come back at once, until all are back", unit: "ms" },
  posts: { name: "posts accepted in one room", unit: "/s", goal: value("least", 20_000, 50_000) },
  postsRooms: { name: "posts accepted in 100 rooms", unit: "/s" },
  postsWorkers: { name: "the same with 2 isolates", unit: "/s" },
  shared: {
    name: "posts accepted in one room, 2 processes on `denokv`",
    unit: "/s",
    goal: value("least", 5_000, 20_000),
  },
  sharedRooms: { name: "posts accepted in 100 rooms, 2 processes on `denokv`", unit: "/s" },
  page: { name: "room page with 50 messages, CPU", unit: "ms", goal: value("most", 4, 1.5) },
  history: { name: "history of 50 by REST, CPU", unit: "ms", goal: value("most", 0.6, 0.3) },
  start: { name: "start to first answer", unit: "ms", goal: value("most", 600, 250) },
  memory: { name: "memory after the first answer", unit: "MB", goal: value("most", 110, 80) },
} as const satisfies Record<string, Figure>;

/** What is measured. */
export type FigureName = keyof typeof FIGURES;

/** Collects what runs measure. */
export class Figures {
  readonly #samples = new Map<FigureName, Sample[]>();

  /** Notes one run's value. */
  add(name: FigureName, sample: Sample): void {
    const samples = this.#samples.get(name);
    if (samples) samples.push(sample);
    else this.#samples.set(name, [sample]);
  }

  /** The medians as a Markdown table. */
  table(): string {
    const rows = [["figure", "bare Deno", "Hubbub", "ratio", "must", "want", ""], [
      "---",
      "---:",
      "---:",
      "---:",
      "---:",
      "---:",
      "---",
    ]];
    for (const name of Object.keys(FIGURES) as FigureName[]) {
      const samples = this.#samples.get(name);
      if (samples) rows.push(row(FIGURES[name], samples));
    }
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
    const padded = rows.map((cells, line) =>
      cells.map((cell, column) => cell.padEnd(widths[column]!, line === 1 ? "-" : " "))
    );
    // The colon of a right-aligned column stays at its end.
    padded[1] = padded[1]!.map((cell, column) =>
      rows[1]![column]!.endsWith(":") ? `${cell.replace(":", "-").slice(1)}:` : cell
    );
    return padded.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  }
}

function row({ name, unit, goal }: Figure, samples: readonly Sample[]): string[] {
  const hubbub = median(samples.map((sample) => sample.hubbub));
  const bares = samples.flatMap(({ bare }) => bare === undefined ? [] : [bare]);
  const ratios = samples.flatMap(({ hubbub, bare }) => bare ? [hubbub / bare] : []);
  const bare = bares.length > 0 ? `${shown(median(bares))} ${unit}` : "";
  const times = ratios.length > 0 ? `${shown(median(ratios))} ×` : "";
  const cells = [name, bare, `${shown(hubbub)} ${unit}`, times];
  if (!goal) return [...cells, "", "", ""];
  const bound = (limit: number) =>
    `${goal.at === "most" ? "≤" : "≥"} ${shown(limit)} ${goal.of === "ratio" ? "×" : unit}`;
  const reached = goal.of === "ratio" ? median(ratios) : hubbub;
  const holds = (limit: number) => goal.at === "most" ? reached <= limit : reached >= limit;
  return [
    ...cells,
    bound(goal.must),
    bound(goal.want),
    holds(goal.want) ? "wanted" : holds(goal.must) ? "good" : "missed",
  ];
}

/** The middle one; of two, the higher. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Three digits that count, and thousands apart. */
function shown(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
