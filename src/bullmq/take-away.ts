import { setTimeout as wait } from "node:timers/promises";
import type { Job, Queue, Worker } from "bullmq";
import type { QueueDoor } from "./queue-door.ts";
import { jobIdOf, type RunJobData } from "./run-jobs.ts";

/** Longest wait for workers to let go of the jobs of a run that was stopped. */
const LET_GO_MILLISECONDS = 5_000;

/** Jobs taken away at a time. */
const AT_A_TIME = 200;

/** Takes a run that has ended out of the queue, with its `count` jobs. A worker that stands still finds nothing when it goes on. */
export async function takeAway(
  door: QueueDoor,
  runJob: Job<RunJobData>,
  count: number,
  isPublished: boolean,
  publisher: Worker | null,
): Promise<void> {
  const runQueue = door.queue(runJob.queueName);
  if (!isPublished) {
    await runJob.updateData({ ...runJob.data, isOver: true }).catch(() => {});
    await removeJobs(door.queue(door.name), runJob.id!, count);
    const ends = performance.now() + LET_GO_MILLISECONDS;
    while (!(await isRemoved(runQueue, runJob.id!)) && performance.now() < ends) await wait(250);
  }
  await publisher?.close(!isPublished);
  await runQueue.obliterate({ force: true });
}

/** The last first, as workers take the first. Those under work stay until their workers let go. */
async function removeJobs(queue: Queue, runId: string, count: number): Promise<void> {
  for (let to = count; to > 0; to -= AT_A_TIME) {
    const some = Array.from({ length: Math.min(AT_A_TIME, to) }, (_, index) => jobIdOf(runId, to - 1 - index));
    await Promise.allSettled(some.map((id) => queue.remove(id)));
  }
}

/** False where somebody still works on what hangs on the job. */
async function isRemoved(queue: Queue, id: string): Promise<boolean> {
  return (await queue.remove(id, { removeChildren: true }).catch(() => 0)) === 1;
}
