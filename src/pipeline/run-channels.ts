import { type Channel, channel } from "node:diagnostics_channel";
import type { OnProgress, ProgressEvent } from "./progress.ts";
import { sumRows } from "./sum-rows.ts";

/** What is published on `standin:run`, `standin:table` and `standin:rows`: an event of a run, and which run's it is. */
export type RunMessage = ProgressEvent & { readonly runId: string };

/** Rows come in batches, many a second. */
const ROWS_MILLISECONDS = 1000;

const RUN = channel("standin:run");
const TABLE = channel("standin:table");
const ROWS = channel("standin:rows");

/** What is about rows or a table has a channel of its own; all else is about the run. */
function channelOf(type: ProgressEvent["type"]): Channel {
  if (type === "rows") return ROWS;
  return type === "table-started" || type === "table-finished" ? TABLE : RUN;
}

/** Publishes a run's events to whoever subscribed; where nobody did, no message is made. Rows as their sum, once a second. */
export function publishEvents(runId: string): OnProgress {
  const publish = (event: ProgressEvent) => {
    const to = channelOf(event.type);
    if (to.hasSubscribers) to.publish({ ...event, runId } satisfies RunMessage);
  };
  const summed = sumRows(publish, ROWS_MILLISECONDS);
  return (event) => {
    if (event.type !== "rows" || ROWS.hasSubscribers) summed(event);
  };
}
