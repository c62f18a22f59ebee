import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopyMessages } from "../../src/connectors/postgres/read/pg-copy-messages.ts";

const message = (code: string, content: Uint8Array): Buffer => {
  const header = Buffer.from(`${code}....`);
  header.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([header, content]);
};

/** Cuts bytes into reads of these lengths, in turn. */
function* reads(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + lengths[turn % lengths.length]!;
    yield Buffer.from(bytes.subarray(at, end));
    at = end;
  }
}

describe("CopyMessages", () => {
  it("gives the rows and what follows them, however reads cut the messages", () => {
    const part = fc.tuple(fc.constantFrom("d", "d", "d", "N", "S", "A"), fc.uint8Array({ maxLength: 200 }));
    const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
    const end = fc.constantFrom("c", "E", "C", "Z");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), end, lengths, (parts, last, cuts) => {
        const behind = Buffer.concat([message(last, Buffer.from("x")), message("Z", Buffer.from("I"))]);
        const bytes = Buffer.concat([
          message("H", Buffer.from([0, 0, 0])),
          ...parts.map(([code, content]) => message(code, content)),
          behind,
        ]);
        const messages = new CopyMessages();
        const rows: Buffer[] = [];
        let rest: Buffer[] | null = null;
        for (const read of reads(bytes, cuts)) {
          if (rest !== null) {
            rest.push(read);
            continue;
          }
          const taken = messages.take(read);
          rows.push(Buffer.from(taken.rows));
          if (taken.rest !== null) rest = [taken.rest];
        }
        expect(Buffer.concat(rows)).toEqual(
          Buffer.concat(parts.map(([code, content]) => (code === "d" ? content : Buffer.alloc(0)))),
        );
        expect(Buffer.concat(rest!)).toEqual(behind);
      }),
    );
  });
});
