import { PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { csvStreamSink, csvStreamSource } from "../../src/connectors/csv/index.ts";
import { refresh } from "../../src/refresh.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { TEST_KEY } from "../test-key.ts";

const tables = { stdin: { a: redact() } };
const many = () =>
  Readable.from(["a\n", ...Array.from({ length: 40 }, () => "canary\n".repeat(10_000))].map((text) => Buffer.from(text)));

function pipe(input: Readable, output: Writable, signal?: AbortSignal) {
  const ends = { source: csvStreamSource(input), target: csvStreamSink(output) };
  return refresh({ ...ends, tables }, { key: TEST_KEY, signal }).catch((error) => error);
}

describe("CSV through streams", () => {
  it("gives the masked rows, and leaves the output open", async () => {
    const output = new PassThrough();
    const chunks: Buffer[] = [];
    output.on("data", (chunk) => chunks.push(chunk));
    await pipe(Readable.from([Buffer.from("a\nx"), Buffer.from("y\n\n")]), output);
    expect(Buffer.concat(chunks).toString()).toBe("a\n**\n\n");
    expect(output.writable).toBe(true);
    expect(output.listenerCount("error")).toBe(0);
  });

  it("stops at an abort where the input gives nothing: before its header, and among its rows", async () => {
    expect(await pipe(new PassThrough(), new PassThrough(), AbortSignal.timeout(50))).toMatchObject({ code: "ABORTED" });
    const input = new PassThrough();
    input.write(`a\n${"row\n".repeat(20_000)}`);
    expect(await pipe(input, new PassThrough().resume(), AbortSignal.timeout(50))).toMatchObject({ code: "ABORTED" });
    expect(input.destroyed).toBe(true);
  });

  it("stops at an abort where the output takes nothing", async () => {
    expect(await pipe(many(), new Writable({ write() {} }), AbortSignal.timeout(100))).toMatchObject({ code: "ABORTED" });
  });

  it("fails where the output breaks, without ending the process or quoting it", async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE canary")) });
    const error = await pipe(many(), broken);
    expect(error).toMatchObject({ code: "SINK_FAILED", phase: "during" });
    expect(`${error.stack}`).not.toContain("canary");
  });

  it("fails where the input breaks off: a part is never taken for the whole", async () => {
    for (const reason of [new Error("canary"), undefined]) {
      const input = new PassThrough();
      input.write("a\n1\n2\n");
      setTimeout(() => input.destroy(reason), 20);
      const error = await pipe(input, new PassThrough().resume());
      expect(error).toMatchObject({ code: "SOURCE_FAILED" });
      expect(`${error.stack}`).not.toContain("canary");
    }
  });
});
