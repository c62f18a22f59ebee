import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isStandinError, type StandinError } from "../../src/errors.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { fake, keep, tokenize } from "../../src/transforms/index.ts";
import { type SpawnedCommand, spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { faultyProxy, type Verdict } from "../servers/faulty-proxy.ts";
import { TEST_KEY as key } from "../test-key.ts";
import { expectNoSessions } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { drawn, IS_THOROUGH, SEEDS } from "./seeds.ts";

const { command } = await stagePackage();

/** References in a circle, whose rules would take rows along, and a key of two columns. */
const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, email varchar(120) UNIQUE, boss int, version int,
    CONSTRAINT boss_of FOREIGN KEY (boss) REFERENCES people (id) ON DELETE CASCADE);
  CREATE TABLE orders (person int, line int, note varchar(90), version int, PRIMARY KEY (person, line),
    CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE)`;
const PEOPLE = 120;

const told = { changedBy: "version", overlap: 0, deletes: "compare", maxDeletedPercent: 100 } as const;
const incremental = { people: told, orders: told };
const policyOf = (source: string, target: string): Policy => ({
  ...{ source, target, incremental },
  tables: {
    people: { id: tokenize(), email: fake("internet.email", { unique: true }), version: keep() },
    orders: { line: keep(), note: fake("lorem.words"), version: keep() },
  },
});

/** The same, for a process of its own. */
const folder = mkdtempSync(join(tmpdir(), "standin-struck-"));
writeFileSync(
  join(folder, "standin.policy.yaml"),
  `source: \${FROM}
target: \${TO}
tables:
  people: { id: tokenize, email: { fake: { path: internet.email, unique: true } }, version: keep }
  orders: { line: keep, note: { fake: lorem.words }, version: keep }
