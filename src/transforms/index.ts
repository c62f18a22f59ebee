export { ruleList, ruleMap, ruleOption } from "../inner-rules.ts";
export { boolean, callback, choice, integer, number, text } from "../option-spec.ts";
export { addNoise } from "./add-noise.ts";
export { bucketNumber } from "./bucket-number.ts";
export { callService, type ServiceCall } from "./call-service.ts";
export { chain } from "./chain.ts";
export { clampNumber } from "./clamp-number.ts";
export { constant } from "./constant.ts";
export { type CustomContext, type CustomMask, type CustomResult, custom } from "./custom.ts";
export { decode } from "./decode.ts";
export {
  ALL_KINDS,
  defineTransform,
  EMPTY_STAYS,
  eachValue,
  type RuleInput,
  type TransformDefinition,
  type TransformFunction,
} from "./define-transform.ts";
export { drawDates } from "./draw-dates.ts";
export { drawNumber } from "./draw-number.ts";
export { encryptDigits } from "./encrypt-digits.ts";
export { encryptId } from "./encrypt-id.ts";
export { encryptIp } from "./encrypt-ip.ts";
export { encryptPhone } from "./encrypt-phone.ts";
export { encryptText } from "./encrypt-text.ts";
export { type FakeOptions, fake } from "./fake.ts";
export { generalizeAge } from "./generalize-age.ts";
export { generalizeDate } from "./generalize-date.ts";
export { hash } from "./hash.ts";
export { ifInvalid } from "./if-invalid.ts";
export { jitterDates } from "./jitter-dates.ts";
export { keep } from "./keep.ts";
export { keepIf } from "./keep-if.ts";
export { mapValues } from "./map-values.ts";
export { maskArray } from "./mask-array.ts";
export { maskComposite } from "./mask-composite.ts";
export { maskCsv } from "./mask-csv.ts";
export { maskDomain } from "./mask-domain.ts";
export { maskEmail } from "./mask-email.ts";
export { maskHstore } from "./mask-hstore.ts";
export { maskJson } from "./mask-json.ts";
export { maskList } from "./mask-list.ts";
export { maskPhp } from "./mask-php.ts";
export { maskQuery } from "./mask-query.ts";
export { maskRange } from "./mask-range.ts";
export { maskText } from "./mask-text.ts";
export { maskUrl } from "./mask-url.ts";
export { maskXml } from "./mask-xml.ts";
export { nullIf } from "./null-if.ts";
export { nullify } from "./nullify.ts";
export { permuteDates } from "./permute-dates.ts";
export { persona } from "./persona.ts";
export { pick } from "./pick.ts";
export { redact } from "./redact.ts";
export { resample } from "./resample.ts";
export { review } from "./review.ts";
export { roundNumber } from "./round-number.ts";
export type { RowPredicate } from "./rule-branches.ts";
export { scramble } from "./scramble.ts";
export { segments } from "./segments.ts";
export { shiftDates } from "./shift-dates.ts";
export { shuffle } from "./shuffle.ts";
export { template } from "./template.ts";
export type { Recognise, RecognisedSpan } from "./text-search.ts";
export { tokenize } from "./tokenize.ts";
export { when } from "./when.ts";
export { xxh64 } from "./xxh64.ts";
