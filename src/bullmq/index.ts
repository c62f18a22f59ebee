export { type DistributeOptions, distribute } from "./distribute.ts";
export type { QueueLocation } from "./queue-location.ts";
export { type QueueWorker, startWorker, type WorkerEvent, type WorkerOptions } from "./start-worker.ts";
