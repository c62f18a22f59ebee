import type { Advice } from "./advice.ts";

/** Codes of the plan: what the policy means for this schema and this target. */
export const PLAN = {
  PLAN_REFUSED: {
    cause:
      "The plan has errors. Nothing was read or written; what is wrong is listed below the message, each with a code of its own.",
    remedy:
      "Mend the findings one by one; the hint holds a patch for columns without a rule. `npx standin plan` shows them again without a run.",
  },
  TABLE_UNKNOWN: {
    cause: "The policy or a command names a table that the source or the copy has not, or that could be one of several.",
    remedy:
      "Write it as the database does, with its schema where that is not `public`: `billing.invoices`. A dropped table goes out of the policy.",
  },
  TABLE_UNSELECTED: {
    cause:
      "The source has tables that the policy does not name (a warning: they are not copied), or, in place, a table would stay as it is, with production's values.",
    remedy: 'Give its columns rules, or say `skip`. In place: `"leave"` where nothing in it is personal.',
  },
  COLUMN_UNKNOWN: {
    cause: "A rule, an option or a command names a column that the table has not.",
    remedy: "Take it out or write the new name; `npx standin check` tells which column was renamed.",
  },
  COLUMN_UNCOVERED: {
    cause: "A column has no decision: neither a rule nor `keep`. Usually a migration added it.",
    remedy: "Decide, and paste the patch of the hint. `npx standin init` proposes rules for what is new.",
  },
  REVIEW_NEEDED: {
    cause: "`init` was not sure about the column and left `review(…)` for a person.",
    remedy: "Put `keep` with a reason, or a mask, in its place. The comment says what `init` thinks that it is.",
  },
  COLUMN_GENERATED: {
    cause: "The server computes the column from others, so it cannot be written.",
    remedy: "Take its rule out and mask the columns that it is computed from.",
  },
  KIND_UNSUPPORTED: {
    cause: "The transform cannot read the column's type, or gives values that the type or its character set does not hold.",
    remedy: "Choose one that takes this type: the [table of masks](../masks.md#promises) lists what each takes.",
  },
  NOT_NULLABLE: {
    cause: "The rule can give NULL and the column is NOT NULL.",
    remedy: "Use `constant`, `redact` or a `fake` in its place; or `onUnsupported: fail` where only that makes NULLs.",
  },
  LENGTH_EXCEEDED: {
    cause: "The rule can give a longer value, in characters, bytes or digits, than the column holds.",
    remedy: "Shorten it by the transform's options, take another, or widen the target's column.",
  },
  UNIQUENESS_LOST: {
    cause:
      "Two values can become one, and a unique key holds on the column. Found by the plan, or, where the key covers expressions, while rows move.",
    remedy:
      "Use a transform that keeps values apart: `tokenize`, `encryptDigits`, `encryptId`, `scramble`, `fake(…, { unique: true })`, or `unique({ rule })` around another.",
  },
  CHECK_VIOLATED: {
    cause: "A masked value can break a CHECK of the source or the target, or (a warning) nobody can tell before the run.",
    remedy:
      "Choose options whose outputs meet the check. After a warning the run still stops and puts the target back if a row breaks it.",
  },
  DOMAIN_SMALL: {
    cause:
      "The mask maps values one to one within so few possible ones that trying all of them, or counting, tells the original.",
    remedy: "Where that tells too much, use `redact`, `nullify`, `constant` or `pick`.",
  },
  FREQUENCY_SHOWN: {
    cause:
      "`plan --sample` saw few different values in the column, and the mask keeps how often each occurs: the commonest is easily known. A warning.",
    remedy: "Use `shuffle`, `resample`, `redact` or `nullify`, or accept it where the counts tell nothing.",
  },
  PROTECTION_MISSING: {
    cause:
      "A personal column goes through something that protects nothing (a checksum, a template of the original), or a rule shows the originals of another column that is masked.",
    remedy: "Take a mask for it, or read the other column as it leaves: `{{masked.name}}`.",
  },
  TOO_FEW_ROWS: {
    cause: "A mask that takes values from other rows (`shuffle`, `resample`) has too few of them to hide anybody.",
    remedy: "Use another mask for this table, or a larger window.",
  },
  REFERENCE_CONFLICT: {
    cause:
      "A column that references another has a rule, a type or a length under which the join would break, or references two columns whose rules differ.",
    remedy: "Take the column's own rule out: it then takes that of what it points to. Or give both one rule in one `domain`.",
  },
  REFERENCE_UNSELECTED: {
    cause: "A copied table references one that is not copied, so its rows would point to nothing.",
    remedy: 'Copy the other table too, or say `"leave"` where its rows are in the target already.',
  },
  REFERENCE_STRANDED: {
    cause: "Tables of the target that are not copied point to rows that the run would replace.",
    remedy: "Copy them as well, or empty them, or use a target of its own.",
  },
  TARGET_MISMATCH: {
    cause: "The target's table has other columns or types than the source's, or holds something under a name that standin needs.",
    remedy: "Bring the target's migrations up to date, or point to an empty database: standin then makes the tables.",
  },
  TARGET_TABLE_MISSING: {
    cause: "Some of the policy's tables are in the target and others are not. (Where none is, standin makes all.)",
    remedy: "Bring the target's migrations up to date, or point to an empty database.",
  },
} as const satisfies Record<string, Advice>;
