export { type PGliteLike, pgliteClient } from "./pglite-client.ts";
export type { CopyIn, PostgresClient } from "./postgres-client.ts";
export { postgresReader } from "./read/postgres-reader.ts";
export { type PostgresSourceOptions, postgresSource } from "./read/postgres-source.ts";
export { standingPostgres } from "./standing/standing-postgres.ts";
export { postgresEncoder } from "./write/postgres-encoder.ts";
export type { PostgresOptions } from "./write/postgres-end.ts";
export { postgresSink } from "./write/postgres-sink.ts";
