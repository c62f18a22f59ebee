import { connect } from "node:net";
import { describe } from "vitest";

/** The URL of a Redis that tests may make queues on, or null. */
export const redisUrl: string | null = await findRedis();

async function findRedis(): Promise<string | null> {
  if (process.env.STANDIN_TEST_SERVERS === "off") return null;
  const url = process.env.STANDIN_TEST_REDIS_URL ?? "redis://127.0.0.1:6379";
  return (await answers(new URL(url))) ? url : null;
}

function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 1000 });
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket
      .once("connect", () => end(true))
      .once("error", () => end(false))
      .once("timeout", () => end(false));
  });
}

/** Runs a suite against a real Redis; without one it is skipped with a line that says how to get one, in CI as well: the same is shown by a queue in PostgreSQL. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (redisUrl !== null) describe(name, suite);
  else describe.skip(`${name} (skipped: start Redis on 127.0.0.1:6379, or set STANDIN_TEST_REDIS_URL)`, suite);
}
