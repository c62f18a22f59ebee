import type { Command } from "commander";
import { StandinError } from "../../errors.ts";
import { type CliContext, printError } from "./print-error.ts";

/** What a command line asks for that could not be read, or that nobody reads any more. */
function askedFor(): CliContext {
  const words = process.argv;
  const logsJson = words.includes("--log=json") || words.some((word, index) => word === "json" && words[index - 1] === "--log");
  return { json: words.includes("--json"), debug: words.includes("--debug"), log: logsJson ? "json" : "text" };
}

/**
 * Keeps values and stack dumps off the terminal, whatever happens: an error that nobody caught is told by its kind alone, and a reader that goes away
 * (`| head`) is no error. A run goes on without its reader; `pipe`, whose rows then have no place to go, sees its writes fail and stops.
 */
export function guardOutput(): void {
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  const onUncaught = (error: unknown) => {
    printError(error, askedFor(), { machines: process.stderr });
    process.exit(2);
  };
  process.on("uncaughtException", onUncaught).on("unhandledRejection", onUncaught);
}

/** Where the command that was asked for is told of, and how it is written where its arguments are what is wrong. */
function helpFor(program: Command, hasWrongArguments: boolean): readonly string[] {
  const command = program.commands.find((one) => one.name() === process.argv[2]);
  if (command === undefined) return ["npx standin --help lists the commands."];
  const written = hasWrongArguments ? [`Write npx standin ${command.name()} ${command.usage()}.`] : [];
  return [...written, `npx standin ${command.name()} --help lists its options.`];
}

/** Shows what is wrong with a command line as every other error is shown. Commands made afterwards take it over. */
export function printUsageErrors(program: Command): void {
  program.configureOutput({
    outputError: (text) => {
      const [what = "", nearest] = text.trim().split("\n");
      const message = what.replace(/^error: /, "").replace(/^./, (letter) => letter.toUpperCase());
      const suggestion = /^\((Did you mean .*\?)\)$/.exec(nearest ?? "")?.[1];
      const hint = [suggestion, ...helpFor(program, /argument/.test(message) && !/^Option/.test(message))]
        .filter((part) => part !== undefined)
        .join(" ");
      const error = new StandinError("OPTION_INVALID", `${message.replace(/\.$/, "")}.`, { hint });
      printError(
        error,
        { ...askedFor(), debug: false },
        { machines: process.argv[2] === "pipe" ? process.stderr : process.stdout },
      );
    },
  });
}
