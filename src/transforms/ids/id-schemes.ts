import type { IdScheme, IdSchemes } from "./id-scheme.ts";
import { IDS_OF_ASIA_AND_AFRICA } from "./ids-of-asia-and-africa.ts";
import { IDS_OF_MACHINES } from "./ids-of-machines.ts";
import { IDS_OF_MONEY } from "./ids-of-money.ts";
import { IDS_OF_PLACES } from "./ids-of-places.ts";
import { IDS_OF_THE_AMERICAS } from "./ids-of-the-americas.ts";
import { IDS_OF_THE_EAST } from "./ids-of-the-east.ts";
import { IDS_OF_THE_NORTH } from "./ids-of-the-north.ts";
import { IDS_OF_THE_SOUTH } from "./ids-of-the-south.ts";
import { IDS_OF_THE_WEST } from "./ids-of-the-west.ts";
import { IDS_OF_THINGS } from "./ids-of-things.ts";

const SCHEMES = {
  ...IDS_OF_MONEY,
  ...IDS_OF_MACHINES,
  ...IDS_OF_THINGS,
  ...IDS_OF_THE_AMERICAS,
  ...IDS_OF_THE_NORTH,
  ...IDS_OF_THE_WEST,
  ...IDS_OF_THE_SOUTH,
  ...IDS_OF_THE_EAST,
  ...IDS_OF_ASIA_AND_AFRICA,
  ...IDS_OF_PLACES,
} satisfies IdSchemes;

/** `iban`, `us.ssn`, `postcode.gb` */
export type IdSchemeName = keyof typeof SCHEMES;

/** All kinds of identifiers, by name: what they are of, or a country's letters and the number's own name. */
export const ID_SCHEMES: Readonly<Record<IdSchemeName, IdScheme>> = SCHEMES;

export function idScheme(name: string): IdScheme | undefined {
  return Object.hasOwn(ID_SCHEMES, name) ? ID_SCHEMES[name as IdSchemeName] : undefined;
}
