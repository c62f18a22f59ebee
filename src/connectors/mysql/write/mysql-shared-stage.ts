import { setTimeout as wait } from "node:timers/promises";
import type { JoinedStage, SharedStage, StagedShard, TableToWrite } from "../../../contracts.ts";
import { anotherRun } from "../../database-errors.ts";
import { readKept } from "./kept-run.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { MysqlJoinedStage } from "./mysql-joined-stage.ts";
import { readRecords } from "./shard-places.ts";
import { endSession, leaseSlot, readHolders, releaseSlot } from "./slot-locks.ts";
import { dropStaging } from "./staging.ts";
import { releaseLock, takeLock, takeSlot } from "./target-lock.ts";

/** Longest wait for a session that its process has ended. */
const LEAVING_MILLISECONDS = 10_000;
/** Longest wait for sessions that were ended, and for those that joined meanwhile. */
const EXPEL_MILLISECONDS = 60_000;

/** Lets several processes write to one staging: each session has a slot, and whoever goes by the staging alone has the lock, and no slot is taken. */
export class MysqlSharedStage implements SharedStage {
  readonly #end: MysqlEnd;
  readonly #loadData: boolean | undefined;
  #slot: number | null = null;

  constructor(end: MysqlEnd, loadData: boolean | undefined) {
    this.#end = end;
    this.#loadData = loadData;
  }

  /** With a slot, though nothing is written by it: other runs stay out. */
  admit(): Promise<void> {
    return this.#end.doing("letting others write", async () => {
      const { client } = this.#end;
      this.#slot ??= await leaseSlot(client);
      // It has nothing to say for as long as others write.
      await client.execute("SET SESSION wait_timeout = 31536000");
      await releaseLock(client);
    });
  }

  expel(): Promise<readonly StagedShard[]> {
    return this.#end.doing("ending what others write", async () => {
      await this.#endOthers();
      return (await readKept(this.#end.client)) === null ? [] : readRecords(this.#end.client);
    });
  }

  join(tables: readonly TableToWrite[], signal: AbortSignal): Promise<JoinedStage | null> {
    this.#end.stopOn(signal);
    return this.#end.doing("joining the run that writes", async () => {
      this.#slot ??= await takeSlot(this.#end.client);
      if (this.#slot === null) return null;
      const joined = await MysqlJoinedStage.join(this.#end, this.#slot, tables, this.#loadData);
      if (joined === null) await this.#leave();
      return joined;
    });
  }

  /** By a session that looks first whether the run is there: another one's is left alone. */
  drop(runId: string): Promise<void> {
    const { client } = this.#end;
    return this.#end.doing("dropping what a run has staged", async () => {
      const until = performance.now() + LEAVING_MILLISECONDS;
      // The session that the run had may be on its way out.
      for (;;) {
        this.#slot ??= await takeSlot(client);
        if (this.#slot !== null) break;
        if (performance.now() > until) return;
        await wait(100);
      }
      if ((await readKept(client))?.mark.runId !== runId) return this.#leave();
      await this.#endOthers();
      await dropStaging(client);
      await releaseLock(client);
    });
  }

  async #leave(): Promise<void> {
    const slot = this.#slot;
    this.#slot = null;
    if (slot !== null) await releaseSlot(this.#end.client, slot);
  }

  /**
   * Takes the lock, and ends the sessions of all others who have a slot, also of one whose process stands still. A slot is free when the server has taken back what its
   * session had under way.
   */
  async #endOthers(): Promise<void> {
    const { client } = this.#end;
    const until = performance.now() + EXPEL_MILLISECONDS;
    for (;;) {
      if (performance.now() > until) throw anotherRun();
      if (await takeLock(client, 1)) {
        const holders = await readHolders(client);
        if (holders.length === 0) break;
        for (const holder of holders) await endSession(client, holder);
      }
      await wait(50);
    }
    await this.#leave();
  }
}
