import { describe, expect, it } from "vitest";
import { objectTable } from "../../src/batch/object-table.ts";
import { memorySource } from "../../src/connectors/memory/index.ts";
import type { RowBatch, Sink, TableWriter } from "../../src/contracts.ts";
import { checkSink, type ExamRow } from "../../src/testing/index.ts";
import { PEOPLE } from "./examined-people.ts";

const table = objectTable("people", ["id", "name", "note"], []);
const OLD: readonly ExamRow[] = [["0", "old", null]];

/** What a sink writes to: rows that readers see. */
interface Place {
  rows: readonly ExamRow[];
  traces: number;
}

const cellsOf = (batch: RowBatch): ExamRow[] => {
  const columns = table.columns.map((_, index) => batch.replacement(index) ?? batch.column(index));
  return Array.from({ length: batch.rowCount }, (_, row) => columns.map((values) => values[row]!));
};

/** A sink that keeps the contract: the smallest there is. */
function honestSink(place: Place): Sink {
  let staged: ExamRow[] = [];
  return {
    system: "memory",
    open: async () => {},
    identity: async () => "memory:place",
    schema: async () => ({ system: "memory", tables: [] }),
    begin: async () => {
      staged = [];
      return { notes: [] };
    },
    writer: async () => {
      let count = 0;
      return {
        write: async (batch) => {
          staged.push(...cellsOf(batch));
          count += batch.rowCount;
        },
        end: async () => count,
      };
    },
    commit: async () => {
      place.rows = staged;
    },
    rollback: async () => {},
    close: async () => {},
  };
}

type Part = (honest: Sink, place: Place) => Partial<Sink>;

async function examine(part: Part, rows = PEOPLE, refusedRows?: readonly ExamRow[]): Promise<readonly string[]> {
  const place: Place = { rows: OLD, traces: 0 };
  const create = () => {
    const honest = honestSink(place);
    return { ...honest, ...part(honest, place) };
  };
  return checkSink(create, {
    table,
    rows,
    refusedRows,
    readRows: async () => place.rows,
    readTraces: async () => place.traces,
    patience: 300,
  });
}

async function expectBroken(part: Part, sentence: RegExp): Promise<void> {
  const broken = (await examine(part)).join("\n");
  expect(broken).toMatch(sentence);
  expect(broken).not.toMatch(/Person|padded/);
}

/** An honest writer, of which some part is another. */
const writing =
  (change: (honest: TableWriter, place: Place) => Partial<TableWriter>): Part =>
  (sink, place) => ({
    writer: async (toWrite) => {
      const honest = await sink.writer(toWrite);
      return { ...honest, ...change(honest, place) };
    },
  });

