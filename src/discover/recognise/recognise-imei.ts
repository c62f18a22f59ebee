import { luhnSum } from "../../transforms/ids/luhn.ts";
import { eachValueIs, type Recogniser, shareOf, TEXT_OR_NUMBER } from "./recogniser.ts";

/** 15 digits with a check digit; the first two name the body that registered the model (3GPP TS 23.003). */
export function isImei(value: string): boolean {
  if (value.length > 24) return false;
  const digits = value.replace(/[ /-]/g, "");
  return /^(?:01|0[2-9]|1[0-3]|3[0135]|4[49]|5[0-4]|8[6-7]|9[189])\d{13}$/.test(digits) && luhnSum(digits) === 0;
}

/** The number of a SIM card (ITU-T E.118) or of a subscriber (ITU-T E.212), which a name must announce. */
export function isSimNumber(value: string): boolean {
  return /^(?:89\d{16,18}|[2-7]\d{13,14}|89\d{30})$/.test(value.replace(/[ -]/g, ""));
}

const recogniseDevice = eachValueIs("imei", isImei, {
  accepts: TEXT_OR_NUMBER,
  least: 0.5,
  says: "are device numbers with the right check digit",
  alone: 0.8,
  support: 0.9,
});

export const recogniseImei: Recogniser = {
  ...recogniseDevice,
  measure: (values) => {
    const ofCards = shareOf(values, isSimNumber);
    const found = recogniseDevice.measure(values)!;
    if (ofCards <= found.share) return found;
    return { kind: "imei", share: ofCards, alone: 0, support: 0.7, isNeeded: true, says: "have the form of SIM numbers" };
  },
};
