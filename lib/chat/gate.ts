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

interface Limiters {
  readonly people: RateLimiter;
  /** By address. */
  readonly guests: RateLimiter;
}

/** A server's gate. */
export class Gate {
  readonly #sources: CommandSources;
  readonly #limiters: Limiters | null;
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
    this.#limiters = limits &&
      { people: new RateLimiter(limits), guests: new RateLimiter(limits, GUESTS_PER_ADDRESS) };
    this.#now = now;
  }

  /**
   * Executes a command.
   *
   * @throws {ChatError} `rate_limited`, or what the command refuses itself with.
   */
  execute<Name extends CommandName>(name: Name, caller: Caller, input: InputOf<Name>): Promise<ResultOf<Name>> {
    const command: Command<InputOf<Name>, ResultOf<Name>> = COMMANDS[name];
    try {
      if (this.#limiters) this.#count(this.#limiters, command.limits, caller);
      const result = command.run(this.#sources, caller.actor, input, caller.address);
      // Most commands leave no audit line, so their own promise is the answer: one more would cost each post.
      return command.audit ? this.#audit(name, command.audit, caller, input, result) : Promise.resolve(result);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #audit<Input, Result>(
    name: CommandName,
    audit: NonNullable<Command<Input, Result>["audit"]>,
    { actor }: Caller,
    input: Input,
    running: Result | Promise<Result>,
  ): Promise<Result> {
    const result = await running;
    logger.info("Audit", { command: name, actor: actor?.person.id ?? "", ...audit(input, result) });
    return result;
  }

  #count({ people, guests }: Limiters, kinds: readonly LimitKind[], { actor, address }: Caller): void {
    const now = this.#now(), network = networkOf(address);
    for (const kind of kinds) {
      const isPerAddress = PER_ADDRESS.has(kind);
      people.take(kind, isPerAddress ? network : actor?.person.id ?? network, now);
      if (!isPerAddress && actor?.person.guest) guests.take(kind, network, now);
    }
  }
}
