export { dumpFormatNamed } from "./dump-formats.ts";
export { DumpStreamOutput } from "./dump-output.ts";
export { dumpScriptOf } from "./dump-scripts.ts";
export { dumpSink } from "./dump-sink.ts";
export { dumpSource } from "./dump-source.ts";
export { readStdin } from "./dump-stdin.ts";
export { readDumpSchema } from "./read-dump-schema.ts";
