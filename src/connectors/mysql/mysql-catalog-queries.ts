/** Tables that hold rows: no views, no sequences. Name, the server's guess of the rows, bytes. */
export const TABLES_QUERY = `
  SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
   ORDER BY TABLE_NAME`;

export const COLUMNS_QUERY = `
  SELECT TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, EXTRA, COLUMN_DEFAULT IS NOT NULL,
         NULLIF(GENERATION_EXPRESSION, '')
    FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = DATABASE()
   ORDER BY TABLE_NAME, ORDINAL_POSITION`;

/**
 * Unique keys by column, in key order. A key over the start of a column, or one that compares without case (every collation but those of bytes and of
 * case), promises less than equality does, so it counts as partial.
 */
export const UNIQUE_KEYS_QUERY = `
  SELECT s.TABLE_NAME, s.INDEX_NAME, s.COLUMN_NAME,
         s.SUB_PART, c.COLLATION_NAME IS NOT NULL AND c.COLLATION_NAME NOT LIKE '%\\_bin' AND c.COLLATION_NAME NOT LIKE '%\\_cs'
    FROM information_schema.STATISTICS s
    LEFT JOIN information_schema.COLUMNS c
      ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
   WHERE s.TABLE_SCHEMA = DATABASE() AND s.NON_UNIQUE = 0
   ORDER BY s.TABLE_NAME, s.INDEX_NAME <> 'PRIMARY', s.INDEX_NAME, s.SEQ_IN_INDEX`;

/** Foreign keys by column. The schema of what they point to is NULL where it is the database itself. */
export const FOREIGN_KEYS_QUERY = `
  SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, NULLIF(REFERENCED_TABLE_SCHEMA, DATABASE()), REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE
   WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL
   ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`;

/** Table, name and condition; each of the two servers has its own view. */
export const CHECKS_QUERY = {
  mariadb: `
  SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()`,
  mysql: `
  SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, c.CHECK_CLAUSE
    FROM information_schema.TABLE_CONSTRAINTS t
    JOIN information_schema.CHECK_CONSTRAINTS c
      ON c.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND c.CONSTRAINT_NAME = t.CONSTRAINT_NAME
   WHERE t.TABLE_SCHEMA = DATABASE() AND t.CONSTRAINT_TYPE = 'CHECK' AND t.ENFORCED = 'YES'`,
};
