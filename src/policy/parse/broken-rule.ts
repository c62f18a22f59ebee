import type { Transform } from "../../contracts.ts";

/**
 * What the functions of a policy in code give, when the command runs it, in the place of a rule that cannot be made: the reader tells of it where it stands,
 * with all other mistakes, instead of an error that ends the reading at the first. It has nothing of a rule, so nobody can take it for one.
 */
export class BrokenRule {
  /** The transform, or the name that no function of standin has. */
  readonly called: Transform | string;
  /** What it was called with, by option. */
  readonly input: Readonly<Record<string, unknown>>;

  constructor(called: Transform | string, input: Readonly<Record<string, unknown>> = {}) {
    this.called = called;
    this.input = input;
  }
}
