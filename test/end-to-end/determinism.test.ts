import { beforeAll, describe, expect, it } from "vitest";
import { callElsewhere } from "./elsewhere.ts";
import { maskPeople, PEOPLE, PEOPLE_RULES, type Person, type Route } from "./people.ts";
import { PEOPLE_SYSTEMS, type PeopleSystem } from "./people-systems.ts";

const BATCH_ROWS = [1, 7, 10_000];
const MASKED = Object.keys(PEOPLE_RULES).filter((name) => name !== "id");

/** The first system's rows are what all others must give as well. */
let expected: readonly Person[] = [];
beforeAll(async () => {
  expected = (await maskPeople({ system: "memory", source: "", target: "" }, 1000))!;
});

const columnOf = (people: readonly Person[], name: string) => people.map((person) => person[name]);

describe("one key gives one mapping", () => {
  it("changes every column that it masks, and agrees with itself on equal values", () => {
    expect(expected).toHaveLength(PEOPLE.length);
    for (const name of MASKED) {
      expect(columnOf(expected, name), name).not.toEqual(columnOf(PEOPLE, name));
      const first = new Map(PEOPLE.map((person, row) => [person[name], expected[row]![name]]));
      if (name === "seen" || name === "score") continue; // They move with the person, not by their value.
      for (const [row, person] of PEOPLE.entries()) expect(expected[row]![name], name).toBe(first.get(person[name]));
    }
  });

  for (const [name, system] of Object.entries(PEOPLE_SYSTEMS)) system.describe(`in ${name}`, () => givesTheSame(system));
});

function givesTheSame(system: PeopleSystem): void {
  /** Masked people by how they were masked. */
  const runs: Record<string, readonly Person[]> = {};
  beforeAll(async () => {
    await system.use(async (route) => {
      for (const rows of BATCH_ROWS) runs[`${rows} rows a batch`] = (await maskPeople(route, rows)) ?? (await system.read(route));
      runs["another process"] = await maskElsewhere(route, system);
    });
  });

  it.each(MASKED)("%s, at each batch size and in another process", (column) => {
    expect(Object.keys(runs)).toHaveLength(4);
    for (const [run, people] of Object.entries(runs)) expect(columnOf(people, column), run).toEqual(columnOf(expected, column));
  });
}

async function maskElsewhere(route: Route, system: PeopleSystem): Promise<readonly Person[]> {
  const given = (await callElsewhere("people.ts", "maskPeople", [route, 50])) as readonly Person[] | null;
  return given ?? (await system.read(route));
}
