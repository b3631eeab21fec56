/**
 * The gate: everything that changes something goes through {@link Gate.execute}, whatever its way in (REST, forms, frames
 * of any protocol). It counts the command against the rate limits, runs it, and writes the audit line.
 * @module
 */
import {
  type Caller,
  type Command,
  type CommandName,
  COMMANDS,
  type CommandSources,
  type InputOf,
  type ResultOf,
} from "@/lib/chat/commands.ts";
import { type LimitKind, networkOf, PER_ADDRESS, type Rate, RateLimiter } from "@/lib/chat/rate_limiter.ts";
import { logger } from "@/lib/logger.ts";

/** Guest tokens are free, so the guests of one address share this many times what one person may do. */
const GUESTS_PER_ADDRESS = 10;

/** A server's gate. */
export class Gate {
  readonly #sources: CommandSources;
  readonly #people: RateLimiter | null;
  readonly #guests: RateLimiter | null;
  readonly #now: () => number;

  /**
   * @param limits Null where nothing is limited.
   * @param now Milliseconds by a steady clock.
   */
  constructor(
    sources: CommandSources,
    limits: Readonly<Record<LimitKind, Rate>> | null,
    now: () => number = () => performance.now(),
  ) {
    this.#sources = sources;
    this.#people = limits && new RateLimiter(limits);
    this.#guests = limits && new RateLimiter(limits, GUESTS_PER_ADDRESS);
    this.#now = now;
  }

  /**
   * Executes a command.
   *
   * @throws {ChatError} `rate_limited`, or what the command refuses itself with.
   */
  async execute<Name extends CommandName>(
    name: Name,
    caller: Caller,
    input: InputOf<Name>,
  ): Promise<ResultOf<Name>> {
    const command: Command<InputOf<Name>, ResultOf<Name>> = COMMANDS[name];
    if (this.#people) this.#count(command.limits, caller);
    const result = await command.run(this.#sources, caller.actor, input, caller.address);
    if (command.audit) {
      logger.info("Audit", { command: name, actor: caller.actor?.person.id ?? "", ...command.audit(input, result) });
    }
    return result;
  }

  #count(kinds: readonly LimitKind[], { actor, address }: Caller): void {
    const now = this.#now(), network = networkOf(address);
    for (const kind of kinds) {
      const isPerAddress = PER_ADDRESS.has(kind);
      this.#people?.take(kind, isPerAddress ? network : actor?.person.id ?? network, now);
      if (!isPerAddress && actor?.person.guest) this.#guests?.take(kind, network, now);
    }
  }
}
