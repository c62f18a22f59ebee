/** Prints the job's peak memory as its last line, for the harness. */
export function reportMemory() {
  console.log(`peakMb=${Math.round(process.resourceUsage().maxRSS / 1024)}`);
}
