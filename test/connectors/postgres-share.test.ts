import { connect, createServer, type Socket } from "node:net";
import { PGlite } from "@electric-sql/pglite";
import { expect, it } from "vitest";
import { pgliteClient } from "../../src/connectors/postgres/index.ts";
import type { PostgresSourceOptions } from "../../src/connectors/postgres/read/postgres-source.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { readAll, runOn, withHeldSource } from "./postgres-reading.ts";

/** What a source says that will not share with so many, and reads by itself all the same. */
async function unshared(options: PostgresSourceOptions, readers: number): Promise<string> {
  let sentence = "";
  await withHeldSource(options, async (source, tables) => {
    const answer = await source.share!(tables, readers);
    if (!("unshared" in answer)) throw new Error("The source shares its snapshot.");
    sentence = answer.unshared;
    expect((await readAll(source, tables[0]!.table, tables[0]!.columns)).rows).toBe(2);
  });
  return sentence;
}

/** What poolers do, as far as a client can see: they tell a process of their own. */
async function pooler(url: string): Promise<{ readonly url: string; close(): void }> {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((front) => {
    const back = connect(Number(behind.port || 5432), behind.hostname);
    for (const socket of [front, back]) sockets.add(socket.on("error", () => {}));
    front.pipe(back);
    back.on("data", (bytes) => {
      // BackendKeyData: "K", a length of 12, the process, a secret.
      const at = bytes.indexOf(Buffer.of(0x4b, 0, 0, 0, 12));
      if (at >= 0) bytes.writeInt32BE(1, at + 5);
      front.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(`${url}?sslmode=disable`), { hostname: "127.0.0.1", port: String(port) }).toString(),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const TABLE = "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1), (2)";

describeWithPostgres("a PostgreSQL source that cannot share its snapshot says why", () => {
  it("where limits allow too few sessions", async () => {
    await withDatabases(["standin_share"], async (url) => {
      await runOn(url!, TABLE);
      expect(await unshared({ url, limits: { connections: 4 } }, 4)).toBe(
        "4 readers need 5 sessions on the source, and sourceLimits → connections allows 4.",
      );
    });
  });

  it("where a pooler stands before the server", async () => {
    await withDatabases(["standin_share"], async (url) => {
      await runOn(url!, TABLE);
      const before = await pooler(url!);
      try {
        expect(await unshared({ url: before.url }, 1)).toMatch(/^A connection pooler stands before the source,/);
      } finally {
        before.close();
      }
    });
  });

  it("where the readers' locks would crowd out those of others", async () => {
    await withDatabases(["standin_share"], async (url) => {
      await runOn(
        url!,
        TABLE,
        "CREATE TABLE u (id integer) PARTITION BY HASH (id); CREATE TABLE u0 PARTITION OF u FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
      );
      // t and its index, u and its partition.
      expect(await unshared({ url }, 1_000_000)).toMatch(
        /^1000000 readers would hold 4,000,000 locks, and max_locks_per_transaction of the source's server leaves room for [\d,]+ locks\.$/,
      );
    });
  });

  it("where the role may not export, or has no sessions left for the readers", async () => {
    await withDatabases(["standin_share"], async (url) => {
      const role = `standin_role_${Math.random().toString(36).slice(2, 10)}`;
      await runOn(url!, TABLE, `CREATE ROLE ${role} LOGIN PASSWORD 'standin' CONNECTION LIMIT 3; GRANT SELECT ON t TO ${role}`);
      const asRole = Object.assign(new URL(url!), { username: role, password: "standin" }).toString();
      try {
        const crowded = await unshared({ url: asRole }, 3);
        expect(crowded).toMatch(/^3 readers cannot join the source's snapshot: The source at .* has no connection to spare/);
        await runOn(url!, "REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC");
        const refused = await unshared({ url: asRole }, 2);
        expect(refused).toMatch(/^The source's snapshot cannot be shared: The source's role lacks a privilege .*42501/);
        for (const sentence of [crowded, refused]) expect(sentence).not.toMatch(/:standin@|\.\.$/);
      } finally {
        await runOn(url!, `DROP OWNED BY ${role}`, `DROP ROLE ${role}`);
      }
    });
  });

  it("where it reads by a caller's own session", async () => {
    const db = await PGlite.create();
    try {
      await db.exec(TABLE);
      expect(await unshared({ client: pgliteClient(db) }, 2)).toBe(
        "The source reads by a session that the caller made, and nobody else can join it.",
      );
    } finally {
      await db.close();
    }
  });
});
