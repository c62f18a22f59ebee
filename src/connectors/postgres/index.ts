export { type PGliteLike, pgliteClient } from "./pglite-client.ts";
export type { CopyIn, PostgresClient } from "./postgres-client.ts";
export { postgresEncoder } from "./postgres-encoder.ts";
export type { PostgresOptions } from "./postgres-end.ts";
export { postgresReader } from "./postgres-reader.ts";
export { postgresSink } from "./postgres-sink.ts";
export { type PostgresSourceOptions, postgresSource } from "./postgres-source.ts";
export { standingPostgres } from "./standing-postgres.ts";
