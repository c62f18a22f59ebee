export type { GivenTarget, OpenTarget } from "../given-sink.ts";
export type { GivenBytes, OpenBytes } from "../table-input.ts";
export type { JsonlReadOptions, JsonlSinkOptions, JsonlSourceOptions } from "./jsonl-options.ts";
export { jsonlSink } from "./jsonl-sink.ts";
export { jsonlSource } from "./jsonl-source.ts";
export { type JsonlStreamOptions, jsonlStreamSink, jsonlStreamSource } from "./jsonl-stream.ts";
