import type { Column, TableRef } from "../../../contracts.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { selectStatement } from "../postgres-sql.ts";

/** A node of a plan, as much as says what is read in which order. */
interface PlanNode {
  readonly "Node Type": string;
  readonly Schema?: string;
  readonly "Relation Name"?: string;
  readonly "Parallel Aware"?: boolean;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * The leaves of a partitioned table in the order in which the server reads them, by its own word: it depends on bounds, on hashes, and on the server's version.
 * Null where it reads them in another way than one whole leaf after the other (a foreign table among them).
 */
export async function leavesInOrder(
  client: PostgresClient,
  root: TableRef,
  columns: readonly Column[],
): Promise<readonly TableRef[] | null> {
  const [[plans]] = (await client.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${selectStatement(root, columns, true)}`)) as [[string]];
  const [{ Plan }] = JSON.parse(plans) as [{ Plan: PlanNode }];
  return leavesOf(Plan);
}

function leavesOf(node: PlanNode): readonly TableRef[] | null {
  if (node["Parallel Aware"] === true || node.Filter !== undefined) return null;
  const { Schema: schema, "Relation Name": name, Plans: children = [] } = node;
  if (node["Node Type"] === "Seq Scan" && schema !== undefined && name !== undefined) return [{ schema, name }];
  if (node["Node Type"] !== "Append") return null;
  const leaves = children.map(leavesOf);
  return leaves.every((some) => some !== null) ? leaves.flat() : null;
}
