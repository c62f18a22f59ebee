import { describe, expect, it } from "vitest";
import { objectTable } from "../../src/batch/object-table.ts";
import type {
  EncodedRows,
  LeftRun,
  RowBatch,
  RunMark,
  ShardStage,
  ShardWriter,
  Sink,
  StagedShard,
  TableWriter,
} from "../../src/contracts.ts";
import { checkSink, type ExamRow, type SinkExam } from "../../src/testing/index.ts";
import { PEOPLE } from "./examined-people.ts";

const table = objectTable("people", ["id", "name", "note"], []);

/** What a sink writes to: the rows that readers see, and what a run that broke off has left. */
interface Place {
  rows: readonly ExamRow[];
  left: { readonly mark: RunMark; readonly shards: { readonly record: StagedShard; readonly rows: readonly ExamRow[] }[] } | null;
  traces: number;
}

const cellsOf = (batch: RowBatch): ExamRow[] => {
  const columns = table.columns.map((_, index) => batch.replacement(index) ?? batch.column(index));
  return Array.from({ length: batch.rowCount }, (_, row) => columns.map((values) => values[row]!));
};

const encoder: NonNullable<SinkExam["encoder"]> = () => ({
  encode: (batch) => ({ rows: batch.rowCount, pieces: [new TextEncoder().encode(JSON.stringify(cellsOf(batch)))], tally: 0 }),
});

const decode = ({ pieces }: EncodedRows): ExamRow[] => JSON.parse(Buffer.concat(pieces).toString());

/** A sink that keeps the contract, stage and all. */
function honestSink(place: Place): Sink & { readonly stage: ShardStage } {
  let written: ExamRow[] = [];
  let isStaging = false;
  const stage: ShardStage = {
    left: async (): Promise<LeftRun | null> =>
      place.left && { mark: place.left.mark, shards: place.left.shards.map(({ record }) => record) },
    begin: async (_tables, _definition, mark) => {
      isStaging = true;
      place.left = { mark, shards: [] };
      return { notes: [] };
    },
    resume: async () => {
      isStaging = true;
      return { notes: [] };
    },
    writer: async (): Promise<ShardWriter> => {
      const rows: ExamRow[] = [];
      return {
        write: async (encoded) => {
          rows.push(...decode(encoded));
        },
        end: async (record) => {
          place.left!.shards.push({ record, rows });
          return rows.length;
        },
        abort: async () => {},
      };
    },
    discard: async (_table, names) => {
      const { mark, shards } = place.left!;
      place.left = { mark, shards: shards.filter(({ record }) => !names.includes(record.shard)) };
      return place.left.shards.map(({ record }) => record.shard);
    },
  };
  return {
    system: "memory",
    stage,
    open: async () => {},
    identity: async () => "memory:place",
    schema: async () => ({ system: "memory", tables: [] }),
    encoding: () => ({ system: "memory", how: null }),
    begin: async () => {
      place.left = null;
      written = [];
      return { notes: [] };
    },
    writer: async () => ({
      write: async (batch) => {
        written.push(...cellsOf(batch));
      },
      writeEncoded: async (encoded) => {
        written.push(...decode(encoded));
      },
      end: async () => written.length,
    }),
    commit: async () => {
      place.rows = isStaging ? place.left!.shards.flatMap(({ rows }) => rows) : written;
      if (isStaging) place.left = null;
    },
    rollback: async () => {},
    close: async () => {},
  };
}

type Honest = ReturnType<typeof honestSink>;
type Part = (honest: Honest, place: Place) => Partial<Sink>;

async function examine(part: Part, change: Partial<SinkExam> = {}): Promise<string> {
  const place: Place = { rows: [["0", "old", null]], left: null, traces: 0 };
  const create = () => {
    const honest = honestSink(place);
    return { ...honest, ...part(honest, place) };
  };
  const broken = await checkSink(create, {
    ...{ table, rows: PEOPLE, encoder, patience: 300 },
    readRows: async () => place.rows,
    readTraces: async () => place.traces,
    ...change,
  });
  expect(broken.join("\n")).not.toMatch(/Person|padded/);
  return broken.join("\n");
}

