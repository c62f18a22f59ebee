import { compileForm, type ReadyForm } from "./id-ranks.ts";
import { idScheme } from "./id-schemes.ts";
import { compactOf } from "./id-text.ts";

/** Tells whether a value is an identifier of a scheme, as `encryptId` understands it. Prepared once for as many values as there are. */
export function schemeTest(name: string): (value: string) => boolean {
  const scheme = idScheme(name);
  const ready = new Map<string, readonly ReadyForm[]>();
  return (value) => {
    const text = scheme === undefined ? null : compactOf(value, scheme);
    const key = text === null ? null : scheme!.keyOf === undefined ? String(text.length) : scheme!.keyOf(text, value);
    if (key === null) return false;
    let forms = ready.get(key);
    if (forms === undefined) {
      forms = scheme!.forms(key, false).map((form) => compileForm(form, key));
      ready.set(key, forms);
    }
    return forms.some((form) => form.add(text!, []));
  };
}
