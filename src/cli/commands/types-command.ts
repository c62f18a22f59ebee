import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { StandinError } from "../../errors.ts";
import { sourceTypes } from "../../explain.ts";
import { quotedText } from "../../policy/parse/written-name.ts";
import { TYPES_HEAD } from "../../policy/schema-types.ts";
import { type PolicyOptions, readOnePolicy } from "../read-policy.ts";
import { paintFor } from "../show/paint.ts";
import { printJson } from "../show/print-json.ts";

export interface TypesOptions extends PolicyOptions {
  readonly output?: string | undefined;
}

/** `standin types`. Writes beside the policy, which imports it. */
export async function typesCommand(options: TypesOptions, signal: AbortSignal): Promise<void> {
  const { policy, file } = await readOnePolicy(options, "source");
  const target = resolve(options.output ?? join(dirname(file), "standin.types.d.ts"));
  const before = await readFile(target, "utf8").catch(() => "");
  if (before !== "" && !before.startsWith(TYPES_HEAD))
    throw new StandinError(
      "FILE_EXISTS",
      `${relative(process.cwd(), target)} is there already, and was not written by standin types.`,
      {
        hint: "Name another with --output.",
      },
    );
  const text = await sourceTypes(policy, { signal });
  await writeFile(target, text).catch((error: NodeJS.ErrnoException) => {
    throw new StandinError("OPTION_INVALID", `${target} cannot be written (${error.code}).`, { file: target });
  });
  const path = relative(process.cwd(), target);
  if (options.json) return printJson("types", { file: path });
  const fromPolicy = relative(dirname(resolve(file)), target)
    .split(sep)
    .join("/");
  const imported = fromPolicy.startsWith(".") ? fromPolicy : `./${fromPolicy}`;
  const paint = paintFor(process.stdout);
  process.stdout.write(
    `${[
      `${paint("green", "✓")} Wrote ${path}.`,
      `  ${paint("cyan", "→")} In the policy: import type { Schema } from ${quotedText(imported)}; export default definePolicy<Schema>({ … })`,
    ].join("\n")}\n`,
  );
}
