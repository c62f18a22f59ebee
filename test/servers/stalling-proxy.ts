import { connect, createServer, type Socket } from "node:net";

/** A server in front of a server, which can fall silent without hanging up. */
export interface StallingProxy {
  /** The URL that leads through it. */
  readonly url: string;
  stall(): void;
  close(): void;
}

/** Opens a proxy before the server of a URL. */
export async function stallingProxy(url: string): Promise<StallingProxy> {
  const behind = new URL(url);
  const sockets = new Set<Socket>();
  let isStalled = false;
  const server = createServer((front) => {
    const back = connect(Number(behind.port || (behind.protocol === "mysql:" ? 3306 : 5432)), behind.hostname);
    for (const [from, to] of [
      [front, back],
      [back, front],
    ] as const) {
      sockets.add(from);
      from.on("data", (bytes) => {
        if (isStalled) return;
        if (!to.write(bytes)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      });
      from.on("error", () => {});
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).toString(),
    stall() {
      isStalled = true;
      for (const socket of sockets) socket.pause();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
