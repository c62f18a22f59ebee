import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Column, DataSchema, Table } from "../../src/contracts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { compareLocks } from "../../src/plan/locks/compare-locks.ts";
import type { Lock } from "../../src/plan/locks/lock.ts";
import { lockOf } from "../../src/plan/locks/lock-plan.ts";
import { fingerprintPlan } from "../../src/plan/plan-fingerprint.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { pick } from "../../src/transforms/choices/pick.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { when } from "../../src/transforms/pieces/when.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "./schemas.ts";

const KEY = { fingerprint: "0a1b2c3d" };
const status = column("status", { kind: "enum", type: "order_status", labels: ["new", "paid"] });
const userColumns = [integerColumn("id", { nullable: false }), column("email"), column("bio")];
const users = table("users", userColumns, { uniqueKeys: [primaryKey("id")] });
const orders = table("orders", [integerColumn("id"), integerColumn("user_id"), status], {
  foreignKeys: [foreignKey("user_id", "users")],
});
const shop = database(users, orders);
const rules = {
  users: { id: tokenize(), email: fake("internet.email"), bio: redact({ keepLast: 1 }) },
  orders: { id: keep("a number"), status: keep() },
} satisfies Policy["tables"];

const lockFor = (source: DataSchema, tables: Policy["tables"] = rules, key: typeof KEY | null = KEY) =>
  lockOf(compilePlan({ tables }, source, EMPTY_TARGET), { tables }, key);
const former = await lockFor(shop);
const changes = (now: Lock, from = former) => compareLocks(from, now).map(({ change, message }) => `${change}: ${message}`);
const changesIn = async (source: DataSchema, tables?: Policy["tables"]) => changes(await lockFor(source, tables));
const usersOf = (columns: readonly Column[], given: Partial<Table> = {}) => database({ ...users, columns, ...given }, orders);

