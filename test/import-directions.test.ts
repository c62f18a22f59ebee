import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "..", "src");

/** Which rooms a room may import from (DESIGN §1, docs/decisions/composition-root.md). Files directly in src/ are the ground: they stand under every room. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  policy: ["transforms", "conditions"],
  subset: ["keys", "batch", "conditions"],
  plan: ["subset", "policy", "transforms", "conditions"],
  discover: ["policy", "plan", "transforms"],
  // Of formats the contract of dumps alone, which are masked on their way.
  pipeline: ["verify", "subset", "plan", "policy", "keys", "batch", "formats"],
  "in-place": ["pipeline", "plan", "policy", "batch"],
  verify: ["plan", "subset", "policy", "keys"],
  report: ["pipeline", "verify"],
  batch: [],
  formats: ["batch"],
  keys: [],
  conditions: [],
  transforms: ["keys", "conditions"],
  connectors: ["formats", "batch", "conditions"],
  testing: ["keys", "transforms", "batch", "pipeline", "plan", "policy"],
  // A door that composes, as the command does.
  bullmq: ["pipeline", "plan", "policy", "keys"],
  cli: ["subset", "bullmq", "in-place", "pipeline", "discover", "verify", "report", "plan", "policy", "keys", "transforms"],
};

/** The front door and the files that put the rooms together. Nothing but the command imports them. */
const COMPOSITION_ROOT = [
  "index.ts",
  "connect.ts",
  "refresh.ts",
  "refresh-databases.ts",
  "refresh-part.ts",
  "check-refresh.ts",
  "explain.ts",
  "mask-in-place.ts",
  "preview.ts",
  "reveal.ts",
  "spread-run.ts",
  "verify-refresh.ts",
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isLazy: boolean;
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name));

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

const imports: Import[] = files.flatMap((file) => {
  const text = withoutComments(readFileSync(file, "utf8"));
  const found = [...text.matchAll(/(?:from|import)\s*(\(?)\s*"([^"]+)"/g)];
  return found.map(([, lazy, to]) => ({
    from: relative(SRC, file),
    to: to!.startsWith(".") ? relative(SRC, resolve(dirname(file), to!)) : to!,
    isLazy: lazy === "(",
  }));
});

const room = (file: string) => (file.includes("/") ? file.slice(0, file.indexOf("/")) : "");
const isOwn = ({ to }: Import) => to.endsWith(".ts");

describe("imports in src", () => {
  it("go one way between the rooms", () => {
    const wrong = imports.filter(isOwn).filter(({ from, to, isLazy }) => {
      if (room(from) === "" || room(to) === room(from)) return false;
      if (room(to) === "") return COMPOSITION_ROOT.includes(to) && !["cli", "bullmq"].includes(room(from));
      // The command may load a connector, but only when it is needed.
      if (room(from) === "cli" && room(to) === "connectors") return !isLazy;
      return !MAY_IMPORT[room(from)]?.includes(room(to));
    });
    expect(wrong).toEqual([]);
  });

  it("never reach into another connector, and reach connectors lazily from the composition root alone", () => {
    const wrong = imports.filter(isOwn).filter(({ from, to, isLazy }) => {
      if (room(to) !== "connectors") return false;
      // What lies directly in connectors/ belongs to all of them.
      if (room(from) === "connectors") return to.split("/").length > 2 && from.split("/")[1] !== to.split("/")[1];
      return !isLazy || !to.endsWith("/index.ts") || !(room(from) === "cli" || from === "connect.ts");
    });
    expect(wrong).toEqual([]);
  });

  it("name a driver in its own connector only", () => {
    const home: Readonly<Record<string, string>> = {
      pg: "connectors/postgres/",
      "pg-copy-streams": "connectors/postgres/",
      mysql2: "connectors/mysql/",
      libsql: "connectors/sqlite/",
      hyparquet: "connectors/parquet/",
      "hyparquet-writer": "connectors/parquet/",
      "hyparquet-compressors": "connectors/parquet/",
    };
    const wrong = imports.filter(({ from, to }) => {
      const driver = to.split("/")[0]!;
      return home[driver] !== undefined && !from.startsWith(home[driver]);
    });
    expect(wrong).toEqual([]);
  });

  it("load drivers, parsers of SQL, faker and the embedded database lazily", () => {
    const lazy =
      /^(pg|pg-copy-streams|mysql2|@faker-js\/faker|@electric-sql\/pglite|@opentelemetry\/api|jiti|yaml|libphonenumber-js|stdnum|libpg-query|libsql|hyparquet|hyparquet-writer|hyparquet-compressors)(\/|$)/;
    const eager = files.flatMap((file) => {
      const text = withoutComments(readFileSync(file, "utf8"));
      return [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^"'();]*?from\s+)?["']([^"']+)["']/gm)]
        .map(([, to]) => `${relative(SRC, file)} ${to}`)
        .filter((line) => lazy.test(line.split(" ")[1]!));
    });
    expect(eager).toEqual([]);
  });

  it("keep every base name unique but for the doors", () => {
    const names = files.map((file) => basename(file)).filter((name) => name !== "index.ts");
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
