import type { ObjectBatch } from "../batch/object-batch.ts";
import { cellOf, objectTable, shapedTable, shapeOf, type ValueShape } from "../batch/object-table.ts";
import type { ColumnValues, MaskColumn, MaskedValues, RowBatch } from "../contracts.ts";
import { compilePlan, refuseBrokenPlan } from "../plan/compile-plan.ts";
import type { Policy, TablePolicy } from "../policy/define-policy.ts";
import { WindowBatch } from "./masking/gather-windows.ts";
import { inOrderOfReading } from "./masking/mask-order.ts";
import { type KeyDeriver, type PreparedColumn, type PreparedTable, prepareTable } from "./masking/prepare-table.ts";

/**
 * Prepares the masks of objects, which have no schema: every value is masked as what it is itself. So neither the order of rows nor the size of
 * batches, whose first row may hold null, decides about the mapping. What cannot mask a value is refused when the first such value comes.
 */
export function prepareObjects(
  policy: Policy,
  table: string,
  names: readonly string[],
  key: KeyDeriver | null,
  signal?: AbortSignal,
): PreparedTable {
  const rules = policy.tables[table] as TablePolicy;
  const readBy = (name: string) => rules[name]!.transform.readsMasked?.(rules[name]!.options) ?? [];
  const columns = inOrderOfReading(names, readBy).flatMap((name): PreparedColumn[] => {
    const rule = rules[name]!;
    if (rule.transform.technique === "none") return [];
    return [{ index: names.indexOf(name), name, rule, mask: maskByShape(name, rule.transform.seesNull, prepareShape) }];
  });

  async function prepareShape(name: string, shape: ValueShape): Promise<MaskColumn> {
    const schema = { system: "memory", tables: [shapedTable(table, names, () => shape)] } as const;
    const plan = compilePlan(policy, schema, { system: "memory", tables: [] });
    // Only this column is known to hold such values.
    refuseBrokenPlan({ ...plan, findings: plan.findings.filter(({ column }) => column === undefined || column === name) });
    const prepared = await prepareTable(plan.tables[0]!, key, { only: [name], signal });
    return prepared.columns.find((column) => column.name === name)!.mask;
  }

  return {
    table: objectTable(table, names, []),
    name: table,
    columns,
    windowRows: Math.max(1, ...columns.map(({ rule }) => rule.transform.windowRows(rule.options))),
  };
}

function maskByShape(
  name: string,
  seesNull: boolean,
  prepare: (name: string, shape: ValueShape) => Promise<MaskColumn>,
): MaskColumn {
  const masks = new Map<ValueShape, Promise<MaskColumn>>();
  const maskOf = (shape: ValueShape) => {
    const mask = masks.get(shape) ?? prepare(name, shape);
    masks.set(shape, mask);
    return mask;
  };
  return async (values, batch) => {
    const shapes = shapesOf(batch, name);
    const found = [...new Set(shapes)].filter((shape) => shape !== null);
    const [first] = found;
    if (first === undefined) return values;
    // What moves values between rows must see all of them, and does not look into them.
    if (found.length === 1 || seesNull) return (await maskOf(first))(values, batch);
    const masked: (string | null | undefined)[] = new Array(values.length).fill(null);
    for (const shape of found) {
      const own: ColumnValues = values.map((value, row) => (shapes[row] === shape ? value : null));
      const part: MaskedValues = await (await maskOf(shape))(own, batch);
      for (let row = 0; row < masked.length; row++) if (shapes[row] === shape) masked[row] = part[row];
    }
    return masked;
  };
}

function shapesOf(batch: RowBatch, name: string): (ValueShape | null)[] {
  const parts = batch instanceof WindowBatch ? batch.batches : [batch];
  return parts.flatMap((part) => (part as ObjectBatch).rows.map((row) => shapeOf(cellOf(row, name))));
}
