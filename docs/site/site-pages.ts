import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

export interface SiteSection {
  readonly title: string;
  /** Pages by their files from the repository's root, in the order of reading. */
  readonly pages: readonly string[];
  /** Closed until somebody opens it. */
  readonly isClosed?: true;
}

/** Guides in the order of reading. One that is not named here stands behind them. */
const GUIDES = [
  "policy",
  "data-refresh",
  "migration-tooling",
  "ci",
  "http-service",
  "csv-exports",
  "dumps",
  "files",
  "subset",
  "several-databases",
  "incremental",
  "many-machines",
  "scale",
  "verify",
  "presets",
  "keys",
  "reveal",
  "performance",
  "troubleshooting",
];

const markdownIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3));

function guides(): readonly string[] {
  const there = markdownIn("docs/guides");
  const known = GUIDES.filter((name) => there.includes(name));
  return [...known, ...there.filter((name) => !GUIDES.includes(name)).sort()];
}

/** What stands in the sidebar. A test tells when a page of docs/ does not. */
export function siteSections(): readonly SiteSection[] {
  return [
    { title: "Start", pages: ["README.md", "docs/tutorial.md", "examples/README.md"] },
    { title: "Guides", pages: guides().map((name) => `docs/guides/${name}.md`) },
    {
      title: "Reference",
      pages: [
        "docs/reference/policy.md",
        "docs/masks.md",
        "docs/reference/commands.md",
        "docs/reference/api/index.md",
        "docs/operations.md",
        "docs/reference/servers.md",
        "docs/in-place.md",
        "docs/plug-ins.md",
        "docs/faults.md",
      ],
    },
    {
      title: "Background",
      pages: ["docs/comparison.md", ...markdownIn("docs/decisions").map((name) => `docs/decisions/${name}.md`)],
      isClosed: true,
    },
    { title: "Project", pages: ["CHANGELOG.md", "CONTRIBUTING.md"], isClosed: true },
  ];
}

/** What a program imports, as the API's reference has a page for each: `standin/csv`. */
export function apiDoors(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { exports: object };
  const paths = Object.keys(exports).filter((path) => !path.endsWith(".json"));
  return paths.map((path) => `standin${path.slice(1)}`);
}

/** Where the site has a file of the repository: `/guides/ci` for docs/guides/ci.md. Null where it has none. */
export function sitePathOf(file: string): string | null {
  const example = /^examples\/([\w-]+)(?:\/.*)?$/.exec(file);
  if (file === "examples/README.md" || file === "examples") return "/examples/";
  if (example !== null) return `/examples/${example[1]}`;
  if (file === "docs/index.md") return "/";
  if (!file.endsWith(".md")) return null;
  return `/${file
    .replace(/^docs\//, "")
    .replace(/\.md$/, "")
    .replace(/^(README|CHANGELOG|CONTRIBUTING)$/, rootPage)}`.replace(/\/index$/, "/");
}

const rootPage = (name: string) => (name === "README" ? "overview" : name.toLowerCase());

/** Titles that a sidebar has room for. */
const SHORT: Readonly<Record<string, string>> = {
  "README.md": "Overview",
  "examples/README.md": "Examples",
  "docs/tutorial.md": "Tutorial",
  "docs/reference/api/index.md": "API",
};

/** The page's first heading, or less where the sidebar wants it short. */
export function titleOf(file: string): string {
  const short = SHORT[file];
  if (short !== undefined) return short;
  const text = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : "";
  return /^# (.+)$/m.exec(text)?.[1]?.replaceAll("`", "") ?? file;
}
