export { type CheckOptions, type CheckReport, checkRefresh } from "./check-refresh.ts";
export { connectSink, connectSource } from "./connect.ts";
export type {
  BatchSize,
  Column,
  ColumnKind,
  ColumnValues,
  DataSchema,
  Guarantees,
  MaskColumn,
  RowBatch,
  Rule,
  Sink,
  Source,
  SystemName,
  Table,
  TableRef,
  Transform,
  Uniqueness,
} from "./contracts.ts";
export { type Finding, isStandinError, StandinError, type StandinErrorCode } from "./errors.ts";
export { type Explanation, explain, sourceTypes } from "./explain.ts";
export { generateMaskingKey, type KeyProvider } from "./keys/masking-key.ts";
export { createMasker, type Masker, type MaskerOptions } from "./pipeline/create-masker.ts";
export type { Preview, PreviewColumn } from "./pipeline/preview-rows.ts";
export type { OnProgress, ProgressEvent } from "./pipeline/progress.ts";
export type { Report, TableReport } from "./pipeline/report.ts";
export type { Lock } from "./plan/lock.ts";
export type { LockChange, LockDifference } from "./plan/lock-difference.ts";
export { readLock, writeLock } from "./plan/lock-file.ts";
export type { ColumnPlan, Plan, TablePlan } from "./plan/plan.ts";
export type { DataClass } from "./policy/class-names.ts";
export {
  definePolicy,
  type EnvironmentPolicy,
  type Policy,
  type TablePolicy,
  type TablesPolicy,
} from "./policy/define-policy.ts";
export type { ReadOptions } from "./policy/finish-policy.ts";
export { loadPolicy } from "./policy/load-policy.ts";
export { parsePolicy } from "./policy/parse-policy.ts";
export type { PresetName } from "./policy/presets.ts";
export { type PreviewOptions, preview } from "./preview.ts";
export { type PlanOptions, planRefresh, type RefreshOptions, refresh } from "./refresh.ts";
export { type RevealOptions, reveal } from "./reveal.ts";
export { addNoise } from "./transforms/add-noise.ts";
export { bucketNumber } from "./transforms/bucket-number.ts";
export { callService } from "./transforms/call-service.ts";
export { chain } from "./transforms/chain.ts";
export { clampNumber } from "./transforms/clamp-number.ts";
export { constant } from "./transforms/constant.ts";
export { custom } from "./transforms/custom.ts";
export { decode } from "./transforms/decode.ts";
export { drawDates } from "./transforms/draw-dates.ts";
export { drawNumber } from "./transforms/draw-number.ts";
export { encryptDigits } from "./transforms/encrypt-digits.ts";
export { encryptId } from "./transforms/encrypt-id.ts";
export { encryptIp } from "./transforms/encrypt-ip.ts";
export { encryptPhone } from "./transforms/encrypt-phone.ts";
export { encryptText } from "./transforms/encrypt-text.ts";
export { fake } from "./transforms/fake.ts";
export { generalizeAge } from "./transforms/generalize-age.ts";
export { generalizeDate } from "./transforms/generalize-date.ts";
export { hash } from "./transforms/hash.ts";
export { ifInvalid } from "./transforms/if-invalid.ts";
export { jitterDates } from "./transforms/jitter-dates.ts";
export { keep } from "./transforms/keep.ts";
export { keepIf } from "./transforms/keep-if.ts";
export { mapValues } from "./transforms/map-values.ts";
export { maskArray } from "./transforms/mask-array.ts";
export { maskComposite } from "./transforms/mask-composite.ts";
export { maskCsv } from "./transforms/mask-csv.ts";
export { maskDomain } from "./transforms/mask-domain.ts";
export { maskEmail } from "./transforms/mask-email.ts";
export { maskHstore } from "./transforms/mask-hstore.ts";
export { maskJson } from "./transforms/mask-json.ts";
export { maskList } from "./transforms/mask-list.ts";
export { maskPhp } from "./transforms/mask-php.ts";
export { maskQuery } from "./transforms/mask-query.ts";
export { maskRange } from "./transforms/mask-range.ts";
export { maskText } from "./transforms/mask-text.ts";
export { maskUrl } from "./transforms/mask-url.ts";
export { maskXml } from "./transforms/mask-xml.ts";
export { nullIf } from "./transforms/null-if.ts";
export { nullify } from "./transforms/nullify.ts";
export { permuteDates } from "./transforms/permute-dates.ts";
export { persona } from "./transforms/persona.ts";
export { pick } from "./transforms/pick.ts";
export { redact } from "./transforms/redact.ts";
export { resample } from "./transforms/resample.ts";
export { review } from "./transforms/review.ts";
export { roundNumber } from "./transforms/round-number.ts";
export { scramble } from "./transforms/scramble.ts";
export { segments } from "./transforms/segments.ts";
export { shiftDates } from "./transforms/shift-dates.ts";
export { shuffle } from "./transforms/shuffle.ts";
export { template } from "./transforms/template.ts";
export { tokenize } from "./transforms/tokenize.ts";
export { when } from "./transforms/when.ts";
export { xxh64 } from "./transforms/xxh64.ts";