/** An honest stage, of which some part is another. */
const staging =
  (change: (honest: ShardStage, place: Place) => Partial<ShardStage>): Part =>
  ({ stage }, place) => ({ stage: { ...stage, ...change(stage, place) } });

/** Honest writers of shards, of which some part is another. */
const writing = (change: (honest: ShardWriter, place: Place) => Partial<ShardWriter>): Part =>
  staging((stage, place) => ({
    writer: async (...given) => {
      const honest = await stage.writer(...given);
      return { ...honest, ...change(honest, place) };
    },
  }));

describe("checkSink of a sink that takes rows written out elsewhere", () => {
  it("finds nothing wrong with one that keeps the contract", async () => {
    expect(await examine(() => ({}))).toBe("");
  });

  it("finds a form that no writer takes, rows that are lost on the way, and a count that is not theirs", async () => {
    const writer = (change: (honest: TableWriter) => Partial<TableWriter>): Part => {
      return (sink) => ({
        writer: async (toWrite) => ({ ...(await sink.writer(toWrite)), ...change(await sink.writer(toWrite)) }),
      });
    };
    expect(await examine(writer(() => ({ writeEncoded: undefined }) as unknown as Partial<TableWriter>))).toMatch(
      /encoding names a form that a writer does not take/,
    );
    expect(await examine(writer(() => ({ writeEncoded: async () => {} })))).toMatch(
      /publishing rows that were written out elsewhere gives other rows/,
    );
    const miscounting: SinkExam["encoder"] = (...given) => ({
      encode: (batch) => ({ ...encoder(...given).encode(batch), rows: batch.rowCount + 1 }),
    });
    expect(await examine(() => ({}), { encoder: miscounting })).toMatch(/encode counts other rows than the batch has/);
  });

  it("finds pieces that are not memory of their own, and a batch that is used after it was given back", async () => {
    const shared = new Uint8Array(100_000);
    const sharing: SinkExam["encoder"] = (...given) => ({
      encode: (batch) => {
        const { rows, pieces, tally } = encoder(...given).encode(batch);
        shared.set(pieces[0]!);
        return { rows, pieces: [shared.subarray(0, pieces[0]!.length)], tally };
      },
    });
    expect(await examine(() => ({}), { encoder: sharing })).toMatch(/publishing rows that were written out elsewhere throws/);
    let before: RowBatch | null = null;
    const late: SinkExam["encoder"] = (...given) => ({
      encode: (batch) => {
        const { pieces } = encoder(...given).encode(before ?? batch);
        before = batch;
        return { rows: batch.rowCount, pieces, tally: 0 };
      },
    });
    expect(await examine(() => ({}), { encoder: late })).toMatch(
      /publishing rows that were written out elsewhere gives other rows/,
    );
  });
});

