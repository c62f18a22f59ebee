/** Pages whose commands are run one after the other in an empty folder, and what they print compared. */
export const FOLLOWED: ReadonlySet<string> = new Set([
  "docs/tutorial.md",
  "docs/guides/csv-exports.md",
  "docs/guides/dumps.md",
  "docs/guides/files.md",
  "docs/guides/keys.md",
  "docs/guides/presets.md",
  "docs/guides/several-databases.md",
]);
