import type { Table } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import type { PersonaField } from "../../transforms/persona/persona-fields.ts";
import type { PolicyLanguage } from "./policy-language.ts";
import { type ProposedTable, writtenColumns } from "./proposal.ts";
import { suggested } from "./suggested-rule.ts";

/** What of a persona takes the place of each class. */
const FIELDS: Readonly<Partial<Record<DataClass, PersonaField>>> = {
  firstName: "firstName",
  lastName: "lastName",
  fullName: "fullName",
  userName: "userName",
  email: "email",
  phone: "phone",
  city: "city",
};

/**
 * Tells that columns of one person are drawn one by one, and how they would agree: a row gets Mo's first name and the address of another. Null where fewer
 * than two are. `fake` is proposed all the same, as joins by each column work with it.
 */
export function personaNote({ table, columns }: ProposedTable, language: PolicyLanguage): string | null {
  const drawn = writtenColumns({ columns }).flatMap(({ column, decision, kind, rule }) => {
    const field = kind === null ? undefined : FIELDS[kind];
    return decision === "mask" && rule?.transform === "fake" && field !== undefined ? [{ name: column.name, field }] : [];
  });
  const [first, ...others] = drawn;
  if (first === undefined || others.length === 0) return null;
  const example = language.rule(suggested("persona", { field: first.field, by: subjectOf(table) }));
  return `${drawn.map(({ name }) => name).join(", ")}: each drawn by itself. Rules such as ${example} would make them one person's.`;
}

/** The key of a row; where there is none, what to put there. */
function subjectOf({ uniqueKeys }: Table): string | readonly string[] {
  const key = uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
  return key.length > 1 ? key : (key[0] ?? "the column that tells whose row it is");
}
