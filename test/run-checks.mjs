import { spawn } from "node:child_process";

// What must hold before the tests run, two things at a time: the types and the style, and beside them the package.

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Runs scripts of package.json one after the other; what one prints is shown when it is over. */
async function run(...scripts) {
  for (const script of scripts) {
    const child = spawn(npm, ["run", script], { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => printed.push(chunk));
    const code = await new Promise((resolve) => child.on("close", resolve));
    process.stdout.write(Buffer.concat(printed));
    if (code !== 0) return false;
  }
  return true;
}

const passed = await Promise.all([run("typecheck", "lint"), run("build", "check:package")]);
if (passed.includes(false)) process.exitCode = 1;
