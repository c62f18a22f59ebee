import { answersMysql, makeMysql, mysqlBinary } from "./private-mysql.ts";
import { answersPostgres, makePostgres, postgresBinaries } from "./private-postgres.ts";

interface Server {
  readonly url: string;
  start(): Promise<void>;
  remove(): Promise<void>;
}

interface Kind {
  /** Where its URL is told to the test files. */
  readonly variable: string;
  readonly usual: string;
  answers(url: string): Promise<boolean>;
  /** A server of our own, not started yet, or null where it is not installed. */
  make(): Promise<Server> | null;
}

const KINDS: readonly Kind[] = [
  {
    variable: "STANDIN_TEST_PG_URL",
    usual: "postgres://root@127.0.0.1:5432/postgres",
    answers: answersPostgres,
    make: () => (postgresBinaries() === null ? null : makePostgres()),
  },
  {
    variable: "STANDIN_TEST_MYSQL_URL",
    usual: "mysql://root@127.0.0.1:3306",
    answers: answersMysql,
    make: () => (mysqlBinary() === null ? null : makeMysql()),
  },
];

/** Finds the servers to test against, once for all test files of a run, and starts what is installed only: that stops with the run. */
export default async function setUp(): Promise<() => Promise<void>> {
  const own: Server[] = [];
  if (process.env.STANDIN_TEST_SERVERS !== "off")
    for (const { variable, usual, answers, make } of KINDS) {
      if (process.env[variable] !== undefined) continue;
      if (await answers(usual)) process.env[variable] = usual;
      else {
        const server = await started(make);
        if (server === null) continue;
        own.push(server);
        process.env[variable] = server.url;
      }
    }
  return async () => {
    for (const server of own) await server.remove();
  };
}

/** What cannot be started is as good as not installed: its suites are skipped, and say how to get one. */
async function started(make: Kind["make"]): Promise<Server | null> {
  let server: Server | null = null;
  try {
    server = await make();
    await server?.start();
    return server;
  } catch {
    await server?.remove();
    return null;
  }
}
