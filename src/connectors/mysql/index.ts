export { loadDriver } from "./mysql-driver.ts";
export { mysqlReader } from "./read/mysql-reader.ts";
export { type MysqlSourceOptions, mysqlSource } from "./read/mysql-source.ts";
export { standingMysql } from "./standing/standing-mysql.ts";
export { mysqlEncoder } from "./write/mysql-encoder.ts";
export type { MysqlOptions } from "./write/mysql-end.ts";
export { type MysqlSinkOptions, mysqlSink } from "./write/mysql-sink.ts";
