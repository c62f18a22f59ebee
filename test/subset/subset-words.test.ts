import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { StandinError } from "../../src/errors.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import type { SubsetPolicy } from "../../src/policy/subset-policy.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY as key } from "../test-key.ts";

const CANARY = "canary-4711";

/** Posts and photos with comments that point to either, and people who wrote them. */
const BLOG = {
  people: Array.from({ length: 40 }, (_, row) => ({
    id: row + 1,
    mail: `p${row + 1}@x.org`,
    joined: `2026-0${(row % 9) + 1}-01`,
  })),
  posts: Array.from({ length: 60 }, (_, row) => ({ id: row + 1, by_mail: `p${(row % 40) + 1}@x.org` })),
  photos: Array.from({ length: 60 }, (_, row) => ({ id: row + 1, by_mail: `p${((row * 3) % 40) + 1}@x.org` })),
  comments: Array.from({ length: 200 }, (_, row) => ({
    id: row + 1,
    kind: row % 2 === 0 ? "Post" : "Photo",
    about: row % 50 === 0 ? null : (row % 60) + 1,
  })),
};

const REFERENCES = [
  { from: "posts.by_mail", to: "people.mail" },
  { from: "photos.by_mail", to: "people.mail" },
  { from: "comments.about", to: "posts.id", when: { kind: "Post" } },
  { from: "comments.about", to: "photos.id", when: { kind: "Photo" } },
];

function blogPolicy(subset: SubsetPolicy, target = new MemorySink()): Policy {
  const rules = (table: keyof typeof BLOG) => Object.fromEntries(Object.keys(BLOG[table][0]!).map((column) => [column, keep()]));
  const tables = { people: rules("people"), posts: rules("posts"), photos: rules("photos"), comments: rules("comments") };
  // Columns that point to several tables take the rules of those.
  const { about: _, ...comments } = tables.comments as Record<string, ReturnType<typeof keep>>;
  return { source: memorySource(BLOG), target, tables: { ...tables, comments }, references: REFERENCES, subset };
}

async function copiedBlog(subset: SubsetPolicy) {
  const sink = new MemorySink();
  const report = await refresh(blogPolicy(subset, sink), { key });
  return { report, copy: sink.tables as unknown as Record<keyof typeof BLOG, Record<string, string | number | null>[]> };
}

