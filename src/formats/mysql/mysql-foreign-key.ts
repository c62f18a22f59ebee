/** A foreign key of MySQL with all that it takes to make it anew. */
export interface ForeignKeyDefinition {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** The other database, null for the session's or the dump's. */
  readonly referencedSchema: string | null;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  /** Null for what servers do where they are told nothing: RESTRICT on MariaDB, NO ACTION on MySQL. */
  readonly onUpdate: string | null;
  readonly onDelete: string | null;
}
