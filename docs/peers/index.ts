import { COPYCAT } from "./copycat.ts";
import { GDPR_DUMP } from "./gdpr-dump.ts";
import { GREENMASK } from "./greenmask.ts";
import { NEOSYNC } from "./neosync.ts";
import { ANONIMATRON, DATAMASQUE, DATANYMIZER, MYANON, PGSTREAM, PIMO } from "./others.ts";
import type { Peer } from "./peer.ts";
import { POSTGRESQL_ANONYMIZER } from "./postgresql-anonymizer.ts";

/** Other tools, those with the most transforms first. */
export const PEERS: readonly Peer[] = [
  GREENMASK,
  NEOSYNC,
  POSTGRESQL_ANONYMIZER,
  GDPR_DUMP,
  COPYCAT,
  PIMO,
  PGSTREAM,
  MYANON,
  ANONIMATRON,
  DATAMASQUE,
  DATANYMIZER,
];
