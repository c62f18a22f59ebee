import { startWorker } from "standin/bullmq";
import { policy, queue } from "./policy.mjs";

const stop = new AbortController();
// Finishes the jobs under work, and ends.
process.on("SIGTERM", () => stop.abort());

const worker = await startWorker(policy, { queue, concurrency: 2, signal: stop.signal });
const { jobs, rows } = await worker.ended;
console.log(`worker ${process.pid}: ${jobs} jobs, ${rows} rows`);