describe("checkSink", () => {
  it("finds nothing wrong with a sink that keeps the contract", async () => {
    expect(await examine(() => ({}))).toEqual([]);
  });

  it("asks for enough rows to tell", async () => {
    expect(await examine(() => ({}), PEOPLE.slice(0, 2))).toEqual(["memory: the exam needs at least 8 rows."]);
  });

  it("finds rows that are published before commit, or stay after a rollback", async () => {
    const publishing: Part = (_, place) => ({
      writer: async () => ({
        write: async (batch) => {
          place.rows = [...place.rows, ...cellsOf(batch)];
        },
        end: async () => PEOPLE.length,
      }),
    });
    await expectBroken(publishing, /rollback in the middle of a table does not leave the rows as they were/);
    await expectBroken(publishing, /close after the last row does not leave the rows/);
    await expectBroken(publishing, /readers see rows before commit/);
  });

  it("finds a target that is emptied in begin", async () => {
    const emptying: Part = (_, place) => ({
      begin: async () => {
        place.rows = [];
        return { notes: [] };
      },
    });
    await expectBroken(emptying, /rollback before any row does not leave the rows as they were/);
  });

  it("finds a close that publishes", async () => {
    await expectBroken((honest) => ({ close: () => honest.commit() }), /close in the middle of a table does not leave the rows/);
  });

  it("finds what is left lying about", async () => {
    await expectBroken(
      (honest, place) => ({
        begin: (...given) => {
          place.traces++;
          return honest.begin(...given);
        },
      }),
      /rollback before any row leaves traces/,
    );
  });

  it("finds rows that are lost, doubled, unmasked or not published", async () => {
    await expectBroken(
      writing((honest) => ({ write: (batch) => honest.write(batch.slice(0, batch.rowCount - 1)) })),
      /end counts other rows/,
    );
    await expectBroken(
      writing((honest) => ({ end: async () => (await honest.end()) + 1 })),
      /end counts other rows/,
    );
    await expectBroken(() => ({ commit: async () => {} }), /publishing gives other rows than were written/);
    await expectBroken(
      (honest, place) => ({
        commit: async () => {
          const former = place.rows;
          await honest.commit();
          place.rows = [...former, ...place.rows];
        },
      }),
      /publishing again gives other rows/,
    );
    await expectBroken(
      writing((honest) => ({
        write: (batch) =>
          honest.write({
            ...batch,
            rowCount: batch.rowCount,
            column: (index) => batch.column(index),
            replacement: () => undefined,
          } as RowBatch),
      })),
      /publishing gives other rows than were written/,
    );
  });

  it("finds rows that are shown otherwise before commit", async () => {
    const other = memorySource({ people: [{ id: 1, name: "other", note: null }] });
    await expectBroken(
      () => ({ staged: async () => ({ schema: await other.schema(), read: (...asked) => other.read(...asked) }) }),
      /publishing shows other rows before commit/,
    );
  });

  it("finds an empty string that became NULL", async () => {
    await expectBroken(
      (honest, place) => ({
        commit: async () => {
          await honest.commit();
          place.rows = place.rows.map((row) => row.map((cell) => cell || null));
        },
      }),
      /gives other rows than were written/,
    );
  });

  it("finds a batch that is used after it was given back", async () => {
    await expectBroken((_, place) => {
      const batches: RowBatch[] = [];
      return {
        writer: async () => ({
          write: async (batch) => {
            batches.push(batch);
          },
          end: async () => batches.reduce((count, { rowCount }) => count + rowCount, 0),
        }),
        commit: async () => {
          place.rows = batches.flatMap(cellsOf);
        },
      };
    }, /publishing gives other rows than were written/);
  });

  it("finds a close that cannot come early or twice, and what hangs", async () => {
    await expectBroken(() => {
      let isOpen = false;
      return {
        open: async () => {
          isOpen = true;
        },
        close: async () => {
          if (!isOpen) throw new Error("not open");
          isOpen = false;
        },
      };
    }, /close before open throws Error[\s\S]*throws Error/);
    await expectBroken(() => ({ commit: () => new Promise(() => {}) }), /commit hangs/);
    await expectBroken(
      writing(() => ({ write: () => new Promise(() => {}) })),
      /write hangs/,
    );
  });

  it("finds an identity that changes, and a schema of another system", async () => {
    let asked = 0;
    await expectBroken(() => ({ identity: async () => `place ${asked++}` }), /identity changes when it is asked for again/);
    await expectBroken(() => ({ schema: async () => ({ system: "csv", tables: [] }) }), /schema is of another system/);
  });

  describe("of a sink that does ahead what of commit can fail", () => {
    /** An honest one: what it prepares is kept aside, and `commit` prepares where nobody did. */
    const ahead =
      (change: (place: Place) => Partial<Sink> = () => ({})): Part =>
      (honest, place) => ({
        prepareCommit: async () => {},
        commit: () => honest.commit(),
        ...change(place),
      });

    it("finds nothing wrong with an honest one", async () => {
      expect(await examine(ahead())).toEqual([]);
    });

    it("finds rows that it shows", async () => {
      const showing = ahead((place) => ({
        prepareCommit: async () => {
          place.rows = PEOPLE.slice(0, -1);
        },
      }));
      await expectBroken(showing, /readers see rows after prepareCommit, before commit/);
      await expectBroken(showing, /rollback after prepareCommit does not leave the rows as they were/);
    });

    it("finds a close that publishes what was prepared", async () => {
      const closing: Part = (honest) => {
        let isPrepared = false;
        return {
          prepareCommit: async () => {
            isPrepared = true;
          },
          rollback: async () => {
            isPrepared = false;
          },
          close: async () => {
            if (isPrepared) await honest.commit();
          },
        };
      };
      await expectBroken(closing, /close after prepareCommit does not leave the rows as they were/);
    });

    it("finds what it leaves lying about", async () => {
      const littering = ahead((place) => ({
        prepareCommit: async () => {
          place.traces++;
        },
      }));
      await expectBroken(littering, /rollback after prepareCommit leaves traces/);
      await expectBroken(littering, /commit after prepareCommit leaves traces/);
    });

    it("finds a commit that loses or doubles what was prepared", async () => {
      const losing: Part = (honest, place) => {
        let isPrepared = false;
        return {
          prepareCommit: async () => {
            isPrepared = true;
          },
          commit: async () => {
            await honest.commit();
            if (isPrepared) place.rows = [...place.rows, ...place.rows];
          },
        };
      };
      await expectBroken(losing, /commit after prepareCommit gives other rows than were written/);
      await expectBroken(
        ahead(() => ({ prepareCommit: () => new Promise(() => {}) })),
        /prepareCommit hangs/,
      );
    });

    it("finds rows that only commit refuses", async () => {
      const nowhere: readonly ExamRow[] = [["1", "nowhere", null]];
      const refuse = (place: Place, rows: readonly ExamRow[]) => {
        if (rows.some(([, name]) => name === "nowhere")) throw new Error("Person nowhere");
        place.rows = rows;
      };
      const sink = (refusesAhead: boolean): Part => {
        return (honest, place) => {
          const commit = async () => {
            const former = place.rows;
            await honest.commit();
            const { rows } = place;
            place.rows = former;
            refuse(place, rows);
          };
          const tryOut = async () => {
            const former = place.rows;
            await commit();
            place.rows = former;
          };
          return { prepareCommit: refusesAhead ? tryOut : async () => {}, commit };
        };
      };
      expect(await examine(sink(true), PEOPLE, nowhere)).toEqual([]);
      expect((await examine(sink(false), PEOPLE, nowhere)).join()).toMatch(/prepareCommit leaves it to commit to refuse rows/);
    });
  });

  it("finds a commit that fails half way and leaves what it did", async () => {
    await expectBroken(
      (_, place) => ({
        commit: async () => {
          place.rows = [];
          throw new Error("Person 7 is not unique");
        },
      }),
      /publishing throws Error/,
    );
  });
});
