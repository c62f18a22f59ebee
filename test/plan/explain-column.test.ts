import { describe, expect, it } from "vitest";
import { maskExample } from "../../src/pipeline/masking/mask-example.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { explainColumn, findColumn } from "../../src/plan/explain-column.ts";
import type { Policy } from "../../src/policy/define-policy.ts";
import { shuffle } from "../../src/transforms/choices/shuffle.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "./schemas.ts";

const users = table("users", [integerColumn("id"), column("email"), column("card"), column("city"), column("bio")], {
  uniqueKeys: [primaryKey("id")],
});
const orders = table("orders", [integerColumn("user_id"), column("contact"), column("placed", { kind: "date" })], {
  foreignKeys: [foreignKey("user_id", "users")],
});
const items = table("items", [integerColumn("buyer")], { foreignKeys: [foreignKey("buyer", "orders", "user_id")] });
const secret = { ...table("secret", [column("x")]), ref: { schema: "billing", name: "secret" } };
const tables: Policy["tables"] = {
  users: {
    id: tokenize(),
    email: fake("internet.email"),
    card: encryptDigits({ keepFirst: 6 }),
    city: shuffle(),
    bio: keep("public"),
  },
  orders: { contact: fake("internet.email"), placed: shiftDates({ by: "user_id" }) },
  items: {},
};
const plan = compilePlan({ tables }, database(users, orders, items, secret), EMPTY_TARGET);
const example = (name: string) => maskExample(findColumn(plan, name));

describe("explainColumn", () => {
  it("follows a rule through foreign keys to where it is written", () => {
    expect(explainColumn(plan, "items.buyer")).toMatchObject({
      name: "items.buyer",
      transform: "tokenize",
      inherited: [
        { from: "items.buyer", to: "orders.user_id", key: "buyer_fk" },
        { from: "orders.user_id", to: "users.id", key: "user_id_fk" },
      ],
      sameDomain: ["users.id", "orders.user_id"],
    });
    expect(explainColumn(plan, "users.id")).toMatchObject({ inherited: [], keys: ["pk"] });
  });

  it("names the columns that map like it, and what the rule promises", () => {
    const email = explainColumn(plan, "users.email");
    expect(email.sameDomain).toEqual(["orders.contact"]);
    expect(email.guarantees).toContain("different values may get the same result");
    expect(email.guarantees).toContain("no value comes out as it was, but for an empty string");
    expect(explainColumn(plan, "users.card").guarantees).toContain("whoever has the key can get the value back");
    expect(explainColumn(plan, "users.bio")).toMatchObject({ decision: "keep", domain: null, options: { reason: "public" } });
  });

  it("brings what the plan found about the column, and no more", () => {
    const broken = compilePlan(
      { tables: { users: { ...(tables.users as object), id: redact() } } },
      database(users),
      EMPTY_TARGET,
    );
    expect(explainColumn(broken, "users.id").findings.map(({ code }) => code)).toEqual(["KIND_UNSUPPORTED", "UNIQUENESS_LOST"]);
    expect(explainColumn(broken, "users.email").findings).toEqual([]);
  });

  it("tells a column that has no rule, one that is not copied, and one that is not there", () => {
    const partly = compilePlan({ tables: { users: { id: keep() } } }, database(users), EMPTY_TARGET);
    expect(explainColumn(partly, "users.email")).toMatchObject({ decision: "none", transform: null });
    expect(() => explainColumn(plan, "billing.secret.x")).toThrow(expect.objectContaining({ code: "TABLE_UNSELECTED" }));
    expect(() => explainColumn(plan, "users.mail")).toThrow(
      expect.objectContaining({ code: "COLUMN_UNKNOWN", hint: "Did you mean users.email?" }),
    );
  });
});

describe("maskExample", () => {
  it("masks a value that it made up by the column's name, kind and rule", async () => {
    const mail = await example("users.email");
    expect(mail).toMatchObject({ value: "jane.doe@acme.example", masked: expect.stringMatching(/@example\.(com|net|org)$/) });
    expect((await example("users.card"))?.masked).toMatch(/^411111\d{10}$/);
    expect((await example("orders.placed"))?.masked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("is under another key each time", async () => {
    expect((await example("users.id"))?.masked).not.toBe((await example("users.id"))?.masked);
  });

  it("shows nothing of a shuffle or of a copied column", async () => {
    expect(await example("users.city")).toBeNull();
    expect(await example("users.bio")).toBeNull();
  });
});
