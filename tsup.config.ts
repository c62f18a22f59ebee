import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    transforms: "src/transforms/index.ts",
    postgres: "src/connectors/postgres/index.ts",
    mysql: "src/connectors/mysql/index.ts",
    csv: "src/connectors/csv/index.ts",
    jsonl: "src/connectors/jsonl/index.ts",
    bullmq: "src/bullmq/index.ts",
    testing: "src/testing/index.ts",
    "masking-process": "src/testing/masking-process.ts",
    "shard-thread": "src/shard-thread.ts",
    cli: "src/cli/main.ts",
  },
  format: ["esm"],
  // tsup sets `baseUrl` for its declaration build, which TypeScript 6 deprecates.
  dts: { compilerOptions: { ignoreDeprecations: "6.0" } },
  removeNodeProtocol: false,
  target: "node20",
  platform: "node",
  sourcemap: true,
  splitting: true,
  treeshake: true,
  clean: true,
});
