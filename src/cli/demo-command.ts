import { styleText } from "node:util";
import { StandinError } from "../errors.ts";
import { generateMaskingKey } from "../keys/masking-key.ts";
import { refresh } from "../refresh.ts";
import { demoPolicy } from "./demo-policy.ts";
import { createShop, fillShop } from "./demo-shop.ts";
import { joinsAgree, sideBySide } from "./demo-view.ts";
import type { CliContext } from "./print-error.ts";
import { printReport } from "./print-report.ts";
import { showProgress } from "./show-progress.ts";

const SHOWN_CUSTOMERS = [3, 9, 16];

/** `standin demo`: two PostgreSQL databases inside of this process, one with a small shop, the other with its stand-in. Nothing stays behind. */
export async function demoCommand(options: CliContext, signal: AbortSignal): Promise<void> {
  const say = (line: string) => (options.json ? undefined : process.stdout.write(`${line}\n`));
  const { PGlite } = await loadPGlite();
  const { pgliteClient, postgresSink, postgresSource } = await import("../connectors/postgres/index.ts");
  say("Starting two embedded PostgreSQL databases; filling one with a shop of five countries …");
  const production = await PGlite.create();
  const staging = await PGlite.create();
  try {
    await createShop(production);
    await createShop(staging);
    await fillShop(production);
    say("Masking it into the other, with a key made for this run …\n");
    const policy = demoPolicy(
      postgresSource({ client: pgliteClient(production) }),
      postgresSink({ client: pgliteClient(staging) }),
    );
    const progress = showProgress(process.stderr, options.json === true);
    const report = await refresh(policy, { key: generateMaskingKey(), signal, onProgress: progress.onProgress });
    progress.end();
    if (!options.json) {
      say(`\n${(await sideBySide(production, staging, SHOWN_CUSTOMERS)).join("\n")}`);
      say(`The joins still hold:\n${(await joinsAgree(production, staging)).join("\n")}\n`);
    }
    printReport(report, options);
    say(
      `\nNext: write standin.policy.ts for a database of your own, look at it with ${styleText("bold", "standin plan")}, and start it with ${styleText("bold", "standin run")}.`,
    );
    say("The README shows how; the policy of this demo is src/cli/demo-policy.ts.");
  } finally {
    await Promise.allSettled([production.close(), staging.close()]);
  }
}

async function loadPGlite(): Promise<typeof import("@electric-sql/pglite")> {
  try {
    return await import("@electric-sql/pglite");
  } catch {
    throw new StandinError("DRIVER_MISSING", "The demo needs an embedded PostgreSQL, which is not installed.", {
      hint: "Run: npx -p standin -p @electric-sql/pglite standin demo",
    });
  }
}
