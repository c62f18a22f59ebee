import { defineConfig } from "vitepress";
import { labelCells } from "../label-cells.ts";
import { apiDoors, sitePathOf, siteSections, titleOf } from "../site-pages.ts";
import { slugOf } from "../slug.ts";

const API = "docs/reference/api/index.md";

const sidebar = siteSections().map(({ title, pages, isClosed }) => ({
  text: title,
  collapsed: isClosed ?? false,
  items: pages.map((file) => ({
    text: titleOf(file),
    link: sitePathOf(file)!,
    ...(file === API && {
      items: apiDoors().map((door) => ({ text: door, link: `${sitePathOf(API)}${door}` })),
      collapsed: true,
    }),
  })),
}));

export default defineConfig({
  srcDir: ".pages",
  outDir: "dist",
  cacheDir: "node_modules/.vitepress",
  title: "standin",
  description: "Copies PostgreSQL, MySQL and files with every column masked by a policy.",
  lang: "en",
  cleanUrls: false,
  head: [["link", { rel: "icon", href: "/mark.svg", type: "image/svg+xml" }]],
  markdown: {
    linkify: false,
    anchor: { slugify: slugOf },
    // A `[file]` or `output` behind a block's language is for the tests; `{{` in prose is text and no code.
    config(md) {
      const fence = md.renderer.rules.fence!;
      md.renderer.rules.fence = (tokens, index, ...rest) => {
        const token = tokens[index]!;
        const file = /\[(.+)\]/.exec(token.info)?.[1];
        token.info = token.info.replace(/\s*(\[.+\]|output\b)/g, "");
        const block = fence(tokens, index, ...rest);
        return file === undefined
          ? block
          : `<div class="file"><span class="file-name">${md.utils.escapeHtml(file)}</span>${block}</div>`;
      };
      for (const kind of ["text", "code_inline"] as const) {
        const render = md.renderer.rules[kind]!;
        md.renderer.rules[kind] = (...given) => render(...given).replaceAll("{{", "&#123;&#123;");
      }
      md.core.ruler.push("label-cells", ({ tokens }) => labelCells(tokens));
      md.renderer.rules.table_open = (tokens, index) =>
        `<div class="wide"><table class="${tokens[index]!.attrGet("class")}" tabindex="0">\n`;
      md.renderer.rules.table_close = () => "</table></div>\n";
    },
  },
  themeConfig: {
    logo: "/mark.svg",
    sidebar,
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Guides", link: "/guides/policy" },
      { text: "Masks", link: "/masks" },
      { text: "Policy", link: "/reference/policy" },
      { text: "API", link: "/reference/api/" },
      { text: "Compared", link: "/comparison" },
    ],
    outline: { level: [2, 3] },
    search: { provider: "local", options: { detailedView: true } },
    docFooter: { prev: "Before", next: "Next" },
    notFound: { quote: "There is no such page. The search above finds others.", linkText: "To the first page" },
  },
});
