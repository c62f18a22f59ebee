import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS_FILE, commandsPage, withBuiltHelp } from "./commands-page.ts";
import { FAULTS_FILE, faultsPage } from "./faults-page.ts";
import { MASKS_FILE, masksPage } from "./masks-page.ts";
import { POLICY_FILE, policyPage } from "./policy-page.ts";
import { policySchemaText, SCHEMA_FILE } from "./policy-schema.ts";
import { TROUBLESHOOTING_FILE, troubleshootingPage } from "./troubleshooting-page.ts";
import { withWrittenParts } from "./written-parts.ts";

const README = join(import.meta.dirname, "..", "README.md");
writeFileSync(README, await withWrittenParts(readFileSync(README, "utf8")));
writeFileSync(SCHEMA_FILE, policySchemaText());
writeFileSync(MASKS_FILE, masksPage());
writeFileSync(FAULTS_FILE, faultsPage());
writeFileSync(POLICY_FILE, policyPage());
writeFileSync(TROUBLESHOOTING_FILE, troubleshootingPage());
writeFileSync(COMMANDS_FILE, await withBuiltHelp(commandsPage));