describe("checkSink of a sink that keeps shards", () => {
  it("finds shards that readers see before commit, and a rollback that publishes them", async () => {
    const showing = writing((honest, place) => ({
      write: async (rows) => {
        await honest.write(rows);
        place.rows = [...place.rows, ...decode(rows)];
      },
    }));
    expect(await examine(showing)).toMatch(/readers see shards before commit/);
    const publishing: Part = (honest) => ({ rollback: () => honest.commit().catch(() => {}) });
    expect(await examine(publishing)).toMatch(/a run that kept its shards does not leave the rows as they were/);
  });

  it("finds a run that is not told, told wrongly, or taken back when it breaks off", async () => {
    expect(await examine(staging(() => ({ left: async () => null })))).toMatch(/left tells other shards than were kept/);
    const forgetting = staging((honest) => ({
      left: async () => {
        const left = await honest.left();
        return left && { ...left, shards: left.shards.slice(0, 1) };
      },
    }));
    expect(await examine(forgetting)).toMatch(/left tells other shards than were kept/);
    const others = staging((honest) => ({
      left: async () => {
        const left = await honest.left();
        return left && { ...left, mark: { ...left.mark, planFingerprint: "another" } };
      },
    }));
    expect(await examine(others)).toMatch(/left tells another mark than the run had/);
    const takingBack: Part = (_, place) => ({
      rollback: async () => {
        place.left = null;
      },
    });
    expect(await examine(takingBack)).toMatch(/left tells other shards than were kept/);
  });

  it("finds a shard that stays though it was aborted or discarded, or is told to", async () => {
    const keeping = writing((honest, place) => ({
      abort: async () => {
        place.left?.shards.push({ record: { table: "people", shard: "part 2", rows: 0, checksum: "" }, rows: [["x", "y", "z"]] });
        await honest.abort();
      },
    }));
    expect(await examine(keeping)).toMatch(/left tells other shards than were kept[\s\S]*publishing shards gives other rows/);
    expect(await examine(staging(() => ({ discard: async () => ["part 0", "part 1"] })))).toMatch(
      /discard keeps a shard that it was to take out/,
    );
    expect(await examine(staging(() => ({ discard: async () => ["part 0"] })))).toMatch(/publishing shards gives other rows/);
  });

  it("takes one that discards more than it was to", async () => {
    const all = staging((_, place) => ({
      discard: async () => {
        place.left = { ...place.left!, shards: [] };
        return [];
      },
    }));
    expect(await examine(all)).toBe("");
  });

  it("finds rows that are lost or miscounted, a resume that begins anew, and notes that are none", async () => {
    expect(await examine(writing(() => ({ write: async () => {} })))).toMatch(
      /a shard's end counts other rows[\s\S]*publishing shards gives other rows/,
    );
    const anew = staging((honest, place) => ({
      resume: async (...given) => {
        place.left = { mark: place.left!.mark, shards: [] };
        return honest.resume(...given);
      },
      discard: async () => ["part 0"],
    }));
    expect(await examine(anew)).toMatch(/publishing shards gives other rows than were staged/);
    const noteless = staging((honest) => ({
      resume: async (...given) => ({ ...(await honest.resume(...given)), notes: "none" as unknown as [] }),
    }));
    expect(await examine(noteless)).toMatch(/resume gives no list of notes/);
  });

  it("finds a run that is left after its commit, and what a commit leaves lying about", async () => {
    const staying: Part = (honest, place) => ({
      commit: async () => {
        const { left } = place;
        await honest.commit();
        place.left = left;
      },
    });
    expect(await examine(staying)).toMatch(/a run is left after commit/);
    const leaving: Part = (honest, place) => ({
      commit: async () => {
        if (place.left !== null) place.traces++;
        await honest.commit();
      },
    });
    expect(await examine(leaving)).toMatch(/publishing shards leaves traces/);
  });

  it("finds a run that is not dropped by one that begins anew", async () => {
    const adding = staging((honest, place) => ({
      begin: async (...given) => {
        const shards = place.left?.shards ?? [];
        const begun = await honest.begin(...given);
        place.left!.shards.push(...shards);
        return begun;
      },
    }));
    expect(await examine(adding)).toMatch(/left tells other shards than were kept/);
    const passing: Part = () => ({ begin: async () => ({ notes: [] }) });
    expect(await examine(passing)).toMatch(/a run is left after a run that keeps nothing/);
    const emptying: Part = (honest, place) => ({
      begin: async (...given) => {
        if (place.left !== null) {
          place.rows = [];
          place.traces++;
        }
        return honest.begin(...given);
      },
    });
    const broken = await examine(emptying);
    expect(broken).toMatch(/dropping what is left does not leave the rows as they were/);
    expect(broken).toMatch(/dropping what is left leaves traces/);
  });

  it("finds what hangs", async () => {
    expect(await examine(staging(() => ({ left: () => new Promise(() => {}) })))).toMatch(/left hangs/);
  });
});
