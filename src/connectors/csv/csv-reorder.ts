import { ReorderedBatch } from "../../batch/reordered-batch.ts";
import type { Column, RowBatch } from "../../contracts.ts";

/** A batch whose columns stand as asked: usually as the file has them, and then its bytes go on untouched. */
export function inOrder(batch: RowBatch, fileColumns: readonly string[], columns: readonly Column[]): RowBatch {
  const order = columns.map(({ name }) => fileColumns.indexOf(name));
  const isFileOrder = order.length === fileColumns.length && order.every((position, index) => position === index);
  return isFileOrder ? batch : new ReorderedBatch(batch, order);
}
