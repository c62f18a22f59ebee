import { connectSource } from "../../src/connect.ts";
import { refresh } from "../../src/refresh.ts";
import { TEST_KEY } from "../test-key.ts";
import { keepEverything } from "./automatic-policy.ts";

/** Copies a database by a policy that keeps every column, and tells how many minutes this process lives behind UTC in July. */
export async function copyEverything(sourceUrl: string, target: string): Promise<{ rows: number; offset: number }> {
  const source = await connectSource(sourceUrl);
  await source.open(new AbortController().signal);
  const tables = keepEverything(await source.schema());
  await source.close();
  const { rows } = await refresh({ source: sourceUrl, target, tables }, { key: TEST_KEY });
  return { rows, offset: new Date(2024, 6, 1).getTimezoneOffset() };
}
