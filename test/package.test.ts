import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(resolve(ROOT, "package.json"), "utf8"));

describe("package.json", () => {
  it("is an ES module without side effects for Node 20.19 and later", () => {
    expect(manifest).toMatchObject({
      name: "standin",
      license: "MIT",
      type: "module",
      sideEffects: false,
      engines: { node: ">=20.19" },
    });
  });

  it("offers the documented subpaths, types first, and nothing else", () => {
    expect(Object.keys(manifest.exports)).toEqual([
      ".",
      "./transforms",
      "./postgres",
      "./mysql",
      "./csv",
      "./jsonl",
      "./parquet",
      "./sqlite",
      "./bullmq",
      "./testing",
      "./policy.schema.json",
      "./package.json",
    ]);
    for (const [path, entry] of Object.entries<Record<string, string>>(manifest.exports)) {
      if (!path.endsWith(".json")) expect(Object.keys(entry)).toEqual(["types", "default"]);
    }
  });

  it("brings what the README and its pages lead to, but for tests and benchmarks", () => {
    const isPacked = (path: string) =>
      manifest.files.some(
        (entry: string) =>
          path === entry || path.startsWith(`${entry}/`) || (entry === "docs/*.md" && /^docs\/[^/]+\.md$/.test(path)),
      );
    const pages = readdirSync(resolve(ROOT, "docs"), { recursive: true, encoding: "utf8" })
      .map((page) => `docs/${page}`)
      .filter((page) => page.endsWith(".md") && isPacked(page));
    const links = ["README.md", ...pages].flatMap((page) =>
      [...readFileSync(resolve(ROOT, page), "utf8").matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)].map(([, link]) =>
        relative(ROOT, resolve(ROOT, dirname(page), link!)),
      ),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((path) => !isPacked(path) && !/^(?:test|bench)\//.test(path))).toEqual([]);
  });

  it("runs no script at install", () => {
    const scripts = Object.keys(manifest.scripts).filter((name) => /^(pre|post)?(install|prepare|publish)/.test(name));
    expect(scripts).toEqual([]);
  });

  it("pins faker exactly: a corpus is part of the mapping", () => {
    expect(manifest.dependencies["@faker-js/faker"]).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("names no type by an index signature alone, as the bundler of the declarations would drop it", () => {
    const files = readdirSync(resolve(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const found = files.filter((file) => /\[\w+: [A-Z]\w*\]\??:/.test(readFileSync(resolve(ROOT, "src", file), "utf8")));
    expect(files.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it("has only dependencies that run no script at install", () => {
    const lock = JSON.parse(readFileSync(resolve(ROOT, "package-lock.json"), "utf8"));
    const scripted = Object.entries<{ dev?: boolean; hasInstallScript?: boolean }>(lock.packages)
      .filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev)
      .map(([name]) => name);
    expect(scripted).toEqual([]);
  });

  it("keeps the top level to the card and what a library needs beside it", () => {
    for (const name of [
      "src",
      "test",
      "examples",
      "tsconfig.json",
      "tsup.config.ts",
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "bench",
      ".ci/run",
    ]) {
      expect(existsSync(resolve(ROOT, name)), name).toBe(true);
    }
  });
});