incremental: ${JSON.stringify(incremental)}
`,
);
afterAll(() => rmSync(folder, { recursive: true }));

interface Places {
  readonly source: string;
  readonly target: string;
  /** Always copied whole. */
  readonly whole: string;
}

/** Bytes that go over the lines of a run: what the source's server sends, and what the target's is sent and sends. */
interface Lengths {
  readonly source: number;
  readonly target: number;
  readonly answers: number;
}

/** What happens, at a byte of which line. */
interface Blow {
  readonly how: "killed" | "cut";
  readonly line: keyof Lengths;
}

const BLOWS: readonly Blow[] = [
  { how: "killed", line: "target" },
  { how: "cut", line: "answers" },
  { how: "killed", line: "answers" },
  { how: "cut", line: "target" },
  { how: "cut", line: "source" },
];

/** Anywhere; or among the last bytes, where it is published. */
function pointFor(name: string, seed: number, bytes: number): number {
  const share = drawn(name, seed);
  const last = [600, bytes, 60, bytes][seed % 4]!;
  return Math.max(1, Math.ceil(bytes - last * share));
}

for (const system of FAULT_SYSTEMS) {
  system.describe(`an incremental run on ${system.name}`, () => {
    it(
      "P02, F05: killed or cut off at any byte, leaves rows and mark of before or of after, and the next one ends as a whole run",
      {
        timeout: IS_THOROUGH ? 1_800_000 : 120_000,
      },
      () =>
        system.withDatabases(["standin_struck_source", "standin_struck_target", "standin_struck_whole"], async (...urls) => {
          const [source, target, whole] = urls as [string, string, string];
          const world = new StruckWorld(system, { source, target, whole });
          await world.prepare();
          let lengths = await world.goOn();
          const strike = async (blow: Blow, seed: number, isIncremental: boolean) => {
            await world.change();
            await world.strike(blow, seed, isIncremental ? lengths.incremental : lengths.whole, isIncremental);
            await world.change();
            lengths = await world.goOn();
          };
          for (const seed of SEEDS) {
            for (const blow of IS_THOROUGH ? BLOWS : BLOWS.slice(0, 2)) await strike(blow, seed, true);
            if (IS_THOROUGH) await strike(BLOWS[seed % 4]!, seed, false);
          }
        }),
    );
  });
}

class StruckWorld {
  readonly #system: FaultSystem;
  readonly #places: Places;
  #round = 0;

  constructor(system: FaultSystem, places: Places) {
    this.#system = system;
    this.#places = places;
  }

  async prepare(): Promise<void> {
    const { source, target, whole } = this.#places;
    const rows = (write: (id: number) => string) => Array.from({ length: PEOPLE }, (_, id) => write(id)).join(", ");
    for (const place of [source, target, whole]) for (const sql of SCHEMA.split(";")) await this.#system.run(place, sql);
    await this.#run(
      `INSERT INTO people VALUES ${rows((id) => `(${id}, 'p${id}@acme.test', ${id === 0 ? "NULL" : id >> 1}, 0)`)}`,
      `INSERT INTO orders VALUES ${rows((id) => `(${id}, 1, 'first', 0)`)}`,
    );
    await this.#refresh(target, false);
    await this.change();
  }

  /** Some of everything, and something always: rows that come, change, change their key, hand a unique value on, and go. */
  async change(): Promise<void> {
    const round = ++this.#round;
    const [added, third, gone] = [PEOPLE + round, round % 3, 2 * PEOPLE + round];
    await this.#run(
      `INSERT INTO people VALUES (${added}, 'n${round}@acme.test', NULL, ${round}), (${gone}, NULL, ${added}, ${round})`,
      `UPDATE people SET email = CONCAT('r', ${round}, 'x', id, '@acme.test'), version = ${round} WHERE id % 3 = ${third} AND id <> ${added}`,
      `UPDATE orders SET line = line + 1, note = 'again', version = ${round} WHERE person % 5 = ${round % 5}`,
      `INSERT INTO orders VALUES (${added}, 1, 'more', ${round}), (${gone}, 1, 'soon gone', ${round})`,
      // What came a round ago goes, and its orders with it, by the rules of the keys.
      `DELETE FROM people WHERE id = ${gone - 1}`,
      `DELETE FROM orders WHERE person = ${added - 1}`,
    );
  }

  /** An incremental run that nobody disturbs: ends as a whole run, and tells how much goes over the lines of both. */
  async goOn(): Promise<{ readonly incremental: Lengths; readonly whole: Lengths }> {
    const { target, whole } = this.#places;
    const lengths = { incremental: await this.#measure(target, true), whole: await this.#measure(whole, false) };
    expect((await this.#picture(target)).rows).toEqual((await this.#picture(whole)).rows);
    return lengths;
  }

  async strike({ how, line }: Blow, seed: number, lengths: Lengths, isIncremental: boolean): Promise<void> {
    const { source, target, whole } = this.#places;
    await this.#refresh(whole, false);
    const [before, complete] = [await this.#picture(target), await this.#picture(whole)];
    expect(before.rows).not.toEqual(complete.rows);
    expect(before.mark).not.toBeNull();
    const point = pointFor(`${how} ${line}`, seed, lengths[line]);
    const place = `${how} at byte ${point} of ${lengths[line]}, ${line}`;
    const end = line === "source" ? "source" : "target";
    const talker = line === "target" ? "client" : "server";
    let strike = () => {};
    const proxy = await faultyProxy(this.#places[end], { judge: cutAt(talker, point, () => strike()) });
    const ends = { source, target, [end]: proxy.url };
    if (how === "cut") await this.#runToError(ends, isIncremental);
    else {
      const running = this.#spawn(ends, isIncremental);
      strike = () => running.process.kill("SIGKILL");
      const { code, stdout, stderr } = await running.finished;
      expect([0, "SIGKILL"], stdout + stderr).toContain(code);
    }
    proxy.close();
    await expectNoSessions(this.#system, source, target);
    const after = await this.#picture(target);
    expect([before.rows, complete.rows], place).toContainEqual(after.rows);
    const isPublished = after.rows !== before.rows;
    if (isIncremental) expect(after.mark !== before.mark, place).toBe(isPublished);
    // A whole run that was published may have been stopped before it left its mark: then there is none to go on from.
    else if (!isPublished) expect([before.mark, null], place).toContain(after.mark);
    else expect(after.mark, place).not.toBe(before.mark);
    if (after.mark === null) {
      const error = await this.#refresh(target, true).catch((error: unknown) => error);
      expect(isStandinError(error) && (error as StandinError).code).toBe("INCREMENT_REFUSED");
      await this.#refresh(target, false);
    }
  }

  #spawn({ source, target }: Ends, isIncremental: boolean): SpawnedCommand {
    return spawnNode([command, "run", ...(isIncremental ? ["--incremental"] : []), "--json"], {
      cwd: folder,
      env: { STANDIN_KEY: key, FROM: source, TO: target },
      limitMilliseconds: 60_000,
    });
  }

  async #runToError({ source, target }: Ends, isIncremental: boolean): Promise<void> {
    const error: unknown = await refresh(policyOf(source, target), { key, incremental: isIncremental }).then(
      () => null,
      (error) => error,
    );
    if (error !== null) expect(isStandinError(error), String(error)).toBe(true);
  }

  async #measure(to: string, isIncremental: boolean): Promise<Lengths> {
    const [from, target] = [await faultyProxy(this.#places.source), await faultyProxy(to)];
    try {
      await refresh(policyOf(from.url, target.url), { key, incremental: isIncremental });
      return { source: from.bytesFrom("server"), target: target.bytesFrom("client"), answers: target.bytesFrom("server") };
    } finally {
      for (const proxy of [from, target]) proxy.close();
    }
  }

  #refresh(to: string, isIncremental: boolean) {
    return refresh(policyOf(this.#places.source, to), { key, incremental: isIncremental });
  }

  async #run(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.#system.run(this.#places.source, sql);
  }

  async #picture(place: string): Promise<{ readonly rows: string; readonly mark: string | null }> {
    const people = await this.#system.run(place, "SELECT * FROM people ORDER BY id");
    const orders = await this.#system.run(place, "SELECT * FROM orders ORDER BY person, line");
    const kept = this.#system.name === "PostgreSQL" ? "_standin_mark.sealed" : "_standin_left_off";
    const marks = await this.#system.run(place, `SELECT mark FROM ${kept}`).catch(() => []);
    return { rows: JSON.stringify([people, orders]), mark: marks.length === 0 ? null : String(marks[0]!.mark) };
  }
}

/** Cuts a line at a byte, once. */
const cutAt =
  (side: "client" | "server", bytes: number, onCut: () => void) =>
  (from: string, chunk: Buffer, before: number): Verdict => {
    if (from !== side || before >= bytes || before + chunk.length < bytes) return "pass";
    onCut();
    return { pass: bytes - before, then: "end" };
  };
