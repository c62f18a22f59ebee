import { setTimeout as wait } from "node:timers/promises";
import type { JoinedStage, SharedStage, StagedShard, TableToWrite } from "../../../contracts.ts";
import { beginWriting, committing } from "../postgres-session.ts";
import { lockOut, namingLocks } from "./lock-holders.ts";
import type { PostgresEnd } from "./postgres-end.ts";
import { PostgresJoinedStage } from "./stage-joined.ts";
import { readLeft } from "./stage-records.ts";
import { dropLeft } from "./stage-run.ts";
import { refusePooled, type StageSession } from "./stage-session.ts";

/** Longest wait for a session that its process has ended. */
const LEAVING_MILLISECONDS = 10_000;

/** Lets several processes write to one staging: their sessions share the lock that a run alone has for itself. */
export class PostgresSharedStage implements SharedStage {
  readonly #end: PostgresEnd;
  readonly #session: StageSession;

  constructor(end: PostgresEnd, session: StageSession) {
    this.#end = end;
    this.#session = session;
  }

  admit(): Promise<void> {
    return this.#end.doing("letting others write", () => this.#session.admit(this.#end.client));
  }

  expel(): Promise<readonly StagedShard[]> {
    return this.#end.doing("ending what others write", async () => {
      await this.#session.expel(this.#end.client);
      return (await readLeft(this.#end.client))?.shards ?? [];
    });
  }

  join(tables: readonly TableToWrite[], signal: AbortSignal): Promise<JoinedStage | null> {
    this.#end.stopOn(signal);
    return this.#end.doing("joining the run that writes", async () => {
      await refusePooled(this.#end);
      if (!(await this.#session.join(this.#end.client))) return null;
      const joined = await PostgresJoinedStage.join(this.#end, tables);
      if (joined === null) await this.#session.release(this.#end.client);
      return joined;
    });
  }

  /** By a session that looks first whether the run is there: another one's is left alone. */
  drop(runId: string): Promise<void> {
    const { client } = this.#end;
    return namingLocks(this.#end, null, "dropping what a run has staged", async () => {
      if (!(await this.#joinSoon())) return;
      if ((await readLeft(client))?.mark.runId !== runId) return this.#session.release(client);
      await this.#session.expel(client);
      await beginWriting(client);
      await lockOut(client);
      await committing(client, () => dropLeft(client));
      await this.#session.release(client);
    });
  }

  /** The session that the run had may be on its way out. */
  async #joinSoon(): Promise<boolean> {
    const ends = performance.now() + LEAVING_MILLISECONDS;
    while (!(await this.#session.join(this.#end.client))) {
      if (performance.now() > ends) return false;
      await wait(100);
    }
    return true;
  }
}
