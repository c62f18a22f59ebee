import type { Transform } from "../src/contracts.ts";
import { needsKey } from "../src/inner-rules.ts";
import { transformByName, transformNames } from "../src/transforms/registry.ts";
import { plainGuarantees, plainRule, summary, table, uniquenessText } from "./transform-facts.ts";

/** The README's table of transforms, read off their specs. What else they say is in docs/masks.md. */
export function transformsTable(): string {
  const rows = transformNames().map((name) => row(transformByName(name)!));
  return table(["transform", "what it does", "unique values", "with the key"], rows);
}

function row(transform: Transform): readonly string[] {
  const { uniqueness, reversible, deterministic } = plainGuarantees(transform);
  const isKeyed = needsKey(plainRule(transform));
  const key = !isKeyed ? "no key" : reversible ? "can be undone" : deterministic ? "can be repeated" : "no promise";
  const name = `[\`${transform.name}\`](docs/masks.md#${transform.name.toLowerCase()})`;
  return [name, summary(transform.name), uniquenessText(uniqueness), key];
}
