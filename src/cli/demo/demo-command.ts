import { StandinError } from "../../errors.ts";
import { generateMaskingKey } from "../../keys/masking-key.ts";
import { refresh } from "../../refresh.ts";
import { paintFor } from "../show/paint.ts";
import type { CliContext } from "../show/print-error.ts";
import { printReport } from "../show/print-report.ts";
import { showProgress } from "../show/show-progress.ts";
import { demoPolicy } from "./demo-policy.ts";
import { createShop, fillShop } from "./demo-shop.ts";
import { joinsAgree, sideBySide } from "./demo-view.ts";

const SHOWN_CUSTOMERS = [3, 9, 16];

/** `standin demo`: two PostgreSQL databases inside of this process, one with a small shop, the other with its stand-in. Nothing stays behind. */
export async function demoCommand(options: CliContext, signal: AbortSignal): Promise<void> {
  const say = (line: string) => (options.json ? undefined : process.stdout.write(`${line}\n`));
  const { PGlite } = await loadPGlite();
  const { pgliteClient, postgresSink, postgresSource } = await import("../../connectors/postgres/index.ts");
  say("Starting two embedded PostgreSQL databases, and filling one with a shop of five countries …");
  const [production, staging] = [await PGlite.create(), await PGlite.create()];
  try {
    await createShop(production);
    await createShop(staging);
    await fillShop(production);
    say("Masking it into the other, under a key made for this run …\n");
    const policy = demoPolicy(
      postgresSource({ client: pgliteClient(production) }),
      postgresSink({ client: pgliteClient(staging) }),
    );
    const progress = showProgress(options);
    const report = await refresh(policy, { key: generateMaskingKey(), signal, onProgress: progress.onProgress }).finally(
      progress.end,
    );
    if (!options.json) {
      const lines = [
        "",
        ...(await sideBySide(production, staging, SHOWN_CUSTOMERS, process.stdout)),
        "The joins still hold:",
        ...(await joinsAgree(production, staging, process.stdout)),
        "",
      ];
      say(lines.join("\n"));
    }
    printReport(report, options);
    say(nextSteps());
  } finally {
    await Promise.allSettled([production.close(), staging.close()]);
  }
}

function nextSteps(): string {
  const paint = paintFor(process.stdout);
  const steps = [
    ["npx standin keygen", "makes a key, once: keep it secret, in STANDIN_KEY"],
    ["npx standin init", "proposes a policy for the database in PROD_URL"],
    ["npx standin plan", "shows what would become of every column, and what is wrong"],
    ["npx standin run", "masks a database of your own"],
  ] as const;
  return ["", "Next:", ...steps.map(([step, what]) => `  ${paint("bold", step.padEnd(18))} ${what}`)].join("\n");
}

async function loadPGlite(): Promise<typeof import("@electric-sql/pglite")> {
  try {
    return await import("@electric-sql/pglite");
  } catch {
    // What npx fetched for one run cannot see what is installed here.
    const isFetched = import.meta.url.includes("/_npx/");
    throw new StandinError("DRIVER_MISSING", "The demo needs an embedded PostgreSQL, which is not installed.", {
      hint: isFetched
        ? "Run: npx -p standin -p @electric-sql/pglite standin demo"
        : "Run: npm install --no-save @electric-sql/pglite && npx standin demo",
    });
  }
}
