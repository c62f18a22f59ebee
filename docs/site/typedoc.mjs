import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** What a program imports, as sources. */
const doors = Object.keys(exports)
  .filter((path) => !path.endsWith(".json"))
  .flatMap((path) => [join("src", path), join("src", "connectors", path)].map((folder) => join(ROOT, folder, "index.ts")))
  .filter((file) => existsSync(file));

/** How the API's reference is made of the doc comments. */
export default {
  entryPoints: doors,
  tsconfig: "../../tsconfig.json",
  plugin: ["typedoc-plugin-markdown", "./name-modules.mjs"],
  out: ".pages/reference/api",
  router: "module",
  readme: "none",
  entryFileName: "index",
  skipErrorChecking: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  enumMembersFormat: "table",
  tableColumnSettings: {
    hideSources: true,
    hideModifiers: true,
    hideInherited: true,
  },
  sort: ["source-order"],
  groupOrder: ["Functions", "Variables", "Classes", "Interfaces", "Type Aliases", "*"],
  validation: {
    notExported: false,
    invalidLink: true,
  },
};
