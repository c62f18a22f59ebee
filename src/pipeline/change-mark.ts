import { StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { openText, sealText } from "../keys/sealed-text.ts";
import { mappingVersion } from "../plan/plan-fingerprint.ts";

/** Where a source was when a run read it. A mark may be the value of a cell, so it is kept sealed. */
export interface ChangeMark {
  readonly source: string;
  /** Fingerprint of the plan. */
  readonly plan: string;
  /** By table: the column that tells changes, null for xmin, and how far it was, null for a table without rows. */
  readonly tables: { readonly [table: string]: { readonly by: string | null; readonly mark: string | null } };
}

/** `standin-mark <key's fingerprint> <version> <sealed>`: what stands in clear is what a refusal tells. */
export function sealMark(mark: ChangeMark, key: MaskingKey): string {
  const header = `standin-mark ${key.fingerprint} ${mappingVersion()}`;
  return `${header} ${sealText(sealingKey(key), header, JSON.stringify(mark))}`;
}

/** Opens what the last run left. Throws INCREMENT_REFUSED where there is nothing, or where it was left under another key, version, source or plan than `now`. */
export function openMark(text: string | null, key: MaskingKey, now: ChangeMark): ChangeMark {
  if (text === null) throw refused("The target holds no mark of a whole run to begin at.");
  const [kind, fingerprint, mapping, sealed = ""] = text.split(" ");
  if (kind !== "standin-mark") throw refused("The target's mark is none of this version of standin.");
  if (fingerprint !== key.fingerprint)
    throw refused(`The last run had another key: its fingerprint was ${fingerprint} and is ${key.fingerprint}.`);
  if (mapping !== mappingVersion())
    throw refused(`The last run mapped by another version: ${mapping}, and now ${mappingVersion()}.`);
  const opened = openText(sealingKey(key), `${kind} ${fingerprint} ${mapping}`, sealed);
  if (opened === null) throw refused("The target's mark was changed by somebody.");
  const mark = JSON.parse(opened) as ChangeMark;
  if (mark.source !== now.source) throw refused("The last run read another source.");
  if (mark.plan !== now.plan) throw refused("The last run had another plan: schema or rules have changed since.");
  const tellers = ({ tables }: ChangeMark) =>
    JSON.stringify(
      Object.entries(tables)
        .map(([table, { by }]) => [table, by])
        .sort(),
    );
  if (tellers(mark) !== tellers(now)) throw refused("The policy told changes otherwise when the last run was made.");
  return mark;
}

const sealingKey = (key: MaskingKey): Uint8Array => key.derive("incremental mark", "");

function refused(message: string): StandinError {
  return new StandinError("INCREMENT_REFUSED", message, {
    hint: "Run the whole once, without --incremental: it leaves a mark to begin at.",
  });
}
