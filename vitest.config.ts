import { defineConfig } from "vitest/config";

/** Files whose process is their subject: they change its variables, tell who else is in it, or make what the whole of it sends go elsewhere. */
const ALONE = ["test/faults/**/*.test.ts", "test/pipeline/telemetry.test.ts", "test/pipeline/workers.test.ts"];

const common = { testTimeout: 60_000, hookTimeout: 120_000, pool: "forks" as const };

export default defineConfig({
  test: {
    // More than processors: a file with databases waits for its servers about as long as it computes.
    maxWorkers: 3,
    globalSetup: ["test/remove-build.ts", "test/servers/find-servers.ts"],
    projects: [
      { test: { ...common, name: "alone", include: ALONE } },
      // The others share what they import, which took a second a file.
      { test: { ...common, name: "shared", include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false } },
    ],
  },
});
