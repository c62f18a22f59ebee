import { MARK_SCHEMA } from "./write/postgres-kept-mark.ts";
import { isNotStaging } from "./write/stage-schema.ts";

/** Rows of the catalog, as its queries below give them. Oids are text: they only serve to join. */
export interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly isPartitioned: boolean;
  /** Sum over leaves; 0 or less where the server has not counted yet. */
  readonly estimate: number;
  /** Small and readable, so that counting costs nothing. */
  readonly isCountable: boolean;
  /** Without a page on disk, so without a row. */
  readonly isEmpty: boolean;
}

/**
 * The tables that hold rows of the user's: no partitions (their root speaks for them), views, foreign tables, nor what an extension or an unfinished run
 * of ours brought.
 */
const TABLES = `
  tables AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, c.relrowsecurity
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> '${MARK_SCHEMA}' AND ${isNotStaging("n")}
       AND ($1::text = 'null' OR n.nspname IN (SELECT pg_catalog.json_array_elements_text($1::text::json)))
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'))`;

/** The table that speaks for a relation: a partition's root, itself otherwise. Partitions can have keys of their own. */
const rootOf = (relation: string) => `COALESCE(pg_catalog.pg_partition_root(${relation}), ${relation})`;

const nameOf = (relation: string, attribute: string) =>
  `(SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${relation} AND a.attnum = ${attribute})`;

const namesOf = (relation: string, attributes: string) =>
  `(SELECT pg_catalog.json_agg(${nameOf(relation, "k.attnum")} ORDER BY k.ord)
      FROM pg_catalog.unnest(${attributes}) WITH ORDINALITY k (attnum, ord))`;

export const TABLES_QUERY = `
  WITH ${TABLES}
  SELECT pg_catalog.json_build_object(
           'oid', t.oid::text, 'schema', t.nspname, 'name', t.relname, 'isPartitioned', t.relkind = 'p',
           'isEmpty', COALESCE(CASE WHEN t.relkind = 'p' THEN l.size ELSE pg_catalog.pg_relation_size(t.oid) END = 0, false),
           'estimate', CASE WHEN t.relkind = 'p' THEN l.estimate ELSE t.reltuples END,
           'isCountable', NOT t.relrowsecurity AND pg_catalog.has_table_privilege(t.oid, 'SELECT')
                          AND CASE WHEN t.relkind = 'p' THEN l.size ELSE pg_catalog.pg_relation_size(t.oid) END < 33554432)::text
    FROM tables t
   CROSS JOIN LATERAL (
     SELECT COALESCE(pg_catalog.sum(GREATEST(c.reltuples, 0)), 0) AS estimate, COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(c.oid)), 0) AS size
       FROM pg_catalog.pg_partition_tree(CASE WHEN t.relkind = 'p' THEN t.oid END) p
       JOIN pg_catalog.pg_class c ON c.oid = p.relid
      WHERE p.isleaf AND c.relkind = 'r') l
   ORDER BY t.nspname, t.relname`;

export const COLUMNS_QUERY = `
  WITH RECURSIVE ${TABLES},
  bases AS (
    SELECT t.oid AS type, t.oid AS base, -1 AS modifier, false AS not_null, false AS has_default, 0 AS depth
      FROM pg_catalog.pg_type t WHERE t.oid IN (SELECT a.atttypid FROM pg_catalog.pg_attribute a JOIN tables ON tables.oid = a.attrelid)
     UNION ALL
    SELECT b.type, d.typbasetype, CASE WHEN b.modifier >= 0 THEN b.modifier ELSE d.typtypmod END,
           b.not_null OR d.typnotnull, b.has_default OR d.typdefault IS NOT NULL, b.depth + 1
      FROM bases b JOIN pg_catalog.pg_type d ON d.oid = b.base AND d.typtype = 'd')
  SELECT pg_catalog.json_build_object(
           'oid', a.attrelid::text, 'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
           'baseType', CASE WHEN b.depth > 0 THEN pg_catalog.format_type(e.oid, CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE b.modifier END) END,
           'baseName', e.typname, 'baseIsBuiltIn', e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace,
           'baseVariety', e.typtype, 'baseCategory', e.typcategory,
           'modifier', CASE WHEN a.atttypmod >= 0 THEN a.atttypmod ELSE b.modifier END,
           'labels', (SELECT pg_catalog.json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = e.oid),
           'fields', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', f.attname, 'type', pg_catalog.format_type(f.atttypid, f.atttypmod)) ORDER BY f.attnum)
                        FROM pg_catalog.pg_type r
                        JOIN pg_catalog.pg_attribute f ON f.attrelid = r.typrelid AND f.attnum > 0 AND NOT f.attisdropped
                       WHERE r.oid = CASE e.typcategory WHEN 'A' THEN e.typelem ELSE e.oid END AND r.typtype = 'c'),
           'isCaseless', e.typname = 'citext' OR NOT COALESCE((SELECT o.collisdeterministic FROM pg_catalog.pg_collation o WHERE o.oid = a.attcollation), true),
           'isNotNull', a.attnotnull OR b.not_null, 'isGenerated', a.attgenerated <> '',
           'hasDefault', a.attgenerated = '' AND (a.atthasdef OR a.attidentity <> '' OR b.has_default),
           'computedBy', CASE WHEN a.attgenerated <> '' THEN (
             SELECT pg_catalog.pg_get_expr(f.adbin, f.adrelid) FROM pg_catalog.pg_attrdef f WHERE f.adrelid = a.attrelid AND f.adnum = a.attnum) END)::text
    FROM pg_catalog.pg_attribute a
    JOIN tables ON tables.oid = a.attrelid
    JOIN bases b ON b.type = a.atttypid
    JOIN pg_catalog.pg_type e ON e.oid = b.base AND e.typtype <> 'd'
   WHERE a.attnum > 0 AND NOT a.attisdropped
   ORDER BY a.attrelid, a.attnum`;

