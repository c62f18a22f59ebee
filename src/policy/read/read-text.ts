import { readFile } from "node:fs/promises";
import { StandinError } from "../../errors.ts";

/** Reads a file of text, without a byte order mark. Null where it cannot be read; throws POLICY_INVALID where it is not UTF-8. */
export async function readText(file: string): Promise<string | null> {
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // A name with a replaced letter would be the name of no column, or of another.
    throw new StandinError("POLICY_INVALID", `${file} is not a text in UTF-8.`, { file, hint: "Save it in UTF-8." });
  }
}
