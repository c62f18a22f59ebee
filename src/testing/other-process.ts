import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { MaskedValues } from "../contracts.ts";
import type { Circumstances, Sitting } from "./mask-sitting.ts";

/** Another process of Node.js, which has loaded a module with rules. */
export interface OtherProcess {
  /** A rule that the module exports, or that its default export holds, by this name: itself, or a function that makes it. */
  rule(name: string): RuleElsewhere;
  close(): Promise<void>;
}

/** The same rule in another process: for `checkTransform`. */
export interface RuleElsewhere {
  /** What the column becomes there, or why it becomes nothing. */
  mask(task: Omit<ElsewhereTask, "task" | "name">): Promise<MaskedValues | string>;
}

export interface ElsewhereTask {
  readonly task: number;
  readonly name: string;
  readonly sitting: Omit<Sitting, "rule">;
  readonly key: string | Uint8Array | undefined;
  readonly domain: Circumstances["domain"];
}

export interface ElsewhereAnswer {
  readonly task: number;
  readonly values?: MaskedValues;
  readonly why?: string;
}

/** What a mask must not depend on, and a process may have from its machine. */
const ANOTHER_MACHINE = { TZ: "Pacific/Chatham", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" };

/**
 * Starts a process that loads a module, TypeScript or JavaScript, in another time zone and language: what its rules give there, they must give here. Close it
 * when the exams are over.
 *
 * @example
 * const elsewhere = await openOtherProcess(new URL("./masks.ts", import.meta.url));
 * expect(await checkTransform(roundAge(), { elsewhere: elsewhere.rule("roundAge") })).toEqual([]);
 * await elsewhere.close();
 */
export async function openOtherProcess(module: string | URL): Promise<OtherProcess> {
  // Beside this file, whether it was built or not.
  const entry = fileURLToPath(new URL(`./masking-process${extname(import.meta.url)}`, import.meta.url));
  const child = fork(entry, [String(module)], {
    execArgv: ["--import", import.meta.resolve("jiti/register")],
    env: { ...process.env, ...ANOTHER_MACHINE },
    serialization: "advanced",
  });
  const ended = once(child, "exit").then((): string => "the other process ended");
  const started = await Promise.race([once(child, "message").then(() => null), ended]);
  if (started !== null) throw new Error(`The other process could not load ${module}.`);
  const ask = createAsker(child, ended);
  return {
    rule: (name) => ({ mask: (task) => ask({ ...task, name }) }),
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Answers come back in any order: each says which task it is of. */
function createAsker(child: ChildProcess, ended: Promise<string>) {
  const waiting = new Map<number, (answer: MaskedValues | string) => void>();
  let tasks = 0;
  child.on("message", ({ task, values, why = "" }: ElsewhereAnswer) => {
    waiting.get(task)?.(values ?? why);
    waiting.delete(task);
  });
  return (asked: Omit<ElsewhereTask, "task">): Promise<MaskedValues | string> => {
    const task = tasks++;
    const answer = new Promise<MaskedValues | string>((resolve) => waiting.set(task, resolve));
    child.send({ ...asked, task } satisfies ElsewhereTask);
    return Promise.race([answer, ended]);
  };
}
