import { distribute } from "standin/bullmq";
import { policy, queue } from "./policy.mjs";

const report = await distribute(policy, {
  queue,
  // Most jobs under work at a time: each has a session on the source and one on the target.
  atOnce: 8,
  onProgress: (event) => {
    if (event.type === "note") console.log(event.message);
    if (event.type === "table-finished") console.log(`${event.table}: ${event.rows} rows`);
  },
});
console.log(`${report.rows} rows published`);
