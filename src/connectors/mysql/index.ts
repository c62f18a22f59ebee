export { loadDriver } from "./mysql-driver.ts";
export { mysqlEncoder } from "./mysql-encoder.ts";
export type { MysqlOptions } from "./mysql-end.ts";
export { mysqlReader } from "./mysql-reader.ts";
export { type MysqlSinkOptions, mysqlSink } from "./mysql-sink.ts";
export { type MysqlSourceOptions, mysqlSource } from "./mysql-source.ts";
export { standingMysql } from "./standing-mysql.ts";
