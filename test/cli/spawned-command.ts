import { type ChildProcess, spawn } from "node:child_process";

export interface Finished {
  /** The exit code, or the signal that ended it: a command that hung is ended by SIGKILL. */
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface SpawnedCommand {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it printed so far, of both streams. */
  printed(): string;
  /** Resolves as soon as the output so far, of both streams, holds a match. */
  seen(pattern: RegExp): Promise<void>;
}

export interface SpawnOptions {
  readonly cwd: string;
  /** Added to a small environment of this process; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly limitMilliseconds?: number;
}

export function spawnNode(parameters: readonly string[], options: SpawnOptions): SpawnedCommand {
  return spawnProgram(process.execPath, parameters, options);
}

/** Starts a program the way a shell would, keeps what it prints, and ends it when it takes too long. */
export function spawnProgram(program: string, parameters: readonly string[], options: SpawnOptions): SpawnedCommand {
  const started = performance.now();
  const { STANDIN_KEY: _key, FORCE_COLOR: _colour, ...env } = process.env;
  const child = spawn(program, parameters, { cwd: options.cwd, env: { ...env, NO_COLOR: "1", ...options.env } });
  let [stdout, stderr] = ["", ""];
  const watchers = new Set<() => void>();
  const onData = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onData();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    onData();
  });
  // A command that refuses at once does not read its input.
  child.stdin.on("error", () => {});
  if (options.input !== undefined) child.stdin.end(options.input);
  const timer = setTimeout(() => child.kill("SIGKILL"), options.limitMilliseconds ?? 30_000);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, stdout, stderr, milliseconds: performance.now() - started });
    });
  });
  const seen = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const check = () => pattern.test(`${stdout}\n${stderr}`) && resolve();
      watchers.add(check);
      check();
      finished.then(() => reject(new Error(`It ended without printing ${pattern}:\n${stdout}\n${stderr}`)), reject);
    });
  return { process: child, finished, printed: () => `${stdout}\n${stderr}`, seen };
}

/** The lines of `--json` output as objects. Throws where a line is none. */
export function jsonLines(text: string): { readonly type: string; readonly [name: string]: unknown }[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
