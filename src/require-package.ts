import { createRequire } from "node:module";

/**
 * Loads a package that is CommonJS. `import()` reads the whole text for the names that it exports before it runs it: of parsers of half a megabyte that is ten times what
 * the rest takes.
 */
export const requirePackage = createRequire(import.meta.url);
