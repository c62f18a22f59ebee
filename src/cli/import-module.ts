import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

/**
 * Runs a policy in TypeScript or JavaScript and gives its default export. `standin` in it is this very package, so `npx standin` needs no install beside
 * the policy.
 */
export async function importModule(file: string): Promise<unknown> {
  const own = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const alias = Object.fromEntries(
    ["transforms", "postgres", "mysql", "csv", "testing"]
      .map((name) => [`standin/${name}`, own(name)])
      .concat([["standin", own("index")]]),
  );
  const jiti = createJiti(import.meta.url, { alias, moduleCache: false, fsCache: false });
  return jiti.import(file, { default: true });
}
