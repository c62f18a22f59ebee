export { type CheckOfDatabases, type CheckOptions, type CheckReport, checkDatabases, checkRefresh } from "./check-refresh.ts";
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
export type { InPlaceReport } from "./in-place/in-place-report.ts";
export type { Remainder } from "./in-place/what-stays.ts";
export { generateMaskingKey, type KeyProvider } from "./keys/masking-key.ts";
export { type MaskInPlaceOptions, markNonProduction, maskInPlace, unmarkNonProduction } from "./mask-in-place.ts";
export { PauseSwitch } from "./pause-switch.ts";
export { createMasker, type Masker, type MaskerOptions } from "./pipeline/masking/create-masker.ts";
export type { RunTrace } from "./pipeline/observe-run.ts";
export type { Preview, PreviewColumn } from "./pipeline/preview-rows.ts";
export type { OnProgress, ProgressEvent } from "./pipeline/progress.ts";
export type { ColumnReport, Report, TableReport } from "./pipeline/report.ts";
export type { RunMessage } from "./pipeline/run-channels.ts";
export type { PartReport, RunPart } from "./pipeline/shards/stage-part.ts";
export type { Telemetry, TelemetryMeter, TelemetrySpan, TelemetryTracer } from "./pipeline/telemetry.ts";
export type { Lock } from "./plan/locks/lock.ts";
export type { LockChange, LockDifference } from "./plan/locks/lock-difference.ts";
export { readAnyLock, readLock, writeLock } from "./plan/locks/lock-file.ts";
export type { LockOfDatabases } from "./plan/locks/lock-of-databases.ts";
export type { ColumnPlan, Plan, TablePlan } from "./plan/plan.ts";
export type { DataClass } from "./policy/class-names.ts";
export {
  type DatabasePolicy,
  definePolicy,
  type EnvironmentPolicy,
  type Policy,
  type PolicyOfDatabases,
  type TablePolicy,
  type TablesPolicy,
} from "./policy/define-policy.ts";
export type { ReadOptions } from "./policy/parse/finish-policy.ts";
export { parsePolicy } from "./policy/parse/parse-policy.ts";
export type { PresetName } from "./policy/presets.ts";
export { loadPolicy } from "./policy/read/load-policy.ts";
export type { SubsetKey, SubsetPolicy, SubsetRelation, SubsetTable } from "./policy/subset-policy.ts";
export { type PreviewOptions, preview } from "./preview.ts";
export { type PlanOptions, planRefresh, type RefreshOptions, refresh, type VerifyInRun } from "./refresh.ts";
export { type PlanOfDatabases, planDatabases } from "./refresh-databases.ts";
export { type RefreshPartOptions, refreshPart } from "./refresh-part.ts";
export { type Evidence, type ReportFacts, reportPage } from "./report/report-page.ts";
export { type RevealOptions, reveal } from "./reveal.ts";
export type { SourceLimits } from "./source-limits.ts";
export type { Subset, SubsetRelationRows, SubsetTableRows } from "./subset/describe-selection.ts";
export { mapValues } from "./transforms/choices/map-values.ts";
export { pick } from "./transforms/choices/pick.ts";
export { resample } from "./transforms/choices/resample.ts";
export { shuffle } from "./transforms/choices/shuffle.ts";
export { drawDates } from "./transforms/dates/draw-dates.ts";
export { generalizeAge } from "./transforms/dates/generalize-age.ts";
export { generalizeDate } from "./transforms/dates/generalize-date.ts";
export { jitterDates } from "./transforms/dates/jitter-dates.ts";
export { permuteDates } from "./transforms/dates/permute-dates.ts";
export { shiftDates } from "./transforms/dates/shift-dates.ts";
export { decode } from "./transforms/documents/decode.ts";
export { maskArray } from "./transforms/documents/mask-array.ts";
export { maskComposite } from "./transforms/documents/mask-composite.ts";
export { maskCsv } from "./transforms/documents/mask-csv.ts";
export { maskHstore } from "./transforms/documents/mask-hstore.ts";
export { maskJson } from "./transforms/documents/mask-json.ts";
export { maskList } from "./transforms/documents/mask-list.ts";
export { maskPhp } from "./transforms/documents/mask-php.ts";
export { maskQuery } from "./transforms/documents/mask-query.ts";
export { maskRange } from "./transforms/documents/mask-range.ts";
export { maskXml } from "./transforms/documents/mask-xml.ts";
export { fake } from "./transforms/fake/fake.ts";
export { maskText } from "./transforms/free-text/mask-text.ts";
export { encryptId } from "./transforms/ids/encrypt-id.ts";
export { encryptPhone } from "./transforms/ids/encrypt-phone.ts";
export { fakeCard } from "./transforms/ids/fake-card.ts";
export { encryptIp } from "./transforms/network/encrypt-ip.ts";
export { maskDomain } from "./transforms/network/mask-domain.ts";
export { maskEmail } from "./transforms/network/mask-email.ts";
export { maskUrl } from "./transforms/network/mask-url.ts";
export { addNoise } from "./transforms/numbers/add-noise.ts";
export { bucketNumber } from "./transforms/numbers/bucket-number.ts";
export { clampNumber } from "./transforms/numbers/clamp-number.ts";
export { drawNumber } from "./transforms/numbers/draw-number.ts";
export { roundNumber } from "./transforms/numbers/round-number.ts";
export { persona } from "./transforms/persona/persona.ts";
export { callService } from "./transforms/pieces/call-service.ts";
export { chain } from "./transforms/pieces/chain.ts";
export { custom } from "./transforms/pieces/custom.ts";
export { ifInvalid } from "./transforms/pieces/if-invalid.ts";
export { keepIf } from "./transforms/pieces/keep-if.ts";
export { nullIf } from "./transforms/pieces/null-if.ts";
export { segments } from "./transforms/pieces/segments.ts";
export { template } from "./transforms/pieces/template.ts";
export { unique } from "./transforms/pieces/unique.ts";
export { when } from "./transforms/pieces/when.ts";
export { constant } from "./transforms/plain/constant.ts";
export { keep } from "./transforms/plain/keep.ts";
export { nullify } from "./transforms/plain/nullify.ts";
export { redact } from "./transforms/plain/redact.ts";
export { review } from "./transforms/plain/review.ts";
export { encryptDigits } from "./transforms/tokens/encrypt-digits.ts";
export { encryptText } from "./transforms/tokens/encrypt-text.ts";
export { hash } from "./transforms/tokens/hash.ts";
export { scramble } from "./transforms/tokens/scramble.ts";
export { tokenize } from "./transforms/tokens/tokenize.ts";
export { xxh64 } from "./transforms/tokens/xxh64.ts";
export type { Leak, TableVerification, Verification } from "./verify/verification.ts";
export type { VerifyEvent } from "./verify/verify-copy.ts";
export { type VerifyOptions, verifyRefresh } from "./verify-refresh.ts";
