import type { Transform } from "../src/contracts.ts";
import { needsKey } from "../src/inner-rules.ts";
import { transformByName, transformNames } from "../src/transforms/registry.ts";
import { plainGuarantees, plainRule, summary, tableRow, uniquenessText } from "./transform-facts.ts";

/** The README's table of transforms, read off their specs. What else they say is in docs/masks.md. */
export function transformsTable(): string {
  const rows = transformNames().map((name) => row(transformByName(name)!));
  return ["| transform | what it does | unique values | with the key |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function row(transform: Transform): string {
  const { uniqueness, reversible, deterministic } = plainGuarantees(transform);
  const isKeyed = needsKey(plainRule(transform));
  const key = !isKeyed ? "no key" : reversible ? "can be undone" : deterministic ? "can be repeated" : "no promise";
  const name = `[\`${transform.name}\`](docs/masks.md#${transform.name.toLowerCase()})`;
  return tableRow([name, summary(transform.name), uniquenessText(uniqueness), key]);
}
