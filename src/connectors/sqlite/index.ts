export { sqliteSink } from "./sqlite-sink.ts";
export { type SqliteOptions, sqliteSource } from "./sqlite-source.ts";