/** What a policy is refused with: codes, messages and hints. */
async function refusal(policy: Policy): Promise<string> {
  const { findings } = await planRefresh(policy, { key });
  return findings
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, hint }) => `${code} ${message} ${hint}`)
    .join("\n");
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-subset-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a subset", () => {
  it("follows references that no key declares, and those that hold for some rows", async () => {
    const { report, copy } = await copiedBlog({ people: { percent: 30, by: "id" } });
    const mails = new Set(copy.people.map(({ mail }) => mail));
    expect(mails.size).toBeGreaterThan(3);
    expect(mails.size).toBeLessThan(25);
    for (const name of ["posts", "photos"] as const) {
      expect(copy[name].map(({ id }) => id)).toEqual(BLOG[name].filter(({ by_mail }) => mails.has(by_mail)).map(({ id }) => id));
    }
    const [posts, photos] = [new Set(copy.posts.map(({ id }) => id)), new Set(copy.photos.map(({ id }) => id))];
    const expected = BLOG.comments.filter(({ kind, about }) => about !== null && (kind === "Post" ? posts : photos).has(about));
    expect(copy.comments.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(report.subset).toMatchObject({ keptIn: "spill files", isSample: false });
    expect(report.rows).toBe(Object.values(copy).reduce((sum, rows) => sum + rows.length, 0));
  });

  it("of one percentage lies within that of a larger, and is the same in every run", async () => {
    const ids = async (percent: number) =>
      new Set((await copiedBlog({ people: { percent, by: "id" } })).copy.people.map(({ id }) => id));
    const [small, large, again] = [await ids(20), await ids(60), await ids(20)];
    expect([...small].every((id) => large.has(id))).toBe(true);
    expect(again).toEqual(small);
    expect(large.size).toBeGreaterThan(small.size);
  });

  it("keeps what a list names, what meets a condition, and so many rows", async () => {
    const found = async (words: SubsetPolicy[string]) => (await copiedBlog({ people: words })).copy.people.map(({ id }) => id);
    expect(await found({ keep: [7, "9"], by: "id" })).toEqual([7, 9]);
    expect(await found({ where: "joined >= '2026-09-01' and id < 20" })).toEqual([9, 18]);
    expect((await found({ rows: 5, by: "id" })).length).toBe(5);
    expect(await found({ where: "id = 3", keep: [4], by: "id" })).toEqual([3, 4]);
  });

  it("tells how many keys of a list are in no row, and none of them", async () => {
    const plan = await planRefresh(blogPolicy({ people: { keep: [1, CANARY], by: "id" } }), { key });
    expect(plan.findings.map(({ message }) => message)).toContain("subset: 1 key of what people keeps is in no row.");
    expect(JSON.stringify(plan, (_, value) => (typeof value === "bigint" ? String(value) : value)).split(CANARY).length - 1).toBe(
      1,
    );
    expect(JSON.stringify(plan.findings)).not.toContain(CANARY);
  });

  it("counts the rows of a plan by another draw where there is no key, and a run wants one", async () => {
    const before = process.env.STANDIN_KEY;
    delete process.env.STANDIN_KEY;
    try {
      const plan = await planRefresh(blogPolicy({ people: { percent: 30, by: "id" } }));
      expect(plan.subset!.selection).toMatchObject({ isSample: true });
      await expect(refresh(blogPolicy({ people: { percent: 30, by: "id" } }))).rejects.toMatchObject({ code: "KEY_REQUIRED" });
    } finally {
      if (before !== undefined) process.env.STANDIN_KEY = before;
    }
  });

  it("is refused with all that is wrong with it, and a hint for each", async () => {
    const text = await refusal(
      blogPolicy({
        peple: { percent: 5 },
        posts: { percent: 5 },
        photos: { where: "idd = 1" },
        people: { percent: 5, by: "mial", children: { postts: { max: 2 } } },
      }),
    );
    expect(text).toContain("TABLE_UNKNOWN subset: peple is not copied or not there. Did you mean people?");
    expect(text).toContain(
      "POLICY_INVALID subset: posts has no primary key that rows are drawn and kept by. Say by which column",
    );
    expect(text).toContain("COLUMN_UNKNOWN subset → where: photos has no column idd. Did you mean id?");
    expect(text).toContain("COLUMN_UNKNOWN subset → by: people has no column mial. Did you mean mail?");
    expect(text).toContain("POLICY_INVALID subset: nothing called postts points to people. Did you mean posts");
    expect(await refusal(blogPolicy({ people: { children: "none" } }))).toContain("`subset` chooses no rows.");
  });

  it("cannot be resumed, and is read by one session whatever was asked", async () => {
    await expect(refresh(blogPolicy({ people: { keep: [1], by: "id" } }), { key, resumable: true })).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });

  it("leaves nothing behind in the folder for passing files", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("standin-subset-"));
    await copiedBlog({ people: { percent: 30, by: "id" } });
    await refresh(blogPolicy({ people: { where: "joined > 5 and mail like '%'", by: "id" } }), { key }).catch(() => {});
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("standin-subset-"))).toEqual(before);
  });
});

describe("subset in a file", () => {
  const load = (text: string) => {
    const file = join(folder, "standin.policy.yaml");
    writeFileSync(file, text);
    return loadPolicy(file, folder, () => Promise.reject(), { locations: "unneeded" });
  };

  it("takes a keep list from a file beside it", async () => {
    writeFileSync(join(folder, "vips.txt"), "7\r\n9\n");
    const { policy } = await load("tables: { people: { id: keep } }\nsubset:\n  people: { keep: vips.txt, by: id }\n");
    expect(policy.subset).toEqual({ people: { keep: ["7", "9"], by: ["id"] } });
  });

  it("is refused at the place of each mistake, and no key is quoted", async () => {
    const text = `tables: { people: { id: keep } }
subset:
  people: { percent: 101, rows: 0, wher: x }
  posts: { where: "a = ", keep: [[${CANARY}]] }
  photos: { keep: gone.txt, children: { comments: { max: 1.5 } } }
  comments: some
`;
    const error = (await load(text).catch((thrown: unknown) => thrown)) as StandinError;
    expect(error.findings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      "3 subset → people → percent is a number above 0 and up to 100.",
      "3 subset → people → rows is a whole number from 1.",
      '3 subset → people has no "wher".',
      "4 subset → posts → where ends too early.",
      "4 subset → posts → keep holds something that is no key.",
      "5 subset → photos → keep: the file gone.txt cannot be read.",
      "5 subset → photos → children → comments → max is a whole number from 1.",
      '6 subset → comments is "all", or says which rows.',
    ]);
    expect(JSON.stringify(error.findings)).not.toContain(CANARY);
  });

  it("is laid over by an environment, table by table", () => {
    const policy = {
      tables: { people: { id: keep() } },
      subset: { people: { percent: 5 }, posts: "all" },
      environments: { test: { subset: { people: { percent: 50 } } } },
    } as const;
    expect(parsePolicy(policy, { environment: "test", locations: "unneeded" }).subset).toEqual({
      people: { percent: 50 },
      posts: "all",
    });
  });
});
