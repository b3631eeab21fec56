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
import { type Fields, logger } from "@/lib/logger.ts";

/** Guest tokens are free, so the guests of one address share this many times what one person may do. */
const GUESTS_PER_ADDRESS = 10;

interface Limiters {
  readonly people: RateLimiter;
  /** By address. */
  readonly guests: RateLimiter;
}

/** A server's gate. */
export class Gate {
  readonly #limiters: Limiters | null;

  /**
   * @param limits Null where nothing is limited.
   * @param now Milliseconds by a steady clock.
   */
  constructor(
    private readonly sources: CommandSources,
    limits: Readonly<Record<LimitKind, Rate>> | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#limiters = limits &&
      { people: new RateLimiter(limits), guests: new RateLimiter(limits, GUESTS_PER_ADDRESS) };
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
      const result = Promise.resolve(command.run(this.sources, caller.actor, input, caller.address)),
        { audit } = command;
      // Most commands leave no audit line: one promise more would cost each post.
      return audit ? this.#audited(name, caller, result, (result) => audit(input, result)) : result;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #audited<R>(
    command: CommandName,
    { actor }: Caller,
    running: Promise<R>,
    audit: (result: R) => Fields,
  ): Promise<R> {
    const result = await running;
    logger.info("Audit", { command, actor: actor?.person.id ?? "", ...audit(result) });
    return result;
  }

  #count({ people, guests }: Limiters, kinds: readonly LimitKind[], { actor, address }: Caller): void {
    const now = this.now(), network = networkOf(address);
    for (const kind of kinds) {
      const isPerAddress = PER_ADDRESS.has(kind);
      people.take(kind, isPerAddress ? network : actor?.person.id ?? network, now);
      if (!isPerAddress && actor?.person.guest) guests.take(kind, network, now);
    }
  }
}
