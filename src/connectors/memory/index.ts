export { MemorySink } from "./memory-sink.ts";
export { type MemoryTables, memorySource } from "./memory-source.ts";
