import { isDeepStrictEqual } from "node:util";
import type { EncodedRows, RowEncoder, RunMark, ShardStage, Sink, StagedShard } from "../contracts.ts";
import { tableName } from "../table-ref.ts";
import type { ExamRow, SinkSitting } from "./sink-sitting.ts";

const MARK: RunMark = {
  runId: "00000000-0000-4000-8000-00000000e8a3",
  version: "0.0.0",
  planFingerprint: "an exam",
  keyFingerprint: null,
  shardBytes: 64,
  createsTables: false,
};

/** Rows that are written out elsewhere come to the same as batches do. */
export async function examineEncoded(sitting: SinkSitting, rows: readonly ExamRow[]): Promise<void> {
  const { broken, exam, toWrite } = sitting;
  const what = "publishing rows that were written out elsewhere";
  await sitting.withSink(what, async (sink) => {
    await sitting.begin(sink);
    const encoder = encoderOf(sitting, sink);
    const writer = await broken.inTime("writer", sink.writer(toWrite));
    if (writer.writeEncoded === undefined) {
      broken.say("encoding names a form that a writer does not take");
      return;
    }
    for (const encoded of encode(sitting, encoder, rows)) await broken.inTime("writeEncoded", writer.writeEncoded(encoded));
    broken.expect((await broken.inTime("end", writer.end())) === rows.length, "end counts other rows than were written");
    await broken.inTime("commit", sink.commit());
  });
  sitting.expectRows(await exam.readRows(), rows, `${what} gives other rows than were written`);
}

/** A part of the exam's rows, as a shard. */
interface Part {
  readonly rows: readonly ExamRow[];
  readonly record: StagedShard;
}

/** A run that breaks off is told by who comes next, shows nothing, and comes to exactly its rows when it is gone on with. */
export async function examineStage(sitting: SinkSitting, rows: readonly ExamRow[]): Promise<void> {
  const { broken, exam, toWrite } = sitting;
  const third = Math.floor(rows.length / 3);
  const parts = [rows.slice(0, third), rows.slice(third, 2 * third), rows.slice(2 * third)].map((rows, index): Part => {
    const checksum = String(index).repeat(16);
    return { rows, record: { table: tableName(toWrite.table.ref), shard: `part ${index}`, rows: rows.length, checksum } };
  });
  const [first, second, last] = parts as [Part, Part, Part];
  const before = await sitting.look();

  await breakOff(sitting, "staging", [first, second], async (stage, sink) => {
    const writer = await broken.inTime("writer", stage.writer(toWrite, { id: last.record.shard, range: null }));
    for (const encoded of encode(sitting, encoderOf(sitting, sink), last.rows))
      await broken.inTime("write", writer.write(encoded));
    await sitting.glance(before.rows, "readers see shards before commit");
    await broken.inTime("abort", writer.abort());
  });
  sitting.expectRows(await exam.readRows(), before.rows, "a run that kept its shards does not leave the rows as they were");

  await sitting.withSink("going on", async (sink) => {
    const stage = sink.stage!;
    await broken.inTime("schema", sink.schema());
    await expectLeft(sitting, stage, [first, second]);
    const { notes } = await broken.inTime("resume", stage.resume([toWrite], definitionOf(sitting), neverAborted()));
    sitting.expectNotes(notes, "resume");
    const stay = await broken.inTime("discard", stage.discard(toWrite, [second.record.shard]));
    broken.expect(
      stay.every((name) => name === first.record.shard),
      "discard keeps a shard that it was to take out",
    );
    for (const part of parts) if (!stay.includes(part.record.shard)) await stagePart(sitting, sink, part);
    await sitting.glance(before.rows, "readers see shards before commit");
    await broken.inTime("commit", sink.commit());
  });
  const after = await sitting.look();
  sitting.expectRows(after.rows, rows, "publishing shards gives other rows than were staged");
  broken.expect(isDeepStrictEqual(after.traces, before.traces), "publishing shards leaves traces");
  await expectNothingLeft(sitting, "commit");

  await breakOff(sitting, "staging again", [first]);
  await breakOff(sitting, "beginning anew", [second]);
  await sitting.withSink("looking for what is left", (sink) => expectLeft(sitting, sink.stage!, [second]));
  await sitting.withSink("dropping what is left", (sink) => sitting.begin(sink));
  await expectNothingLeft(sitting, "a run that keeps nothing");
  const dropped = await sitting.look();
  sitting.expectRows(dropped.rows, rows, "dropping what is left does not leave the rows as they were");
  broken.expect(isDeepStrictEqual(dropped.traces, before.traces), "dropping what is left leaves traces");
}

