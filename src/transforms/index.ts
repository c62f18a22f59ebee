export { ruleList, ruleMap, ruleOption } from "../inner-rules.ts";
export { boolean, callback, choice, integer, number, text } from "../option-spec.ts";
export { mapValues } from "./choices/map-values.ts";
export { pick } from "./choices/pick.ts";
export { resample } from "./choices/resample.ts";
export { shuffle } from "./choices/shuffle.ts";
export { drawDates } from "./dates/draw-dates.ts";
export { generalizeAge } from "./dates/generalize-age.ts";
export { generalizeDate } from "./dates/generalize-date.ts";
export { jitterDates } from "./dates/jitter-dates.ts";
export { permuteDates } from "./dates/permute-dates.ts";
export { shiftDates } from "./dates/shift-dates.ts";
export {
  ALL_KINDS,
  defineTransform,
  EMPTY_STAYS,
  eachValue,
  type RuleInput,
  type TransformDefinition,
  type TransformFunction,
} from "./define-transform.ts";
export { decode } from "./documents/decode.ts";
export { maskArray } from "./documents/mask-array.ts";
export { maskComposite } from "./documents/mask-composite.ts";
export { maskCsv } from "./documents/mask-csv.ts";
export { maskHstore } from "./documents/mask-hstore.ts";
export { maskJson } from "./documents/mask-json.ts";
export { maskList } from "./documents/mask-list.ts";
export { maskPhp } from "./documents/mask-php.ts";
export { maskQuery } from "./documents/mask-query.ts";
export { maskRange } from "./documents/mask-range.ts";
export { maskXml } from "./documents/mask-xml.ts";
export { fake } from "./fake/fake.ts";
export type { FakeOptions } from "./fake/fake-options.ts";
export type { Recognise, RecognisedSpan } from "./free-text/ask-recogniser.ts";
export { maskText } from "./free-text/mask-text.ts";
export { encryptId } from "./ids/encrypt-id.ts";
export { encryptPhone } from "./ids/encrypt-phone.ts";
export { fakeCard } from "./ids/fake-card.ts";
export { encryptIp } from "./network/encrypt-ip.ts";
export { maskDomain } from "./network/mask-domain.ts";
export { maskEmail } from "./network/mask-email.ts";
export { maskUrl } from "./network/mask-url.ts";
export { addNoise } from "./numbers/add-noise.ts";
export { bucketNumber } from "./numbers/bucket-number.ts";
export { clampNumber } from "./numbers/clamp-number.ts";
export { drawNumber } from "./numbers/draw-number.ts";
export { roundNumber } from "./numbers/round-number.ts";
export { persona } from "./persona/persona.ts";
export { callService, type ServiceCall } from "./pieces/call-service.ts";
export { chain } from "./pieces/chain.ts";
export { type CustomContext, type CustomMask, type CustomResult, custom } from "./pieces/custom.ts";
export { ifInvalid } from "./pieces/if-invalid.ts";
export { keepIf } from "./pieces/keep-if.ts";
export { nullIf } from "./pieces/null-if.ts";
export type { RowPredicate } from "./pieces/rule-branches.ts";
export { segments } from "./pieces/segments.ts";
export { template } from "./pieces/template.ts";
export { unique } from "./pieces/unique.ts";
export { when } from "./pieces/when.ts";
export { constant } from "./plain/constant.ts";
export { keep } from "./plain/keep.ts";
export { nullify } from "./plain/nullify.ts";
export { redact } from "./plain/redact.ts";
export { review } from "./plain/review.ts";
export { encryptDigits } from "./tokens/encrypt-digits.ts";
export { encryptText } from "./tokens/encrypt-text.ts";
export { hash } from "./tokens/hash.ts";
export { scramble } from "./tokens/scramble.ts";
export { tokenize } from "./tokens/tokenize.ts";
export { xxh64 } from "./tokens/xxh64.ts";
