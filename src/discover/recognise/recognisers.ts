import { loadNameLists } from "../words/name-lists.ts";
import { attributeRecognisers } from "./recognise-attribute.ts";
import { recogniseBic } from "./recognise-bic.ts";
import { recogniseCard } from "./recognise-card.ts";
import { codeRecognisers, recogniseHealthCode } from "./recognise-code.ts";
import { recogniseAge, recogniseBirthDate } from "./recognise-date-of-birth.ts";
import { recogniseDocument } from "./recognise-document.ts";
import { recogniseEmail } from "./recognise-email.ts";
import { freeTextRecogniser } from "./recognise-free-text.ts";
import { recogniseIban } from "./recognise-iban.ts";
import { recogniseImage } from "./recognise-image.ts";
import { recogniseImei } from "./recognise-imei.ts";
import { loadNationalIds } from "./recognise-national-id.ts";
import { recogniseIpAddress, recogniseMacAddress } from "./recognise-network-address.ts";
import { personNameRecognisers } from "./recognise-person-name.ts";
import { loadPhones } from "./recognise-phone.ts";
import {
  cityRecogniser,
  recogniseCoordinates,
  recognisePostcode,
  recogniseRegion,
  recogniseStreetAddress,
} from "./recognise-place.ts";
import { recognisePasswordHash, recogniseSecret, recogniseSession } from "./recognise-secret.ts";
import { recogniseUsSsn } from "./recognise-us-ssn.ts";
import { recogniseVin } from "./recognise-vin.ts";
import { recogniseUrl, recogniseUserAgent, userNameRecogniser } from "./recognise-web.ts";
import type { Recogniser } from "./recogniser.ts";

let loaded: Promise<readonly Recogniser[]> | undefined;

/**
 * All that looks at values. The libraries and name lists that they need are loaded here, and nowhere else: about half a second, once, as an import is.
 */
export function loadRecognisers(): Promise<readonly Recogniser[]> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<readonly Recogniser[]> {
  const [lists, phones, nationalIds] = await Promise.all([loadNameLists(), loadPhones(), loadNationalIds()]);
  return [
    recogniseEmail,
    recogniseIban,
    recogniseCard,
    recogniseIpAddress,
    recogniseMacAddress,
    recogniseImei,
    recogniseVin,
    recogniseUsSsn,
    recogniseBic,
    recognisePasswordHash,
    recogniseSecret,
    recogniseSession,
    recogniseUrl,
    recogniseUserAgent,
    recogniseHealthCode,
    recogniseBirthDate,
    recogniseAge,
    recogniseStreetAddress,
    recognisePostcode,
    recogniseCoordinates,
    recogniseRegion,
    recogniseDocument,
    recogniseImage,
    phones,
    ...nationalIds,
    ...attributeRecognisers,
    ...codeRecognisers,
    ...personNameRecognisers(lists),
    userNameRecogniser(lists),
    cityRecogniser(lists),
    freeTextRecogniser(lists),
  ];
}
