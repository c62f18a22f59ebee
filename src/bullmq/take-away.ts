import { setTimeout as wait } from "node:timers/promises";
import type { Job, Worker } from "bullmq";
import type { QueueDoor } from "./queue-door.ts";
import type { RunJobData } from "./run-jobs.ts";

/** Longest wait for workers to let go of the jobs of a run that was stopped. */
const LET_GO_MILLISECONDS = 5_000;

/** Takes a run that has ended out of the queue. A worker that stands still finds nothing when it goes on. */
export async function takeAway(
  door: QueueDoor,
  runJob: Job<RunJobData>,
  isPublished: boolean,
  publisher: Worker | null,
): Promise<void> {
  const runQueue = door.queue(runJob.queueName);
  if (!isPublished) {
    await runJob.updateData({ ...runJob.data, isOver: true }).catch(() => {});
    const ends = performance.now() + LET_GO_MILLISECONDS;
    while (!(await isGone(() => runQueue.remove(runJob.id!, { removeChildren: true }))) && performance.now() < ends)
      await wait(250);
  }
  await publisher?.close(!isPublished);
  await runQueue.obliterate({ force: true });
}

/** False where somebody still works on it or on what hangs on it. */
async function isGone(remove: () => Promise<number>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch {
    return false;
  }
}
