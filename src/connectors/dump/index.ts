export { dumpFormatNamed } from "./dump-formats.ts";
export { DumpStreamOutput } from "./dump-output.ts";
export { readDumpSchema } from "./read-dump-schema.ts";
