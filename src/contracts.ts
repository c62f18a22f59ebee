/**
 * The contracts between the rooms: what a source gives, what a sink takes, what a transform is.
 * Read these first. They hold types alone.
 */

export type { ChangeSink, ChangeTeller, ChangingTable, DeletedRows, Since } from "./changed-rows.ts";
export type {
  CheckConstraint,
  Column,
  ColumnExpression,
  ColumnKind,
  DataSchema,
  ForeignKey,
  RowField,
  SystemName,
  Table,
  TableRef,
  UniqueKey,
} from "./data-schema.ts";
export type {
  BatchSize,
  ColumnValues,
  RowBatch,
} from "./row-batch.ts";
export type {
  DrawKey,
  SelectionChildren,
  SelectionEdge,
  SelectionGraph,
  SelectionPart,
  SelectionSeed,
  SelectionTable,
  SelectionWay,
  SelectionWork,
  Unselected,
} from "./selection.ts";
export type {
  EncodedRows,
  JoinedStage,
  LeftRun,
  RowEncoder,
  RowEncoding,
  RunMark,
  Shard,
  ShardOptions,
  ShardReader,
  ShardStage,
  ShardWriter,
  SharedSnapshot,
  SharedStage,
  StagedShard,
  Unshared,
} from "./shard.ts";
export type {
  ColumnPlace,
  NamedColumns,
  PointingRows,
  ReadOptions,
  SampleOptions,
  SchemaDefinition,
  Sink,
  Source,
  StagedTarget,
  StandIn,
  TableToWrite,
  TableWriter,
} from "./source-and-sink.ts";
export type {
  ColumnContext,
  FixedPoints,
  Guarantees,
  MaskColumn,
  MaskedValues,
  MaskParts,
  Rule,
  RuleOptions,
  Technique,
  Transform,
  Uniqueness,
} from "./transform.ts";
