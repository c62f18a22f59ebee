import { parentPort, workerData } from "node:worker_threads";
import { connectEncoder, readersOf } from "./connect.ts";
import { serveShards } from "./pipeline/shards/serve-shards.ts";

// The entry of a run's worker threads.

await serveShards(parentPort!, workerData, { connectEncoder, readersOf });
