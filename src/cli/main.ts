#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { demoCommand } from "./demo-command.ts";
import { guardOutput, printUsageErrors } from "./guard-output.ts";
import { keygenCommand } from "./keygen-command.ts";
import { pipeCommand } from "./pipe-command.ts";
import { planCommand } from "./plan-command.ts";
import { type CliContext, type ErrorStage, exitCodeOf, printError } from "./print-error.ts";
import { runCommand } from "./run-command.ts";
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
      process.exitCode = stop.exitCode ?? exitCodeOf(error);
    } finally {
      stop.release();
    }
  };
}

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
const program = new Command("standin")
  .description(
    "Makes a stand-in for production data: copies rows out of PostgreSQL, MySQL/MariaDB or CSV with every column masked by a policy.",
  )
  .version(version)
  .exitOverride()
  .addHelpText(
    "after",
    `
A first run:
  standin keygen          make a key, once; keep it secret, in STANDIN_KEY
  standin plan            what would become of every column, by standin.policy.ts (or .yaml)
  standin run             mask the source into the target

Exit codes: 0 done · 1 refused before any row · 2 failed during the run, target as it was · 130 stopped`,
  );
printUsageErrors(program);

const withPolicy = (command: Command) =>
  command
    .option("--policy <file>", "the policy (default: standin.policy.ts, .js, .yaml or .json here)")
    .option("--json", "print JSON for machines, an object a line")
    .option("--debug", "print the stack of an error");

withPolicy(program.command("run").description("mask the source into the target, all or nothing (needs STANDIN_KEY)")).action(
  handled(runCommand),
);
withPolicy(
  program.command("plan").description("show what would become of every column; reads the schema, no rows, needs no key"),
).action(handled(planCommand));
withPolicy(program.command("pipe").description("mask one table from standard input to standard output (needs STANDIN_KEY)"))
  .requiredOption("--format <format>", "the format of both: csv")
  .option("--table <name>", "the policy's table to apply (default: its only one)")
  .action(
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
program
  .command("demo")
  .description("mask a small shop from one embedded PostgreSQL into another, and show before and after")
  .option("--json", "print JSON for machines, an object a line")
  .option("--debug", "print the stack of an error")
  .action(handled(demoCommand));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else {
    printError(error, {}, { machines: process.stdout });
    process.exitCode = 2;
  }
}
