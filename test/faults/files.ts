import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CANARY } from "./fault-system.ts";

/** Two folders: `in` with a large and a small file, `out` with a former one. */
export interface Files {
  readonly home: string;
  readonly source: string;
  readonly target: string;
  /** What the target's folder holds, by name. */
  content(): Readonly<Record<string, string>>;
}

export const LINES = 20_000;

/** Hands in folders with files, which go afterwards. */
export async function withFiles(use: (files: Files) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "standin-files-"));
  const [source, target] = [join(home, "in"), join(home, "out")];
  try {
    for (const folder of [source, target]) mkdirSync(folder);
    const rows = Array.from({ length: LINES }, (_, row) => `${row + 1},${CANARY} ${row + 1},"${"x".repeat(80)}"`);
    writeFileSync(join(source, "events.csv"), `id,code,note\n${rows.join("\n")}\n`);
    writeFileSync(join(source, "visits.csv"), "id,event\n1,1\n");
    writeFileSync(join(target, "events.csv"), "as it was");
    writeFileSync(
      join(home, "standin.policy.json"),
      JSON.stringify({
        source: "in",
        target: "out",
        tables: { events: { id: "keep", code: { tokenize: {} }, note: "keep" }, visits: { id: "keep", event: "keep" } },
      }),
    );
    const content = () =>
      existsSync(target)
        ? Object.fromEntries(
            readdirSync(target, { withFileTypes: true }).map((entry) => [
              entry.name,
              entry.isFile() ? readFileSync(join(target, entry.name), "utf8") : "(no file)",
            ]),
          )
        : {};
    await use({ home, source, target, content });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
