import { afterAll } from "vitest";
import { runPostgres } from "../end-to-end/postgres-examiner.ts";
import { withDatabases } from "../servers/postgres-server.ts";

/** PostgreSQL takes seconds to make a database on a busy disk, and no time to empty one. */
const EMPTY = `DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE ON SCHEMA public TO PUBLIC`;

const free: string[] = [];
const open: { release(): void; readonly released: Promise<void> }[] = [];

afterAll(async () => {
  for (const { release } of open) release();
  await Promise.all(open.map(({ released }) => released));
});

/** Makes a database that is there until the file's last test. */
function make(): Promise<string> {
  return new Promise((resolve, reject) => {
    const released = withDatabases(["standin_fault"], async (url) => {
      await new Promise<void>((release) => {
        open.push({ release, released: Promise.resolve().then(() => released) });
        resolve(url!);
      });
    });
    released.catch(reject);
  });
}

/** Hands in as many empty databases as there are names for, some of which served other tests before. */
export async function withPooledDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void> {
  const urls: string[] = [];
  for (const _ of prefixes) urls.push(free.pop() ?? (await make()));
  for (const url of urls) await runPostgres(url, EMPTY);
  await use(...urls);
  free.push(...urls);
}
