import { connect, createServer, type Socket } from "node:net";

/** A server in front of a server, which writes down every statement that clients send. */
export interface RecordingProxy {
  /** The URL that leads through it. */
  readonly url: string;
  readonly statements: readonly string[];
  /** What clients said of themselves when they came. */
  readonly greetings: readonly string[];
  /** Most sessions at one time. */
  readonly mostSessions: number;
  close(): void;
}

/** Takes what a client sends, and gives the statements in it. */
interface Reader {
  readonly statements: string[];
  readonly greetings: string[];
}

/** Opens a proxy before the server of a URL, which must speak without TLS. */
export async function recordingProxy(url: string): Promise<RecordingProxy> {
  const behind = new URL(url);
  const isMysql = behind.protocol === "mysql:";
  const heard: Reader = { statements: [], greetings: [] };
  const sockets = new Set<Socket>();
  let [sessions, mostSessions] = [0, 0];
  const server = createServer((front) => {
    const back = connect(Number(behind.port || (isMysql ? 3306 : 5432)), behind.hostname);
    mostSessions = Math.max(mostSessions, ++sessions);
    front.on("close", () => sessions--);
    const read = isMysql ? readMysql(heard) : readPostgres(heard);
    front.on("data", read);
    for (const socket of [front, back]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    front.pipe(back).pipe(front);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).toString(),
    ...heard,
    get mostSessions() {
      return mostSessions;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** PostgreSQL 15, 55.7: packets without a type until a startup with version 3, then a type and a length. Statements come in Query and Parse. */
function readPostgres({ statements, greetings }: Reader): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isStarted = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const at = isStarted ? 1 : 0;
      if (rest.length < at + 4 || rest.length < at + rest.readInt32BE(at)) return;
      const message = rest.subarray(0, at + rest.readInt32BE(at));
      rest = rest.subarray(message.length);
      if (!isStarted) {
        isStarted = message.readInt32BE(4) === 0x30000;
        if (isStarted) greetings.push(message.toString("latin1", 8));
        continue;
      }
      const text = message.toString("utf8", 5).split("\0");
      if (message[0] === 0x51) statements.push(text[0]!);
      if (message[0] === 0x50) statements.push(text[1]!);
    }
  };
}

/** The MySQL client/server protocol: a length of three bytes and a number, from 0 with each command. Statements come in COM_QUERY. */
function readMysql({ statements, greetings }: Reader): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  let isStarted = false;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
      const packet = rest.subarray(0, 4 + rest.readUIntLE(0, 3));
      rest = rest.subarray(packet.length);
      if (!isStarted) greetings.push(packet.toString("latin1", 4));
      else if (packet[3] === 0 && packet[4] === 0x03) statements.push(packet.toString("utf8", 5));
      else if (packet[3] === 0) statements.push(`command ${packet[4]}`);
      isStarted = true;
    }
  };
}
