#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { Command, CommanderError, Option } from "commander";
import { checkCommand } from "./commands/check-command.ts";
import { explainCommand } from "./commands/explain-command.ts";
import { initCommand } from "./commands/init-command.ts";
import { keygenCommand } from "./commands/keygen-command.ts";
import { markCommand } from "./commands/mark-command.ts";
import { maskCommand } from "./commands/mask-command.ts";
import { pipeCommand } from "./commands/pipe-command.ts";
import { planCommand } from "./commands/plan-command.ts";
import { previewCommand } from "./commands/preview-command.ts";
import { revealCommand } from "./commands/reveal-command.ts";
import { runCommand } from "./commands/run-command.ts";
import { typesCommand } from "./commands/types-command.ts";
import { verifyCommand } from "./commands/verify-command.ts";
import { workerCommand } from "./commands/worker-command.ts";
import { demoCommand } from "./demo/demo-command.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { countFromOne, withMachines, withQueue } from "./queue-options.ts";
import { guardOutput, printUsageErrors } from "./show/guard-output.ts";
import { type CliContext, type ErrorStage, exitCodeOf, isInPart, printError } from "./show/print-error.ts";
import { withSourceLimits } from "./source-options.ts";
import { withSpread } from "./spread-options.ts";
import { stopOnSignals } from "./stop-on-signals.ts";

guardOutput();
const stop = stopOnSignals();

/** Runs a command and turns what it throws into one message and an exit code. */
function handled<Options extends CliContext>(
  command: (options: Options, signal: AbortSignal) => Promise<void>,
  told: ErrorStage = { machines: process.stdout, aftermath: "The target is as it was." },
) {
  return async (options: Options) => {
    try {
      await command(options, stop.signal);
    } catch (error) {
      printError(error, options, told);
      process.exitCode = isInPart(error) ? exitCodeOf(error) : (stop.exitCode ?? exitCodeOf(error));
    } finally {
      stop.release();
    }
  };
}

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const program = new Command("standin")
  .description(
    "Makes a stand-in for production data: copies rows out of PostgreSQL, MySQL/MariaDB, SQLite, dumps or files with every column masked by a policy.",
  )
  .version(version)
  .exitOverride()
  .addHelpText(
    "after",
    `
A masked copy, from zero:
  export PROD_URL=postgres://… STAGING_URL=postgres://…
  export STANDIN_KEY="$(npx standin keygen)"   once: keep it, and keep it secret
  npx standin init                             writes standin.policy.ts: read it
  npx standin plan                             what would become of every column
  npx standin preview customers                the first rows, before and after
  npx standin check --write                    writes the lock, to be committed
  npx standin run --verify                     a copy that is clean, or none

Exit codes:
${EXIT_CODES.map(([codes, meaning]) => `  ${codes} ${meaning}`).join("\n")}`,
  );
printUsageErrors(program);

const withPolicy = (command: Command) =>
  withJson(
    command
      .option("--policy <file>", "the policy (default: standin.policy.ts, .js, .yaml or .json here)")
      .option("--env <name>", "which of the policy's environments to take")
      .option("--only <database>", "which of the policy's databases, where it has several"),
  );
const withLog = (command: Command) =>
  command.addOption(
    new Option("--log <form>", "what standard error holds: text for people, or json, an object a line").choices(["text", "json"]),
  );
const withJson = (command: Command) =>
  command.option("--json", "print JSON for machines, an object a line").option("--debug", "print the stack of an error");

