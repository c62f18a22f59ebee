import { PassThrough } from "node:stream";
import { PGlite } from "@electric-sql/pglite";
import { demoPolicy } from "../src/cli/demo/demo-policy.ts";
import { createShop, fillShop } from "../src/cli/demo/demo-shop.ts";
import { joinsAgree, sideBySide } from "../src/cli/demo/demo-view.ts";
import { pgliteClient, postgresSink, postgresSource } from "../src/connectors/postgres/index.ts";
import { refresh } from "../src/refresh.ts";

/** SHA-256 of "standin demo": a README must not change at each writing. The demo itself makes a new key each time. */
const KEY = "ccabe9a3145b75fbcaf67855aa6e1bc1d11127e28ee96e07e310eb5dd880b1c2";
const CUSTOMERS = [3];

/** What `npm run demo` shows, shortened. */
export async function demoOutput(): Promise<string> {
  const [production, staging] = [await PGlite.create(), await PGlite.create()];
  try {
    for (const database of [production, staging]) await createShop(database);
    await fillShop(production);
    const source = postgresSource({ client: pgliteClient(production) });
    const target = postgresSink({ client: pgliteClient(staging) });
    await refresh(demoPolicy(source, target), { key: KEY });
    const paper = new PassThrough() as unknown as NodeJS.WriteStream;
    const shown = await sideBySide(production, staging, CUSTOMERS, paper);
    return [...shown, "The joins still hold:", ...(await joinsAgree(production, staging, paper))].join("\n");
  } finally {
    await Promise.allSettled([production.close(), staging.close()]);
  }
}
