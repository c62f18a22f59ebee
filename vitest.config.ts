import { defineConfig } from "vitest/config";

/** Folders whose tests change nothing outside of themselves: their files share what they import. */
const PURE = ["conditions", "formats", "keys", "transforms", "verify"].map((folder) => `test/${folder}/**/*.test.ts`);

const common = { testTimeout: 60_000, hookTimeout: 120_000, pool: "forks" as const };

export default defineConfig({
  test: {
    maxWorkers: 2,
    globalSetup: "test/remove-build.ts",
    projects: [
      { test: { ...common, name: "pure", include: PURE, isolate: false } },
      { test: { ...common, name: "servers", include: ["test/**/*.test.ts"], exclude: PURE } },
    ],
  },
});
