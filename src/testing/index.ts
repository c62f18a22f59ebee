export { checkSink } from "./check-sink.ts";
export { checkSource, type SourceExam } from "./check-source.ts";
export { checkTransform, type TransformExam } from "./check-transform.ts";
export type { DistinctValues } from "./distinct-values.ts";
export { type OtherProcess, openOtherProcess, type RuleElsewhere } from "./other-process.ts";
export { type MaskSettings, prepareMask } from "./prepare-mask.ts";
export type { ExamRow, SinkExam } from "./sink-sitting.ts";