withJson(
  program
    .command("init")
    .summary("look at a source and propose a policy for it")
    .description(
      "propose a policy for a source by its schema and sampled rows, or what an existing policy lacks since a migration; writes no value of a row, and needs no key",
    )
    .option(
      "--source <location>",
      "postgres://…, mysql://…, a folder of CSV files, or what else a policy takes: *.jsonl, *.parquet, app.db, prod.sql (default: the policy's, or $PROD_URL)",
    )
    .option("--output <file>", "what to write: .ts or .yaml (default: standin.policy.ts); never overwritten")
    .option("--rows <count>", "rows of each table to look at (default: 1000, at most 5000)"),
).action(handled(initCommand, { machines: process.stdout }));
withPolicy(
  program
    .command("plan")
    .summary("show what would become of every column")
    .description("show what would become of every column; reads the schema, no rows, and needs no key")
    .option("--sample", "also try the masks on sampled rows: how often values still occur, and what a mask cannot handle"),
).action(handled(planCommand));
withPolicy(
  program
    .command("preview")
    .summary("show the first rows of a table, before and after")
    .description(
      "show the first rows of one table beside what a run would make of them, on a terminal alone; opens the source alone (needs STANDIN_KEY)",
    )
    .argument("<table>", "the table, as the policy names it")
    .option("--rows <count>", "rows to show (default: 10)")
    .option("--originals-may-leave-the-terminal", "write the originals, production data, to a file or a pipe all the same"),
).action((table: string, options: CliContext) =>
  handled((given: CliContext, signal) => previewCommand(table, given, signal))(options),
);
withLog(
  withPolicy(
    program
      .command("check")
      .summary("tell what is not as the lock has it, for CI")
      .description(
        "compare schema, policy, key and faker with the committed lock; reads the schema, no rows; needs no key, and no target but for CSV, JSON Lines and SQLite; exits 3 on a difference",
      )
      .option("--write", "accept what is there: write the lock, to be committed")
      .option("--lock <file>", "the lock (default: standin.lock.json beside the policy)")
      .option("--warnings-as-errors", "exit 3 on a warning as well"),
  ),
).action(handled(checkCommand));
withLog(
  withPolicy(
    withMachines(
      withSpread(
        withSourceLimits(
          program
            .command("run")
            .summary("mask the source into the target, all or nothing")
            .description("mask the source into the target, all or nothing (needs STANDIN_KEY)")
            .option("--lock <file>", "what the run must be as (default: the policy's, where there is one: standin.lock.json)")
            .option("--incremental", "read only what changed since the last run, as the policy's `incremental` tells it")
            .option("--parallel", "move rows of all databases at a time, where the policy has several")
            .option("--verify", "look through the copy before it is published, and publish none that is not clean (exit 3)")
            .option("--warnings-as-errors", "with --verify: publish nothing that is worth a look either")
            .option(
              "--report <file>",
              "write what was done and found to a page for people (.html) or a file for machines (.json)",
            )
            .option("--telemetry", "spans and metrics to the OpenTelemetry SDK that node was started with"),
        ),
      ),
    ),
  ),
).action(handled(runCommand));
withLog(
  withPolicy(
    withQueue(
      program
        .command("worker")
        .summary("work on the shards that runs hand out")
        .description(
          "read, mask and write the shards that `standin run --queue` hands out, until SIGTERM: then finish those under work and end with 0; the policy and the key are those of the run (needs STANDIN_KEY)",
        )
        .option("--concurrency <count>", "jobs at a time; start a process for each core (default: 2)", countFromOne),
      "where the shards wait",
    ),
  ),
).action(handled(workerCommand, { machines: process.stdout, aftermath: "The run goes on without this worker." }));
withLog(
  withPolicy(
    program
      .command("mask")
      .summary("mask a restored backup where it stands")
      .description(
        "mask the policy's target where it stands, batch by batch, for those who restore a backup first; refuses a database that `standin mark` did not mark (needs STANDIN_KEY)",
      )
      .option("--resume", "go on with a run that was cut off")
      .option(
        "--clean",
        "at the end take former values out of the tables' files and statistics: VACUUM FULL or OPTIMIZE, and ANALYZE",
      )
      .option("--lock <file>", "what the run must be as (default: the policy's, where there is one: standin.lock.json)"),
  ),
).action(
  handled(maskCommand, {
    machines: process.stdout,
    aftermath: "Some rows may be masked and others not: go on with `standin mask --resume`.",
  }),
);
withJson(
  program
    .command("mark")
    .summary("say in a database that it is none of production")
    .description(
      "say in a database that it is none of production, so that `standin mask` may overwrite it, once; the mark does not count in a copy",
    )
    .argument("<url>", "postgres://… or mysql://…")
    .option("--remove", "take the mark away, with what a run that was cut off had noted"),
).action((url: string, options: CliContext) =>
  handled((given: CliContext, signal) => markCommand(url, given, signal), {
    machines: process.stdout,
    aftermath: "Nothing was marked.",
  })(options),
);
withLog(
  withPolicy(
    withSourceLimits(
      program
        .command("verify")
        .summary("look for what a copy should not hold, and for what it lost")
        .description(
          "read source and copy once each: values of masked columns that are anywhere in the copy, broken keys and references, rows and NULLs that differ, and the risk of being told apart; needs no key; exits 3 where something is wrong",
        )
        .option("--report <file>", "write what was found to a page for people (.html) or a file for machines (.json)")
        .option("--warnings-as-errors", "exit 3 on a warning as well"),
    ),
  ),
).action(handled(verifyCommand, { machines: process.stdout, aftermath: "Nothing was written." }));
withPolicy(
  program
    .command("explain")
    .summary("say why a column becomes what it becomes")
    .description("say why one column becomes what it becomes; reads the schema, no rows, and needs no key")
    .argument("<column>", "table.column"),
).action((column: string, options: CliContext) =>
  handled((given: CliContext, signal) => explainCommand(column, given, signal))(options),
);
withPolicy(
  program
    .command("reveal")
    .summary("get originals back where the policy allows it")
    .description(
      "give the originals of masked values, one a line on standard input, for a column that the policy's `reveal` names; every request is written to its audit log; on a terminal alone (needs STANDIN_KEY)",
    )
    .argument("<column>", "table.column")
    .option("--originals-may-leave-the-terminal", "write the originals, production data, to a file or a pipe all the same"),
).action((column: string, options: CliContext) =>
  handled((given: CliContext, signal) => revealCommand(column, given, signal), {
    machines: process.stdout,
    aftermath: "Nothing was revealed.",
  })(options),
);
withPolicy(
  program
    .command("types")
    .summary("write the source's columns as a TypeScript type")
    .description("write the source's tables and columns as a type, for definePolicy<Schema>")
    .option("--output <file>", "where to (default: standin.types.d.ts beside the policy)"),
).action(handled(typesCommand));
withPolicy(
  program
    .command("pipe")
    .summary("mask a dump, or one table, from standard input to output")
    .description("mask a dump, or one table of CSV or JSON Lines, from standard input to standard output (needs STANDIN_KEY)")
    .requiredOption("--format <format>", "the format of both: pg_dump, mysqldump, csv, jsonl")
    .option("--table <name>", "csv, jsonl: the policy's table to apply (default: its only one)")
    .option("--no-header", "csv: rows begin with the first line; the columns are those of the policy, in its order")
    .option("--schema <file>", "dumps: the schema alone, dumped before, so that all keys are known before the first row")
    .option("--lock <file>", "dumps: what the run must be as (default: the policy's, where there is one: standin.lock.json)"),
).action(
  handled(pipeCommand, {
    machines: process.stderr,
    aftermath: "Rows that were already written are not all of them: do not use them.",
  }),
);
program
  .command("keygen")
  .description("print a new key for STANDIN_KEY")
  .option("--json", "print JSON for machines")
  .action(handled(keygenCommand));
withJson(
  program
    .command("demo")
    .summary("mask a small shop in an embedded PostgreSQL")
    .description("mask a small shop from one embedded PostgreSQL into another, and show before and after"),
).action(handled(demoCommand));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else {
    printError(error, {}, { machines: process.stdout });
    process.exitCode = 2;
  }
}
