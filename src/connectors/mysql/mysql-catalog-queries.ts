/** Tables that hold rows: no views, no sequences. Name, the server's guess of the rows, bytes. */
export const TABLES_QUERY = `
  SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH
    FROM information_schema.TABLES
   WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
   ORDER BY TABLE_NAME`;

/** Last, whether the column compares without regard to case, as every collation does but those of bytes and of case. */
export const COLUMNS_QUERY = `
  SELECT TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, EXTRA, COLUMN_DEFAULT IS NOT NULL,
         NULLIF(GENERATION_EXPRESSION, ''), CHARACTER_SET_NAME, COLLATION_NAME LIKE '%\\_bin' OR COLLATION_NAME LIKE '%\\_cs',
         COLLATION_NAME IS NOT NULL AND COLLATION_NAME NOT LIKE '%\\_bin' AND COLLATION_NAME NOT LIKE '%\\_cs'
    FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = DATABASE()
   ORDER BY TABLE_NAME, ORDINAL_POSITION`;

/**
 * Unique keys by column, in key order. Not joined with the columns: MariaDB compares each row of one view with each of the other then, and a thousand tables take a
 * quarter of a minute.
 */
export const UNIQUE_KEYS_QUERY = `
  SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART
    FROM information_schema.STATISTICS
   WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0
   ORDER BY TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`;

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
