import { isStandinError } from "../errors.ts";
import { Hanging, inTime } from "./in-time.ts";

/** The sentences of an exam on a connector, gathered part by part: a part that breaks down says so, and the next one begins. */
export class BrokenPromises {
  readonly sentences: string[] = [];
  readonly #subject: string;
  readonly #patience: number;

  constructor(subject: string, patience: number) {
    this.#subject = subject;
    this.#patience = patience;
  }

  say(sentence: string): void {
    const whole = `${this.#subject}: ${sentence}.`;
    if (!this.sentences.includes(whole)) this.sentences.push(whole);
  }

  expect(holds: boolean, sentence: string): void {
    if (!holds) this.say(sentence);
  }

  /** Does one part of the exam. What it throws becomes a sentence with the error's code or name: its text may quote a cell. */
  async during(what: string, part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.say(error instanceof Hanging ? error.message : `${what} throws ${nameOf(error)}`);
    }
  }

  /** Waits for an answer as long as the exam has patience. */
  inTime<Result>(what: string, answer: Promise<Result>): Promise<Result> {
    return inTime(answer, this.#patience, what);
  }

  /** Whether an answer comes as an error. */
  async isRefused(what: string, answer: Promise<unknown>): Promise<boolean> {
    try {
      await this.inTime(what, answer);
      return false;
    } catch (error) {
      if (error instanceof Hanging) throw error;
      return true;
    }
  }
}

export function nameOf(error: unknown): string {
  if (isStandinError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
