import { expect, it } from "vitest";
import type { Policy, TablePolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { custom, fake, keep, maskJson, scramble, shuffle } from "../../src/transforms/index.ts";
import type { Verification } from "../../src/verify/verification.ts";
import { verifyRefresh } from "../../src/verify-refresh.ts";
import { TEST_KEY } from "../test-key.ts";

/** Rows of the shop that is copied and looked at: nobody of it is a name that a corpus has. */
export const PEOPLE = Array.from({ length: 400 }, (_, id) => ({
  id: id + 1,
  first_name: ["Jane", "Omar", "Wei", "Ana"][id % 4]!,
  last_name: `Qu${syllables(id)}bury`,
  email: `qu${syllables(id)}@acme.test`,
  phone: `+49 30 ${901_820_000 + id * 37}`,
  profile: JSON.stringify({ theme: "dark", contact: { email: `qu${syllables(id)}@private.test` } }),
  city: ["Paris", "Lyon", "Nice"][id % 3]!,
}));

function syllables(id: number): string {
  return [id % 10, Math.floor(id / 10) % 10, Math.floor(id / 100)]
    .map((digit) => "ba,ke,li,mo,nu,ra,se,ti,vo,zu".split(",")[digit])
    .join("");
}

export const POLICY: Policy = {
  tables: {
    people: {
      id: keep(),
      first_name: fake("person.firstName"),
      last_name: fake("person.lastName"),
      email: fake("internet.email", { unique: true }),
      phone: scramble(),
      profile: maskJson({ paths: { "$.contact.email": fake("internet.email") }, others: "keep" }),
      city: shuffle(),
    },
    tickets: { id: keep(), person_id: keep(), note: keep("written by machines"), extra: keep() },
  },
};

export interface VerifyPlaces {
  readonly source: string;
  readonly target: string;
  /** Runs a statement at one of them. */
  run(place: string, sql: string): Promise<unknown>;
}

const endsOf = ({ source, target }: VerifyPlaces) => ({ source, target });
const errorsOf = ({ findings }: Verification) => findings.filter(({ severity }) => severity === "error");
const leaksOf = ({ leaks }: Verification) =>
  leaks.map(({ table, column, of, cells }) => [`${table}.${column}`, of, cells]).sort();

/** The policy with other rules for some columns. */
export const withRules = (people: TablePolicy, tickets: TablePolicy = {}): Policy => ({
  tables: {
    people: { ...(POLICY.tables.people as TablePolicy), ...people },
    tickets: { ...(POLICY.tables.tickets as TablePolicy), ...tickets },
  },
});

/** What a verification finds in a copy that holds what it should not, and that it finds nothing in one that does not. */
export function verifySuite(withCopy: (use: (places: VerifyPlaces) => Promise<void>) => Promise<void>): void {
  const copyAndVerify = async ({ source, target }: VerifyPlaces, policy: Policy) => {
    await refresh({ source, target, ...policy }, { key: TEST_KEY });
    return verifyRefresh({ source, target, ...policy });
  };

  it("finds nothing in a clean copy, says what it looked at, and counts how easily people are told apart", () =>
    withCopy(async (places) => {
      const people = { quasiIdentifiers: ["city"], sensitive: ["email"], k: 3 };
      const { findings, tables, scope, leaks } = await copyAndVerify(places, { ...POLICY, verify: { anonymity: { people } } });
      expect([findings, leaks]).toEqual([[], []]);
      expect(scope).toMatchObject({ every: 1, keys: 2, references: 1 });
      expect(scope.watched).toBeGreaterThan(1_500);
      expect(tables.map(({ table, sourceRows, targetRows }) => [table, sourceRows, targetRows])).toEqual([
        ["people", 400, 400],
        ["tickets", 400, 400],
      ]);
      expect(tables[0]!.columns.find(({ column }) => column === "email")).toMatchObject({
        transform: "fake",
        source: { distinct: 400, nullShare: 0 },
        target: { distinct: 400, nullShare: 0 },
      });
      expect(tables[0]!.anonymity).toMatchObject({ classes: 3, uniqueShare: 0, belowShare: 0 });
      const tight = { people: { quasiIdentifiers: ["city", "last_name"], sensitive: ["first_name"] } };
      const [low] = errorsOf(await verifyRefresh({ ...endsOf(places), ...POLICY, verify: { anonymity: tight } }));
      expect(low).toMatchObject({ code: "ANONYMITY_LOW", table: "people" });
    }));

  it("finds what kept texts, documents and tables that are not copied hold of people, and names no value", () =>
    withCopy(async (places) => {
      const { source, target, run } = places;
      await run(source, "UPDATE tickets SET note = 'wrote to QUbababa@acme.test, no answer' WHERE id = 7");
      await run(source, "UPDATE tickets SET note = 'Omar Qukebababury called' WHERE id = 9");
      await run(source, `UPDATE tickets SET extra = '{"old": [{"mail": "qukebaba@acme.test"}]}' WHERE id = 3`);
      await run(target, "INSERT INTO audit VALUES (1, 'not (030) 1, but +49 (30) 90-18-200-37')");
      const verification = await copyAndVerify(places, POLICY);
      expect(leaksOf(verification)).toEqual([
        ["audit.entry", "people.phone", 1],
        ["tickets.extra", "people.email", 1],
        ["tickets.note", "people.email", 1],
        ["tickets.note", "people.first_name + last_name", 1],
      ]);
      expect(errorsOf(verification).map(({ code }) => code)).toEqual(new Array(4).fill("LEAK_FOUND"));
      expect(JSON.stringify(verification)).not.toMatch(/acme\.test|private\.test|901 ?8|90-18|bury/i);
      const allow = ["audit.entry", "tickets.note", "tickets.extra"];
      expect(errorsOf(await verifyRefresh({ ...endsOf(places), ...POLICY, verify: { allow } }))).toEqual([]);
    }));

  it("finds masks that do nothing, or too little, and values across the edges of the windows of a large cell", () =>
    withCopy(async (places) => {
      const policy = withRules(
        { email: custom((value: string) => value), phone: custom((value: string) => `was <${value}>`) },
        {
          note: custom((note: string) =>
            note === "note 1" ? `${"x".repeat(65_530)} qubababa@acme.test ${"y".repeat(900)}` : "QUKEBABA@ACME.TEST",
          ),
        },
      );
      expect(leaksOf(await copyAndVerify(places, policy))).toEqual([
        ["people.email", "people.email", 400],
        ["people.phone", "people.phone", 400],
        ["tickets.note", "people.email", 400],
      ]);
    }));

  it("finds rows that are missing, kept values that changed, and NULLs that were none", () =>
    withCopy(async (places) => {
      const { target, run } = places;
      await copyAndVerify(places, POLICY);
      await run(target, "UPDATE people SET email = NULL WHERE id = 5");
      await run(target, "UPDATE tickets SET note = 'other' WHERE id = 5");
      const changed = errorsOf(await verifyRefresh({ ...endsOf(places), ...POLICY }));
      expect(changed.map(({ code, table, column }) => [code, table, column])).toEqual([
        ["FIDELITY_LOST", "people", "email"],
        ["FIDELITY_LOST", "tickets", "note"],
      ]);
      await run(target, "DELETE FROM tickets WHERE id = 11");
      expect(errorsOf(await verifyRefresh({ ...endsOf(places), ...POLICY }))).toContainEqual(
        expect.objectContaining({ code: "COUNT_MISMATCH", table: "tickets" }),
      );
    }));
}
