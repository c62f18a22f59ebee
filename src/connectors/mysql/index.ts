import type { Sink, Source } from "../../contracts.ts";

export interface MysqlOptions {
  readonly url: string;
}

export function mysqlSource(_options: MysqlOptions): Source {
  throw new Error("being written");
}

export function mysqlSink(_options: MysqlOptions): Sink {
  throw new Error("being written");
}
