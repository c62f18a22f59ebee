import { StandinError } from "../errors.ts";

/** Where shards wait for workers: a Redis or PostgreSQL that the coordinator and every worker reach. */
export interface QueueLocation {
  /** `redis://…`, `rediss://…` or `postgres://…`; or what BullMQ takes as the connection of a Redis (a cluster, a sentinel). */
  readonly connection: string | object;
  /** The queue's name: one for each policy that runs at a time. @default "standin" */
  readonly name?: string | undefined;
}

export interface KnownQueue {
  readonly system: "redis" | "postgres";
  readonly name: string;
  readonly connection: string | object;
}

const USUAL_NAME = "standin";

/** Reads where the queue is. Throws LOCATION_INVALID, which never quotes a URL. */
export function locateQueue(queue: string | QueueLocation): KnownQueue {
  const { connection, name = USUAL_NAME } = typeof queue === "string" ? { connection: queue } : queue;
  if (!/^[\w.-]{1,100}$/.test(name))
    throw new StandinError("OPTION_INVALID", "A queue's name has letters, digits, _, . and - alone, 100 at most.");
  if (typeof connection === "object") return { system: "redis", name, connection };
  const scheme = /^([a-z]+):\/\//i.exec(connection)?.[1]?.toLowerCase();
  if (scheme === "redis" || scheme === "rediss") return { system: "redis", name, connection };
  if (scheme === "postgres" || scheme === "postgresql") return { system: "postgres", name, connection };
  throw new StandinError("LOCATION_INVALID", "The queue's URL cannot be read.", {
    hint: "Write redis://user:password@host:port, rediss://… or postgres://user:password@host:port/database.",
  });
}
