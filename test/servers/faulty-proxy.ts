import { connect, createServer, type Socket } from "node:net";

type Side = "client" | "server";

/** What becomes of bytes that arrive: they pass, so many of them pass before the line is cut politely (FIN) or rudely (RST). */
export type Verdict = "pass" | { readonly pass: number; readonly then: "end" | "reset" };

export interface FaultyProxyOptions {
  /** Judges bytes as they come, with how many came from that side before. @default everything passes */
  readonly judge?: (from: Side, bytes: Buffer, before: number) => Verdict;
  /** Lets so many bytes pass in a second, each in a segment of its own. */
  readonly bytesPerSecond?: number;
}

/** A server in front of a server, which does to a connection what bad networks do. */
export interface FaultyProxy {
  /** The URL that leads through it. */
  readonly url: string;
  /** Bytes that came from a side, of all connections. */
  bytesFrom(side: Side): number;
  /** Falls silent without hanging up: bytes wait until it goes on. */
  stall(): void;
  goOn(): void;
  /** Takes every byte and passes none, as a network does that lost the other end. */
  swallow(): void;
  cut(how: "end" | "reset"): void;
  close(): void;
}

interface Line {
  readonly from: Side;
  readonly in: Socket;
  readonly out: Socket;
}

/** Opens a proxy before the server of a URL. */
export async function faultyProxy(url: string, options: FaultyProxyOptions = {}): Promise<FaultyProxy> {
  const { judge = () => "pass", bytesPerSecond } = options;
  const behind = new URL(url);
  const lines = new Set<Line>();
  const counted = { client: 0, server: 0 };
  let [isStalled, swallows] = [false, false];
  const cut = (how: "end" | "reset") => {
    for (const { in: socket } of lines) how === "end" ? socket.end() : socket.resetAndDestroy();
    lines.clear();
  };
  const pass = async (line: Line, bytes: Buffer) => {
    if (bytesPerSecond !== undefined) await trickle(line.out, bytes, bytesPerSecond);
    else if (!line.out.write(bytes)) await new Promise<void>((resolve) => line.out.once("drain", resolve).once("close", resolve));
  };
  const onBytes = async (line: Line, bytes: Buffer) => {
    const verdict = judge(line.from, bytes, counted[line.from]);
    counted[line.from] += bytes.length;
    if (swallows) return;
    await pass(line, verdict === "pass" ? bytes : bytes.subarray(0, verdict.pass));
    if (verdict !== "pass") cut(verdict.then);
  };
  const server = createServer((front) => {
    const back = connect(Number(behind.port || (behind.protocol === "mysql:" ? 3306 : 5432)), behind.hostname);
    const pair: Line[] = [
      { from: "client", in: front, out: back },
      { from: "server", in: back, out: front },
    ];
    for (const line of pair) {
      line.in.setNoDelay();
      lines.add(line);
      line.in.on("data", (bytes) => {
        line.in.pause();
        void onBytes(line, bytes).then(() => {
          if (!isStalled) line.in.resume();
        });
      });
      line.in.on("error", () => {});
      line.in.on("close", () => {
        lines.delete(line);
        line.out.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).toString(),
    bytesFrom: (side) => counted[side],
    stall() {
      isStalled = true;
      for (const line of lines) line.in.pause();
    },
    goOn() {
      isStalled = false;
      for (const line of lines) line.in.resume();
    },
    swallow() {
      swallows = true;
    },
    cut,
    close() {
      server.close();
      for (const line of lines) line.in.destroy();
    },
  };
}

/** Writes byte by byte, resting in between as the speed asks. */
async function trickle(out: Socket, bytes: Buffer, bytesPerSecond: number): Promise<void> {
  const RESTS = 50;
  const share = Math.ceil(bytesPerSecond / RESTS);
  for (let start = 0; start < bytes.length && !out.destroyed; start += share) {
    for (const byte of bytes.subarray(start, start + share)) out.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 1000 / RESTS));
  }
}