/** A key that compares without case (citext, a nondeterministic collation) promises less than equality does, so it counts as partial. */
export const KEYS_QUERY = `
  WITH ${TABLES}
  SELECT pg_catalog.json_build_object(
           'oid', t.oid::text, 'name', c.relname, 'isPrimary', i.indisprimary,
           'isPartial', i.indpred IS NOT NULL OR i.indisexclusion OR COALESCE(k.ignores_case, false),
           'columns', k.columns, 'nullsNotDistinct', COALESCE((pg_catalog.to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false), 'ignoresCase', k.caseless, 'overlaps', k.overlaps,
           'expressions', pg_catalog.pg_get_expr(i.indexprs, i.indrelid), 'predicate', pg_catalog.pg_get_expr(i.indpred, i.indrelid))::text
    FROM pg_catalog.pg_index i
    JOIN tables t ON t.oid = ${rootOf("i.indrelid")}
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND NOT c.relispartition
    LEFT JOIN pg_catalog.pg_constraint x ON x.conindid = i.indexrelid AND x.contype = 'x'
   CROSS JOIN LATERAL (
     SELECT pg_catalog.json_agg(a.attname ORDER BY p) AS columns, pg_catalog.bool_or(y.typname = 'citext' OR NOT o.collisdeterministic) AS ignores_case,
            pg_catalog.json_agg(a.attname) FILTER (WHERE y.typname = 'citext' OR NOT o.collisdeterministic) AS caseless,
            CASE WHEN i.indisexclusion THEN COALESCE(pg_catalog.json_agg(a.attname) FILTER (
              WHERE a.attname IS NOT NULL
                AND (SELECT w.oprname FROM pg_catalog.pg_operator w WHERE w.oid = x.conexclop[p + 1]) <> '='), '[]'::json) END AS overlaps
       FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) p
       LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p] AND i.indkey[p] <> 0
       LEFT JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
       LEFT JOIN pg_catalog.pg_collation o ON o.oid = i.indcollation[p]) k
   WHERE (i.indisunique OR i.indisexclusion) AND i.indisvalid
   ORDER BY t.oid, NOT i.indisprimary, c.relname`;

export const FOREIGN_KEYS_QUERY = `
  WITH ${TABLES}
  SELECT pg_catalog.json_build_object(
           'oid', t.oid::text, 'name', f.conname, 'columns', ${namesOf("f.conrelid", "f.conkey")},
           'schema', n.nspname, 'table', r.relname, 'referencedColumns', ${namesOf("f.confrelid", "f.confkey")})::text
    FROM pg_catalog.pg_constraint f
    JOIN tables t ON t.oid = ${rootOf("f.conrelid")}
    JOIN pg_catalog.pg_class r ON r.oid = ${rootOf("f.confrelid")}
    JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
   WHERE f.contype = 'f' AND f.conparentid = 0
   ORDER BY t.oid, f.conname`;

/** The bounds of all leaves of a table as one condition; none where a partition takes the rest, or rows are spread by a hash. */
export const PARTITIONS_QUERY = `
  WITH ${TABLES}
  SELECT pg_catalog.json_build_object('oid', t.oid::text, 'name', 'partition bounds', 'domainColumn', NULL,
           'expression', pg_catalog.string_agg('(' || pg_catalog.pg_get_partition_constraintdef(p.relid) || ')', ' OR ') FILTER (WHERE p.isleaf))::text
    FROM tables t
   CROSS JOIN LATERAL pg_catalog.pg_partition_tree(CASE WHEN t.relkind = 'p' THEN t.oid END) p
    JOIN pg_catalog.pg_class c ON c.oid = p.relid
    LEFT JOIN pg_catalog.pg_partitioned_table s ON s.partrelid = p.relid
   GROUP BY t.oid
  HAVING pg_catalog.bool_or(p.isleaf) AND NOT pg_catalog.bool_or(COALESCE(s.partstrat = 'h', false))
         AND NOT pg_catalog.bool_or(COALESCE(pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false))`;

/** The conditions of tables and of their columns' domains, a domain over a domain included. */
export const CHECKS_QUERY = `
  WITH RECURSIVE ${TABLES},
  domains AS (
    SELECT a.attrelid, a.attname, y.oid AS type, y.typbasetype
      FROM pg_catalog.pg_attribute a
      JOIN tables ON tables.oid = a.attrelid
      JOIN pg_catalog.pg_type y ON y.oid = a.atttypid AND y.typtype = 'd'
     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     UNION ALL
    SELECT d.attrelid, d.attname, y.oid, y.typbasetype
      FROM domains d JOIN pg_catalog.pg_type y ON y.oid = d.typbasetype AND y.typtype = 'd')
  SELECT pg_catalog.json_build_object('oid', k.oid::text, 'name', k.name, 'expression', k.expression, 'domainColumn', k.domain_column)::text
    FROM (SELECT t.oid, c.conname AS name, pg_catalog.pg_get_expr(c.conbin, c.conrelid) AS expression, NULL::name AS domain_column
            FROM pg_catalog.pg_constraint c JOIN tables t ON t.oid = c.conrelid WHERE c.contype = 'c'
           UNION ALL
          SELECT d.attrelid, c.conname, pg_catalog.pg_get_expr(c.conbin, 0), d.attname
            FROM pg_catalog.pg_constraint c JOIN domains d ON d.type = c.contypid WHERE c.contype = 'c') k
   ORDER BY k.oid, k.name, k.domain_column`;
