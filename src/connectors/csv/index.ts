export type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
export type { GivenTarget, OpenTarget } from "../given-sink.ts";
export type { GivenBytes, OpenBytes } from "../table-input.ts";
export { csvEncoder } from "./csv-encoder.ts";
export type { CsvGivenSinkOptions, CsvReadOptions, CsvSinkOptions } from "./csv-options.ts";
export { csvReader } from "./csv-shared.ts";
export { csvSink } from "./csv-sink.ts";
export { type CsvSourceOptions, csvSource } from "./csv-source.ts";
export { type CsvStreamOptions, csvStreamSink, csvStreamSource } from "./csv-stream.ts";
