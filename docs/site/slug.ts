/** The anchor that GitHub gives a heading. The site gives the same, so that a link works in both places. */
export function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/** The anchors of a page's headings: the second of the same name gets a number. */
export function slugsOf(page: string): readonly string[] {
  const prose = page.replaceAll(/^ *(`{3,})[\s\S]*?^ *\1 *$/gm, "");
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = slugOf(heading!);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}
