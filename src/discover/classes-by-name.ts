import type { ClassSource } from "../policy/class-source.ts";
import { recogniseColumnName } from "./recognise/recognise-column-name.ts";

/** As sure as `standin init` must be to propose a mask without asking. */
const SURE = 0.6;

/** What columns hold by their names alone, without a look at a row: what a policy's `when` and `presets` go by. */
export const CLASSES_BY_NAME: ClassSource = {
  classOf(table, column) {
    if (column.kind === "boolean") return null;
    const found = recogniseColumnName(
      column.name,
      table.ref.name,
      table.columns.map(({ name }) => name),
    );
    return found !== null && found.strength >= SURE ? found.kind : null;
  },
};
