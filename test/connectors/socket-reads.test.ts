import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { tapStream } from "../../src/connectors/socket-reads.ts";

const READS = 8;

/** A stream whose driver listens, and reads of it one by one. */
function streamOf() {
  const heard: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (bytes: Buffer) => heard.push(bytes.toString()));
  const read = async (text: string) => {
    stream.write(text);
    await turn();
  };
  return { stream, heard, read };
}

it("has whoever sends wait while reads are kept, and go on when they are given back", async () => {
  const { stream, heard, read } = streamOf();
  const taken: Buffer[] = [];
  const tap = tapStream(stream, (bytes) => taken.push(bytes) > 0);
  for (let count = 0; count < READS; count++) await read("x");
  expect(taken.length).toBeLessThan(READS);
  for (let count = 0; count < READS; count++) {
    tap.release(taken[count]!);
    await turn();
  }
  expect([taken.length, heard]).toEqual([READS, []]);
});

it("has its driver read on though nothing was given back", async () => {
  for (let kept = 0; kept < READS; kept++) {
    const { stream, heard, read } = streamOf();
    const tap = tapStream(stream, (bytes) => {
      if (bytes.toString() === "end") tap.close(bytes);
      return true;
    });
    for (let count = 0; count < kept; count++) await read("x");
    if (stream.isPaused()) break;
    await read("end");
    await read("next");
    expect(heard, `with ${kept} reads kept`).toEqual(["end", "next"]);
  }
});
