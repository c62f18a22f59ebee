import { isDeepStrictEqual } from "node:util";
import type { Pair, YAMLMap } from "yaml";
import { YAML } from "./policy-language.ts";
import { type ProposedTable, writtenColumns } from "./proposal.ts";
import { columnLines, tableLines } from "./write-policy.ts";

/** What the comment of an added line begins with. */
export const NEW_MARK = "new: ";

/** Decisions that a policy lacks about one table. */
export interface Addition {
  readonly table: ProposedTable;
  /** The key by which the policy names the table already, null where it does not. */
  readonly existing: string | null;
}

export interface ExtendedPolicy {
  readonly text: string;
  /** What has no place to go to (an alias, a map in one line), to be pasted by hand. */
  readonly left: readonly Addition[];
}

/**
 * Adds decisions to a policy in YAML, each as lines of its own: every byte that was there stays. Read again afterwards, the policy must say what it said, and
 * the additions, or nothing is added.
 */
export async function extendYaml(text: string, additions: readonly Addition[]): Promise<ExtendedPolicy> {
  const { isMap, parseDocument } = await import("yaml");
  const asMap = (node: unknown): YAMLMap | null => (isMap(node) ? node : null);
  const edits: { readonly at: number; readonly lines: readonly string[] }[] = [];
  const left: Addition[] = [];
  const document = parseDocument(text, { logLevel: "silent" });
  const tables = asMap(document.get("tables", true));
  for (const addition of additions) {
    const { table } = addition;
    // What an included file says of a table is added to here, under the same name.
    const existing = addition.existing !== null && tables?.has(addition.existing) === true ? addition.existing : null;
    const map = existing === null ? tables : asMap(tables?.get(existing, true));
    const end = map === null ? null : endOfBlock(map, text);
    if (end === null) left.push(addition);
    else {
      const lines =
        existing === null
          ? tableLines(table, YAML).map((line, index) => (index === 0 ? `${line} # ${NEW_MARK.trim()} table` : line))
          : writtenColumns(table).flatMap((column) => columnLines(column, YAML, NEW_MARK));
      edits.push({ at: end.at, lines: lines.map((line) => `${end.indent}${line}`) });
    }
  }
  const extended = insert(text, edits);
  const added = additions.filter((addition) => !left.includes(addition));
  const before = document.toJS({ maxAliasCount: 100 });
  const after = parseDocument(extended, { logLevel: "silent" }).toJS({ maxAliasCount: 100 });
  const isFaithful = isDeepStrictEqual(withoutAdded(after, before, added), before);
  return isFaithful ? { text: extended, left } : { text, left: additions };
}

/** Where a line can be added to a block map, and how far it is indented. Null for a map in one line, and one without entries. */
function endOfBlock(map: YAMLMap, text: string): { readonly at: number; readonly indent: string } | null {
  const [first] = map.items as Pair<RangedNode, RangedNode | null>[];
  const last = map.items.at(-1) as Pair<RangedNode, RangedNode | null> | undefined;
  if (map.flow === true || first === undefined || last === undefined) return null;
  const start = first.key.range![0];
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const end = last.value?.range?.[1] ?? last.key.range![1];
  if (indent.trim() !== "") return null;
  if (text[end - 1] === "\n") return { at: end, indent };
  const lineEnd = text.indexOf("\n", end);
  return { at: lineEnd < 0 ? text.length : lineEnd + 1, indent };
}

interface RangedNode {
  readonly range?: readonly [number, number, number] | null;
}

function insert(text: string, edits: readonly { readonly at: number; readonly lines: readonly string[] }[]): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  let result = text;
  // From the end on, so that places stay where they were; of two at one place (the last table's columns, then a new table) the first stays first.
  for (const { at, lines } of [...edits].reverse().sort((one, other) => other.at - one.at)) {
    const gap = at > 0 && result[at - 1] !== "\n" ? newline : "";
    result = `${result.slice(0, at)}${gap}${lines.map((line) => `${line}${newline}`).join("")}${result.slice(at)}`;
  }
  return result;
}

interface PolicyData {
  readonly tables?: Record<string, Record<string, unknown>>;
}

function withoutAdded(policy: PolicyData, { tables: before = {} }: PolicyData, added: readonly Addition[]): PolicyData {
  for (const { existing, table } of added) {
    const name = existing !== null && Object.hasOwn(before, existing) ? existing : table.name;
    if (!Object.hasOwn(before, name)) delete policy.tables?.[name];
    else for (const { column } of writtenColumns(table)) delete policy.tables?.[name]?.[column.name];
  }
  return policy;
}
