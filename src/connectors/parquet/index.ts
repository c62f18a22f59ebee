export type { GivenTarget, OpenTarget } from "../given-sink.ts";
export type {
  ParquetReadOptions,
  ParquetSinkOptions,
  ParquetSourceOptions,
  ParquetWriteOptions,
  RangeBytes,
} from "./parquet-options.ts";
export { parquetSink } from "./parquet-sink.ts";
export { parquetSource } from "./parquet-source.ts";
