/** What stands between parameters: an ampersand, also one that HTML or XML has escaped, once or several times over. */
const BETWEEN = /&(?:(?:amp;)+|#0*38;|#x0*26;)?/gi;

/** The # of an escaped ampersand begins no fragment. */
const FRAGMENT = /(?<!&)#|#(?!0*38;|x0*26;)/i;

/** Where a parameter of a query begins and ends. */
export interface ParameterSpan {
  readonly from: number;
  readonly to: number;
}

/** The parameters of a query, empty ones too. `a=1&amp;b=2`, as it stands in a page's links, has two, and the second is called `b`. */
export function parametersOf(query: string): readonly ParameterSpan[] {
  const spans: ParameterSpan[] = [];
  let from = 0;
  for (const { 0: between, index } of query.matchAll(BETWEEN)) {
    spans.push({ from, to: index });
    from = index + between.length;
  }
  return [...spans, { from, to: query.length }];
}

/**
 * The same where a semicolon may stand between parameters too, as old forms write it (HTML 4.01, B.2.2): between all of them, or before one of these names. Any other
 * is of the value that it stands in.
 */
export function parametersBySemicolons(query: string, isNamed: (name: string) => boolean): readonly ParameterSpan[] {
  const spans = parametersOf(query);
  const isOld = spans.length === 1 && query.split(";").every((pair) => /^[^=]+=|^$/.test(pair));
  const semicolons = [...query.matchAll(/;(?:([^;&=]*)=)?/g)].filter(
    ([, name]) => isOld || (name !== undefined && isNamed(name)),
  );
  let next = 0;
  return spans.flatMap(({ from, to }) => {
    const parts: ParameterSpan[] = [];
    let start = from;
    for (; next < semicolons.length && semicolons[next]!.index < to; next++) {
      const { index } = semicolons[next]!;
      // One that ends an escaped ampersand is of no parameter.
      if (index < from) continue;
      parts.push({ from: start, to: index });
      start = index + 1;
    }
    return [...parts, { from: start, to }];
  });
}

/** Where a URL's fragment begins with its #; the URL's end where it has none. */
export function startOfFragment(url: string): number {
  const at = url.search(FRAGMENT);
  return at < 0 ? url.length : at;
}
