import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { parseMysqlUrl } from "../../src/connectors/mysql/mysql-address.ts";
import { connectMysql, type MysqlClient } from "../../src/connectors/mysql/mysql-client.ts";
import { leaseShard, releaseSlot } from "../../src/connectors/mysql/write/slot-locks.ts";
import { lockOut, releaseLock, takeSlot } from "../../src/connectors/mysql/write/target-lock.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";

const { signal } = new AbortController();
const connect = (url: string): Promise<MysqlClient> => connectMysql(parseMysqlUrl(url, "target"), "target", signal, 60);

/** Who has what at a moment. */
class Holders {
  alone = 0;
  readonly slots = new Set<number>();
  readonly seen = new Set<string>();

  check(): void {
    expect(this.alone).toBeLessThan(2);
    expect(this.alone === 0 || this.slots.size === 0).toBe(true);
    this.seen.add(this.alone > 0 ? "alone" : this.slots.size > 1 ? "several" : "one");
  }
}

/** Takes part as a run does that is alone, or as a session that shares the target, time after time. */
async function takePart(client: MysqlClient, holders: Holders, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    if (Math.random() < 0.75) {
      if ((await lockOut(client, 0).catch(() => null)) === null) continue;
      holders.alone++;
      holders.check();
      await wait(Math.random() * 4);
      holders.alone--;
      await releaseLock(client);
    } else {
      const slot = await takeSlot(client);
      if (slot === null) continue;
      expect(holders.slots.has(slot)).toBe(false);
      holders.slots.add(slot);
      holders.check();
      await wait(Math.random() * 4);
      holders.slots.delete(slot);
      await releaseSlot(client, slot);
    }
  }
}

describeWithMysql("locks on a MariaDB target", () => {
  it("let one write alone, or several together, and never both", () =>
    withMysqlDatabases(["standin_locks"], async (url) => {
      const clients = await Promise.all(Array.from({ length: 5 }, () => connect(url!)));
      const holders = new Holders();
      await Promise.all(clients.map((client) => takePart(client, holders, IS_THOROUGH ? 600 : 100)));
      expect([...holders.seen].sort()).toEqual(["alone", "one", "several"]);
      await Promise.all(clients.map((client) => client.close()));
    }));

  it("say so where a session of another user stands still and may not be ended", () =>
    withMysqlDatabases(["standin_locks"], async (url) => {
      const name = `standin_${randomBytes(4).toString("hex")}`;
      const holder = await connect(url!);
      await leaseShard(holder, "people", "a");
      const database = new URL(url!).pathname.slice(1);
      try {
        await runMysql(url!, `CREATE USER ${name}@'%' IDENTIFIED BY 'p'; GRANT ALL ON ${database}.* TO ${name}@'%'`);
        const other = await connect(Object.assign(new URL(url!), { username: name, password: "p" }).toString());
        await expect(leaseShard(other, "people", "a")).rejects.toMatchObject({ code: "PRIVILEGE_MISSING" });
        await leaseShard(other, "people", "b");
        await other.close();
      } finally {
        await runMysql(url!, `DROP USER ${name}@'%'`);
        await holder.close();
      }
    }));
});
