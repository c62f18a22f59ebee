import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTransformsTable } from "./transforms-table.ts";

const README = join(import.meta.dirname, "..", "README.md");
writeFileSync(README, withTransformsTable(readFileSync(README, "utf8")));
