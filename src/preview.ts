import { connectSource } from "./connect.ts";
import { type KeyProvider, resolveMaskingKey } from "./keys/masking-key.ts";
import { type Preview, previewRows } from "./pipeline/preview-rows.ts";
import { parseOne } from "./policy/databases-of.ts";
import type { Policy } from "./policy/define-policy.ts";
import { classesFor } from "./refresh.ts";

/** What `preview` goes by. */
export interface PreviewOptions {
  /** Rows to show. @default 10 */
  readonly rows?: number | undefined;
  /** @default the environment variable that the policy's `keyVariable` names, else STANDIN_KEY */
  readonly key?: KeyProvider | undefined;
  /** Which of the policy's environments to take. @default what the policy says outside of them */
  readonly environment?: string | undefined;
  /** Which of the policy's databases, where it has several. */
  readonly database?: string | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Masks the first rows of one table and gives both sides. Writes nothing, and does not even open the target.
 *
 * The originals are production data: whoever calls this answers for where they go.
 *
 * @example
 * const { columns, masked } = await preview(policy, "customers", { rows: 5 });
 */
export async function preview(policy: Policy, table: string, options: PreviewOptions = {}): Promise<Preview> {
  const { rows = 10, key, environment, database, signal = new AbortController().signal } = options;
  const checked = parseOne(policy, { environment, database });
  const masking = await resolveMaskingKey(key, process.env, checked.keyVariable);
  const source = await connectSource(checked.source, checked.sourceLimits);
  return previewRows(source, checked, { table, rows, key: masking, signal, classes: await classesFor(checked) });
}
