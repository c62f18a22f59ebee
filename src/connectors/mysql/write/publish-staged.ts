import { StandinError } from "../../../errors.ts";
import { lostWhilePublishing } from "../../database-errors.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { pinSession } from "../mysql-session.ts";
import { findInterrupted, finishAftermath, type Interrupted } from "./aftermath.ts";
import type { MysqlEnd } from "./mysql-end.ts";
import { swapTables } from "./publish.ts";
import type { StagedUnit } from "./staging.ts";
import { AFTERMATH_TABLE } from "./staging-names.ts";
import { lockOut, SECONDS_TO_END } from "./target-lock.ts";

/** Swaps the tables and does what comes behind it. `onPublished` tells, where that fails, that there is no way back. */
export async function publishStaged(end: MysqlEnd, unit: StagedUnit, isKept: boolean, onPublished: () => void): Promise<void> {
  const { client } = end;
  try {
    await end.doing("publishing", async () => {
      await swapTables(client, unit);
      await finishAftermath(client);
    });
  } catch (error) {
    // A target that was empty is emptied again by the rollback, which there is none of where things are kept.
    if (unit.definition !== null && !isKept) throw client.isLost ? lostWhilePublishing() : error;
    await recover(end, error, onPublished);
  }
}

/** Looks, through a session of its own where the first is lost, on which side of the swap things broke off, and finishes what comes behind it. */
async function recover(end: MysqlEnd, error: unknown, onPublished: () => void): Promise<void> {
  const { client } = end;
  const fresh = client.isLost ? await end.connectAnew().catch(() => null) : client;
  if (fresh === null) throw lostWhilePublishing();
  try {
    // Who cannot look does not know: to claim either side may be wrong.
    const broke = await lookAgain(fresh, fresh !== client).catch(() => {
      throw lostWhilePublishing();
    });
    if (broke === "before the swap") throw error;
    onPublished();
    if (broke === "after the swap")
      await finishAftermath(fresh).catch(() => {
        throw leftBehind();
      });
  } finally {
    if (fresh !== client) await fresh.close();
  }
}

async function lookAgain(client: MysqlClient, isFresh: boolean): Promise<Interrupted> {
  await pinSession(client);
  if (isFresh) await lockOut(client, SECONDS_TO_END);
  return findInterrupted(client);
}

function leftBehind(): StandinError {
  const message = "The new tables are published, but their keys and triggers did not all get their own names back.";
  const hint = `Run again when the server is well: the next run begins with what is left, which is in ${AFTERMATH_TABLE}.`;
  const error = new StandinError("SINK_FAILED", message, { hint });
  error.isPublished = true;
  return error;
}
