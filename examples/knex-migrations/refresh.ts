import { join } from "node:path";
import knexFactory from "knex";
import { refresh } from "standin";
import policy from "../data-refresh/standin.policy.ts";

/** Brings the target's schema up to date by its migrations, then fills it with masked rows. The migrations' own tables are left alone. */
const knex = knexFactory({
  client: "pg",
  connection: process.env.STAGING_URL ?? "",
  migrations: { directory: join(import.meta.dirname, "migrations"), loadExtensions: [".mjs"] },
});
try {
  const [, applied] = (await knex.migrate.latest()) as [number, string[]];
  console.log(`Migrations applied: ${applied.length}`);
} finally {
  await knex.destroy();
}

const report = await refresh(policy);
console.log(`Rows copied: ${report.rows}`);
