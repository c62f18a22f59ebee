/** The command itself, which then tells its peak memory on standard error: its rows have standard output. */
process.on("exit", () => console.error(`peakMb=${Math.round(process.resourceUsage().maxRSS / 1024)}`));
await import("../../dist/cli.js");
