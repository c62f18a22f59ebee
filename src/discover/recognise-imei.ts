import { luhnSum } from "../transforms/luhn.ts";
import { eachValueIs, TEXT_OR_NUMBER } from "./recogniser.ts";

/** 15 digits with a check digit; the first two name the body that registered the model (3GPP TS 23.003). */
export function isImei(value: string): boolean {
  if (value.length > 24) return false;
  const digits = value.replace(/[ /-]/g, "");
  return /^(?:01|0[2-9]|1[0-3]|3[0135]|4[49]|5[0-4]|8[6-7]|9[189])\d{13}$/.test(digits) && luhnSum(digits) === 0;
}

export const recogniseImei = eachValueIs("imei", isImei, {
  accepts: TEXT_OR_NUMBER,
  least: 0.5,
  says: "are device numbers with the right check digit",
  alone: 0.8,
  support: 0.9,
});
