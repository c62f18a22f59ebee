import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { spawnProgram } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { blockWith, ROOT } from "../docs/readme-blocks.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { linkStandin } from "./linked-command.ts";

interface Manifest {
  readonly kind: "Job" | "CronJob";
  readonly metadata: { readonly name: string };
  readonly spec: JobSpec & { readonly jobTemplate?: { readonly spec: JobSpec } };
}
interface JobSpec {
  readonly completions?: number;
  readonly template: { readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] } };
}

const staged = IS_THOROUGH ? await stagePackage() : null;
const EXAMPLE = join(ROOT, "examples", "kubernetes-indexed-job");
const manifestsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const jobs = manifestsIn(readFileSync(join(EXAMPLE, "job.yaml"), "utf8"));
const [nightly] = manifestsIn(blockWith("docs/guides/data-refresh.md", "yaml", "kind: CronJob")) as [Manifest];
const specOf = ({ spec }: Manifest): JobSpec => spec.jobTemplate?.spec ?? spec;
const commandOf = (manifest: Manifest) => specOf(manifest).template.spec.containers[0]!.command;

it("starts standin itself in every container: npx would not hand SIGTERM on", () => {
  for (const manifest of [...jobs, nightly]) {
    expect(commandOf(manifest).join(" "), manifest.metadata.name).toMatch(/^(sh -c exec )?node_modules\/\.bin\/standin run /);
  }
});

describe.skipIf(!IS_THOROUGH)(`manifests of Kubernetes${IS_THOROUGH ? "" : " (skipped: npm run test:deep)"}`, () => {
  let folder: string;
  const run = (program: string, parameters: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnProgram(program, parameters, { cwd: folder, env, limitMilliseconds: 240_000 }).finished;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "standin-kubernetes-"));
    writeFileSync(join(folder, "package.json"), "{}");
    const { code, stderr } = await run("npm", ["install", "--no-audit", "--no-fund", "--no-save", "kubernetes-models@4.5.1"]);
    expect(code, stderr).toBe(0);
    linkStandin(folder, staged!);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("keep the schema of Kubernetes, and say nothing that it does not know", async () => {
    const models = createRequire(join(folder, "package.json"))("kubernetes-models/batch/v1") as Record<
      Manifest["kind"],
      new (
        manifest: Manifest,
      ) => { validate(): void }
    >;
    for (const manifest of [...jobs, nightly]) new models[manifest.kind](manifest).validate();
    // Its types refuse keys that it does not have.
    const typed = [...jobs, nightly].map(
      (manifest, index) => `export const manifest${index}: I${manifest.kind} = ${JSON.stringify(manifest)};`,
    );
    const imports = 'import type { ICronJob, IJob } from "kubernetes-models/batch/v1";';
    writeFileSync(join(folder, "manifests.ts"), [imports, ...typed].join("\n"));
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const checks = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "manifests.ts"];
    expect(await run(process.execPath, [tsc, ...checks])).toMatchObject({ code: 0, stdout: "" });
  }, 120_000);

  describeWithPostgres("by their own command lines", () => {
    const shop = (file: string) => readFileSync(join(ROOT, "examples", "data-refresh", file), "utf8");

    it("stage and publish, and refresh by night", { timeout: 300_000 }, async () => {
      await withDatabases(["standin_pods_prod", "standin_pods_staging"], async (PROD_URL, STAGING_URL) => {
        const [prod, staging] = [new pg.Client(PROD_URL), new pg.Client(STAGING_URL)];
        for (const client of [prod, staging]) await client.connect();
        try {
          await prod.query(shop("shop.sql") + shop("rows.sql"));
          await staging.query(shop("shop.sql"));
          writeFileSync(join(folder, "standin.policy.yaml"), readFileSync(join(EXAMPLE, "standin.policy.yaml")));
          for (const manifest of [...jobs, nightly]) {
            const [program, ...parameters] = commandOf(manifest).map((part) => part.replace("/policy/", `${EXAMPLE}/`));
            const pods = Array.from({ length: specOf(manifest).completions ?? 1 }, (_, index) =>
              run(program!, parameters, {
                ...{ PROD_URL: PROD_URL!, STAGING_URL: STAGING_URL!, STANDIN_KEY: TEST_KEY },
                JOB_COMPLETION_INDEX: String(index),
              }),
            );
            for (const { code, stderr } of await Promise.all(pods)) expect(code, stderr).toBe(0);
            const { rows } = await staging.query("SELECT email FROM customers");
            expect(rows, manifest.metadata.name).toHaveLength(manifest.metadata.name === "standin-stage" ? 0 : 3);
            for (const { email } of rows) expect(email).toMatch(/@example\.(com|net|org)$/);
          }
        } finally {
          for (const client of [prod, staging]) await client.end();
        }
      });
    });
  });
});
