import { defineConfig } from "tsup";

/** What is imported by name: these have types. */
const DOORS = {
  index: "src/index.ts",
  transforms: "src/transforms/index.ts",
  postgres: "src/connectors/postgres/index.ts",
  mysql: "src/connectors/mysql/index.ts",
  csv: "src/connectors/csv/index.ts",
  jsonl: "src/connectors/jsonl/index.ts",
  parquet: "src/connectors/parquet/index.ts",
  sqlite: "src/connectors/sqlite/index.ts",
  bullmq: "src/bullmq/index.ts",
  testing: "src/testing/index.ts",
};

export default defineConfig({
  entry: {
    ...DOORS,
    "masking-process": "src/testing/masking-process.ts",
    "shard-thread": "src/shard-thread.ts",
    cli: "src/cli/main.ts",
  },
  format: ["esm"],
  // tsup sets `baseUrl` for its declaration build, which TypeScript 6 deprecates. Types are checked by `npm run typecheck`, once.
  dts: { entry: DOORS, compilerOptions: { ignoreDeprecations: "6.0", noCheck: true } },
  removeNodeProtocol: false,
  target: "node20",
  platform: "node",
  sourcemap: true,
  splitting: true,
  treeshake: true,
  clean: true,
});
