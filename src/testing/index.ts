export { checkSink, type ExamRow, type SinkExam } from "./check-sink.ts";
export { checkSource, type SourceExam } from "./check-source.ts";
export { checkTransform, type TransformExam } from "./check-transform.ts";
export { type MaskSettings, prepareMask } from "./prepare-mask.ts";
