import type { Rule } from "../contracts.ts";
import { isRule } from "../inner-rules.ts";
import { examKey } from "./exam-key.ts";
import { sit } from "./mask-sitting.ts";
import type { ElsewhereAnswer, ElsewhereTask } from "./other-process.ts";

// The other process of an exam: loads the module that it is started with, and masks by its rules what it is sent.

const [, , address = ""] = process.argv;
const module: Readonly<Record<string, unknown>> = await import(address);

process.on("message", async (task: ElsewhereTask) => {
  process.send!({ task: task.task, ...(await answer(task)) } satisfies ElsewhereAnswer);
});
process.send!("ready");

async function answer({ name, sitting, key, domain }: ElsewhereTask): Promise<Pick<ElsewhereAnswer, "values" | "why">> {
  let rule: Rule | null;
  try {
    rule = ruleNamed(name);
  } catch {
    return { why: `failed to make the rule ${name} in the other process` };
  }
  if (rule === null) return { why: `finds no rule ${name} in the other process` };
  const circumstances = { key: examKey(key, "first"), domain, batchRows: Math.max(sitting.values.length, 1) };
  const outcome = await sit({ ...sitting, rule }, circumstances);
  return outcome.kind === "masked" ? { values: outcome.values } : { why: `${outcome.why} in another process` };
}

function ruleNamed(name: string): Rule | null {
  const { default: main } = module;
  const held = typeof main === "object" && main !== null ? new Map(Object.entries(main)) : new Map<string, unknown>();
  const found = module[name] ?? held.get(name);
  const rule: unknown = typeof found === "function" ? found() : found;
  return isRule(rule) ? rule : null;
}