/** A run that stages parts and ends without `commit`. */
function breakOff(
  sitting: SinkSitting,
  what: string,
  parts: readonly Part[],
  further: (stage: ShardStage, sink: Sink) => Promise<void> = async () => {},
): Promise<void> {
  const { broken, toWrite } = sitting;
  return sitting.withSink(what, async (sink) => {
    const stage = sink.stage!;
    await broken.inTime("schema", sink.schema());
    const { notes } = await broken.inTime("begin", stage.begin([toWrite], definitionOf(sitting), MARK, neverAborted()));
    sitting.expectNotes(notes, "begin");
    for (const part of parts) await stagePart(sitting, sink, part);
    await further(stage, sink);
    await broken.inTime("rollback", sink.rollback());
  });
}

async function stagePart(sitting: SinkSitting, sink: Sink, { rows, record }: Part): Promise<void> {
  const { broken, toWrite } = sitting;
  const writer = await broken.inTime("writer", sink.stage!.writer(toWrite, { id: record.shard, range: null }));
  for (const encoded of encode(sitting, encoderOf(sitting, sink), rows)) await broken.inTime("write", writer.write(encoded));
  broken.expect(
    (await broken.inTime("end", writer.end(record))) === rows.length,
    "a shard's end counts other rows than were written",
  );
}

async function expectLeft({ broken }: SinkSitting, stage: ShardStage, parts: readonly Part[]): Promise<void> {
  const left = await broken.inTime("left", stage.left());
  const told = left?.shards.map((shard) => ({ ...shard })).sort((one, other) => (one.shard < other.shard ? -1 : 1));
  broken.expect(
    isDeepStrictEqual(
      told,
      parts.map(({ record }) => record),
    ),
    "left tells other shards than were kept",
  );
  // Whether tables were made is the sink's to know.
  const { createsTables } = MARK;
  broken.expect(isDeepStrictEqual({ ...left?.mark, createsTables }, MARK), "left tells another mark than the run had");
}

function expectNothingLeft(sitting: SinkSitting, after: string): Promise<void> {
  const { broken } = sitting;
  return sitting.withSink("looking for what is left", async (sink) => {
    broken.expect((await broken.inTime("left", sink.stage!.left())) === null, `a run is left after ${after}`);
  });
}

const neverAborted = () => new AbortController().signal;
const definitionOf = ({ exam }: SinkSitting) => exam.definition ?? null;

/** An encoder as a thread makes it: from a copy. */
const encoderOf = ({ exam, toWrite }: SinkSitting, sink: Sink): RowEncoder =>
  exam.encoder!(structuredClone(sink.encoding!(toWrite).how), structuredClone(toWrite));

/** Writes rows out, each batch given back and each piece given away, as from thread to thread. */
function* encode(sitting: SinkSitting, encoder: RowEncoder, rows: readonly ExamRow[]): Generator<EncodedRows> {
  for (const batch of sitting.batches(rows)) {
    const encoded = encoder.encode(batch);
    sitting.broken.expect(encoded.rows === batch.rowCount, "encode counts other rows than the batch has");
    batch.release();
    yield {
      ...encoded,
      pieces: encoded.pieces.map((piece) => structuredClone(piece, { transfer: [piece.buffer as ArrayBuffer] })),
    };
  }
}