describe("compareLocks", () => {
  it("finds nothing where nothing changed, whatever the order of tables and options, the row counts and the reasons", async () => {
    const retold = { orders: { status: keep("two labels"), id: keep() }, users: { ...rules.users } };
    expect(await changesIn(database(orders, { ...users, rowEstimate: 7 }), retold)).toEqual([]);
  });

  it("names a column that was added, dropped, renamed or retyped, and nothing else", async () => {
    const [id, email, bio] = userColumns as [Column, Column, Column];
    expect(await changesIn(usersOf([...userColumns, column("phone")]))).toEqual([
      "column-added: users.phone (text) is new in the source.",
    ]);
    expect(await changesIn(usersOf([id, bio]))).toEqual(["column-dropped: users.email is gone from the source."]);
    expect(await changesIn(usersOf([id, { ...email, name: "mail" }, bio]))).toEqual([
      "column-renamed: users.email is gone and users.mail is new, of the same type in the same place: renamed, it seems.",
    ]);
    expect(await changesIn(usersOf([id, { ...email, type: "character varying(80)" }, bio]))).toEqual([
      "column-retyped: users.email was text and is character varying(80).",
    ]);
    expect(await changesIn(usersOf([id, { ...email, nullable: false }, bio]))).toEqual([
      "nullability-changed: users.email may no longer be NULL.",
    ]);
    expect(await changesIn(usersOf([id, bio, email]))).toEqual(["columns-reordered: The columns of users are in another order."]);
  });

  it("takes a column of another type or in another place for a new one", async () => {
    const [id, , bio] = userColumns as [Column, Column, Column];
    const inTheEnd = await changesIn(usersOf([id, bio, column("mail")]));
    const ofOtherType = await changesIn(usersOf([id, integerColumn("mail"), bio]));
    for (const found of [inTheEnd, ofOtherType])
      expect(found.map((one) => one.split(":")[0])).toEqual(["column-dropped", "column-added"]);
  });

  it("says of what seems renamed that it may be another column", async () => {
    const [id, email, bio] = userColumns as [Column, Column, Column];
    const [renamed] = compareLocks(former, await lockFor(usersOf([id, { ...email, name: "mail" }, bio])));
    expect(renamed?.hint).toContain("decide about mail anew");
  });

  it("does not tell a renamed key column again as a changed key, reference or rule", async () => {
    const renamed = database(
      {
        ...users,
        columns: [integerColumn("uid", { nullable: false }), ...userColumns.slice(1)],
        uniqueKeys: [primaryKey("uid")],
      },
      { ...orders, foreignKeys: [foreignKey("user_id", "users", "uid")] },
    );
    const tables = { ...rules, users: { uid: tokenize(), email: rules.users.email, bio: rules.users.bio } };
    expect((await changesIn(renamed, tables)).map((one) => one.split(":")[0])).toEqual(["column-renamed"]);
  });

  it("names tables that came, went, were renamed, or are copied no longer", async () => {
    expect(await changesIn(database(users, orders, table("logs", [])))).toEqual([
      "table-added: Table logs is new in the source.",
    ]);
    expect(await changesIn(database(users))).toEqual(["table-dropped: Table orders is gone from the source."]);
    const renamed = database(users, { ...orders, ref: { schema: "public", name: "purchases" } });
    expect(await changesIn(renamed, { users: rules.users, purchases: rules.orders })).toEqual([
      "table-renamed: Table orders is gone and purchases is new, with the same columns: renamed, it seems.",
    ]);
    const unnamed = compilePlan({ tables: { users: rules.users } }, renamed, EMPTY_TARGET);
    expect(compareLocks(former, await lockOf(unnamed, { tables: {} }, KEY), unnamed.unselected)).toMatchObject([
      {
        change: "table-renamed",
        table: "purchases",
        formerly: "orders",
        hint: expect.stringContaining("Write purchases in the place of orders"),
      },
    ]);
    expect(await changesIn(shop, { ...rules, orders: "skip" })).toEqual([
      "selection-changed: Table orders was copied, and the policy no longer copies it.",
    ]);
    const left = await lockFor(shop, { ...rules, orders: "leave" });
    expect(changes(left, await lockFor(shop, { ...rules, orders: "skip" }))).toEqual([
      "selection-changed: The policy now leaves the rows of orders in the target.",
    ]);
  });

  it("names an enum's labels, once also where the type is written with them", async () => {
    const withLabels = (labels: readonly string[], type = "order_status") =>
      database(users, { ...orders, columns: [...orders.columns.slice(0, 2), { ...status, labels, type }] });
    expect(await changesIn(withLabels(["new", "paid", "refunded"]))).toEqual([
      'labels-changed: orders.status (an enum) has the new label "refunded".',
    ]);
    expect(await changesIn(withLabels(["new"], "enum('new')"))).toEqual([
      'labels-changed: orders.status (an enum) has lost "paid".',
    ]);
    expect(await changesIn(withLabels(["paid", "new"]))).toEqual([
      "labels-changed: orders.status (an enum) has its labels in another order.",
    ]);
    expect(await changesIn(withLabels(["new", "settled"]))).toEqual([
      'labels-changed: orders.status (an enum) has "settled" in the place of "paid": renamed, it seems.',
    ]);
    expect(await changesIn(withLabels(["paid", "new", "sent"]))).toEqual([
      'labels-changed: orders.status (an enum) has the new label "sent", and has its labels in another order.',
    ]);
  });

  it("names a rule that changed where it is written, and not again at the columns that take it", async () => {
    const changed = { ...rules, users: { ...rules.users, id: keep() } };
    expect(await changesIn(shop, changed)).toEqual([
      'rule-changed: users.id was under tokenize (as: "auto", length: 22, prefix: "") and is under keep.',
    ]);
    expect(await changesIn(shop, { ...rules, users: { ...rules.users, bio: redact({ keepLast: 2 }) } })).toEqual([
      "rule-changed: users.bio has another rule: of redact, keepLast was 1 and is 2.",
    ]);
    expect(
      await changesIn(shop, { ...rules, users: { ...rules.users, email: fake("internet.email", { domain: "mail" }) } }),
    ).toEqual(["rule-changed: users.email has another rule: of fake, domain was fake:internet.email:en and is mail."]);
  });

  it("tells functions apart by their text, and holds none of it", async () => {
    const withFunction = (mask: (value: string) => string) =>
      lockFor(shop, { ...rules, users: { ...rules.users, bio: custom(mask) } });
    const one = await withFunction((value) => value.slice(0, 1));
    expect(JSON.stringify(one)).not.toContain("slice");
    expect(changes(await withFunction((value) => value.slice(0, 1)), one)).toEqual([]);
    expect(changes(await withFunction((value) => value.slice(0, 2)), one)).toEqual([
      "rule-changed: users.bio has another rule: of custom, the text of mask changed.",
    ]);
  });

  it("names keys and references that changed", async () => {
    const unique = { name: "users_email_key", columns: ["email"], isPrimary: false, isPartial: false };
    expect(await changesIn(usersOf(userColumns, { uniqueKeys: [primaryKey("id"), unique] }))).toEqual([
      "key-constraint-changed: users has the new unique key users_email_key (email).",
    ]);
    const partial = { ...unique, isPartial: true };
    const withPartial = (predicate: string) =>
      lockFor(usersOf(userColumns, { uniqueKeys: [{ ...partial, predicate: { text: predicate, columns: ["id"] } }] }));
    expect(changes(await withPartial("(id > 2)"), await withPartial("(id > 1)"))).toEqual([
      "key-constraint-changed: users has another expression in partial unique key users_email_key (email) where an expression of id.",
    ]);
    const apart = await changesIn(database(users, { ...orders, foreignKeys: [] }), {
      ...rules,
      orders: { ...rules.orders, user_id: tokenize() },
    });
    expect(apart).toEqual(["reference-changed: orders no longer has foreign key user_id_fk (user_id → users.id)."]);
    // Without a rule of its own the column has none now, which is no other change.
    expect(await changesIn(database(users, { ...orders, foreignKeys: [] }))).toEqual(apart);
  });

  it("names CHECKs that came, went or hold otherwise, and how a key compares", async () => {
    const withCheck = (expression: string, name = "bio_short") =>
      lockFor(usersOf(userColumns, { checks: [{ name, expression, columns: ["bio"] }] }));
    const short = await withCheck("(length(bio) < 80)");
    expect(changes(short)).toEqual(["check-changed: users has the new CHECK bio_short (of bio)."]);
    expect(changes(former, short)).toEqual(["check-changed: users no longer has CHECK bio_short (of bio)."]);
    expect(changes(await withCheck("(length(bio) < 60)"), short)).toEqual([
      "check-changed: users has another expression in CHECK bio_short (of bio).",
    ]);
    const unique = { name: "users_email_key", columns: ["email"], isPrimary: false, isPartial: true };
    const caseless = await lockFor(usersOf(userColumns, { uniqueKeys: [{ ...unique, ignoresCase: ["email"] }] }));
    const started = await lockFor(usersOf(userColumns, { uniqueKeys: [{ ...unique, prefixes: { email: 9 } }] }));
    expect(changes(started, caseless)).toContain(
      "key-constraint-changed: users had unique key users_email_key (email, ignoring case), and it is now unique key users_email_key (email, first 9 characters).",
    );
  });

  it("names a column that the server computes by another expression", async () => {
    const computed = (text: string) =>
      lockFor(
        usersOf([...userColumns, column("total", { isGenerated: true, kind: "integer", computedBy: { text, columns: ["id"] } })]),
      );
    expect(changes(await computed("(id * 2)"), await computed("(id * 3)"))).toEqual([
      "column-retyped: users.total is computed by the server by another expression.",
    ]);
  });

  it("takes no expression for another one where a column that it reads was renamed, and holds no text of any", async () => {
    const unique = { name: "users_key", columns: [], isPrimary: false, isPartial: true };
    const around = (name: string, word: string, given: Partial<Table> = {}) => {
      const reading = (text: string) => ({ text, columns: [name] });
      return lockFor(
        usersOf([userColumns[0]!, column(name), userColumns[2]!], {
          uniqueKeys: [
            {
              ...unique,
              expressions: reading(`lower(${word})`),
              predicate: reading(`(${word} <> 'canary'::text)`),
              plainColumns: [],
            },
          ],
          checks: [{ name: "no_bird", expression: `(${word} !~ 'canary'::text)`, columns: [name] }],
          ...given,
        }),
        { ...rules, users: { id: tokenize(), bio: redact(), [name]: redact() } },
      );
    };
    const before = await around("email", "email");
    expect(JSON.stringify(before)).not.toContain("canary");
    expect(changes(await around("Mail", '"Mail"'), before).map((one) => one.split(":")[0])).toEqual(["column-renamed"]);
    const other = await around("email", "email", {
      checks: [{ name: "no_bird", expression: "(bio !~ 'canary'::text)", columns: ["bio"] }],
    });
    expect(changes(other, before).map((one) => one.split(":")[0])).toEqual(["check-changed", "check-changed"]);
  });

  it("compares the key only where both sides have one, and faker only where fakes are drawn", async () => {
    expect(changes(await lockFor(shop, rules, null))).toEqual([]);
    expect(changes(await lockFor(shop, rules, { fingerprint: "ffffffff" }))[0]).toMatch(
      /^key-changed: .* was 0a1b2c3d and is ffffffff/,
    );
    expect(changes({ ...former, faker: "99.0.0" })).toEqual([
      `faker-changed: faker was ${former.faker} and is 99.0.0: the same value may get another fake.`,
    ]);
    expect((await lockFor(database(orders, users), { ...rules, users: { ...rules.users, email: redact() } })).faker).toBeNull();
  });

  it("compares a thousand tables well within two seconds", async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      table(
        `t${index}`,
        Array.from({ length: 20 }, (_, at) => column(`c${at}`)),
        { foreignKeys: index === 0 ? [] : [foreignKey("c1", `t${index - 1}`, "c0")], uniqueKeys: [primaryKey("c0")] },
      ),
    );
    const tables = Object.fromEntries(
      many.map(({ ref, columns, foreignKeys }) => [
        ref.name,
        Object.fromEntries(
          columns.filter(({ name }) => name !== "c1" || foreignKeys.length === 0).map(({ name }) => [name, keep()]),
        ),
      ]),
    );
    const lock = await lockFor(database(...many), tables);
    // By the processor's time: what else the machine does is no matter here.
    const started = process.cpuUsage();
    expect(changes(await lockFor(database(...many), tables), lock)).toEqual([]);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(2000);
    const changed = many.with(500, { ...many[500]!, columns: [...many[500]!.columns, column("late")] });
    expect(changes(await lockFor(database(...changed), tables), lock)).toEqual([
      "column-added: t500.late (text) is new in the source.",
    ]);
  });

  it("tells of a file that holds something else, wherever a rule draws from it, and holds nothing of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-lock-"));
    const file = join(folder, "words.csv");
    const drawing = (path: string) => ({
      users: { ...rules.users, bio: when({ if: "id > 1", then: pick({ file: path }), else: redact() }) },
      orders: rules.orders,
    });
    const lockWith = async (text: string, path = file) => {
      writeFileSync(file, text);
      return lockFor(shop, drawing(path));
    };
    const before = await lockWith("word\nPenelope\n");
    expect(JSON.stringify(before)).not.toContain("Penelope");
    expect(changes(await lockWith("word\nPenelope\n"), before)).toEqual([]);
    expect(changes(await lockWith("word\nPenelopes\n"), before)).toEqual([
      `rule-changed: users.bio has another rule: of when, what the file ${file} holds changed.`,
    ]);
    const print = (path: string) => fingerprintPlan(compilePlan({ tables: drawing(path) }, shop, EMPTY_TARGET));
    const printed = await print(file);
    writeFileSync(file, "word\nUlysses\n");
    expect(await print(file)).not.toBe(printed);
    rmSync(folder, { recursive: true });
    expect(changes(await lockFor(shop, drawing(file)), before)).toEqual([expect.stringMatching(/words\.csv is not there\.$/)]);
  });
});
