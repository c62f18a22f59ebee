import type { Place } from "../../errors.ts";
import { DATA_CLASSES, type DataClass } from "../class-names.ts";
import { isPattern, parsePattern } from "../pattern.ts";
import { fieldsOf } from "../read/read-fields.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

/** What a policy says of a column that holds nothing of a person, whatever its name says. */
export const NO_CLASS = "none";

/** Reads `classes`: what columns hold where their names do not say it, or say it wrongly. */
export function parseClasses(
  node: PolicyNode | undefined,
  report: Report,
): ReadonlyMap<string, Placed<DataClass | typeof NO_CLASS>> {
  const classes = new Map<string, Placed<DataClass | typeof NO_CLASS>>();
  for (const { name, place, node: value } of fieldsOf(node, "`classes` holds the class of a column, by table.column.", report)) {
    checkName(name, place, report);
    if (isClass(value.value)) classes.set(name, { value: value.value, place });
    else {
      const hint =
        typeof value.value === "string"
          ? nearestHint(value.value, [...DATA_CLASSES, NO_CLASS])
          : "Write email, phone, … or none.";
      report(`classes → ${name}: that is no class of data.`, value.place, hint);
    }
  }
  return classes;
}

function checkName(name: string, place: Place, report: Report): void {
  const isWrong = isPattern(name) ? parsePattern(name) === null : !name.includes(".");
  if (isWrong) report(`classes → ${name} names no column.`, place, "Write users.nick, or a pattern: *.nick, /_ip$/.");
}

function isClass(value: unknown): value is DataClass | typeof NO_CLASS {
  return value === NO_CLASS || (DATA_CLASSES as readonly unknown[]).includes(value);
}
