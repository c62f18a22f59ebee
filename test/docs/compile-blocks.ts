import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { type Block, placeOf } from "./page-blocks.ts";
import { ROOT, readPage } from "./readme-blocks.ts";

/** What a block takes from its reader's program, where no note above it says more. */
const GIVEN = `
  declare function fetchKeyFromVault(): Promise<string>;
  declare const users: { id: number; email: string; plan: string }[];
  declare const policy: import("standin").Policy;
`;

/** A module that a block calls \`./standin.policy.ts\`, where its page shows none. */
const ANY_POLICY =
  'import { definePolicy, keep } from "standin";\nexport default definePolicy({ tables: { users: { id: keep() } } });\n';

/** What package.json exports, as sources. */
const DOORS: readonly string[] = Object.keys(JSON.parse(readPage("package.json")).exports)
  .filter((path) => !path.endsWith(".json"))
  .flatMap((path) => [join("src", path), join("src", "connectors", path)].map((folder) => join(ROOT, folder, "index.ts")))
  .filter(existsSync);

export interface CompiledBlocks {
  readonly problems: readonly string[];
  readonly program: ts.Program;
}

/** Checks blocks of TypeScript as programs of their readers, each a module of its own in a folder of its page, against the sources of standin. */
export function compileBlocks(blocks: readonly Block[], place: string): CompiledBlocks {
  const places = new Map<string, Block>();
  for (const page of new Set(blocks.map((block) => block.page))) {
    for (const folder of ["", "data-refresh"]) write(join(place, page, folder, "standin.policy.ts"), ANY_POLICY);
  }
  for (const block of blocks) {
    const file = join(place, block.page, nameOf(block));
    const text = /^(import|export) /m.test(block.code) ? block.code : `${block.code}\nexport {};\n`;
    write(file, `${text}\n${block.notes.given ?? ""}`);
    places.set(file, block);
  }
  const given = join(place, "given.d.ts");
  write(given, GIVEN);
  const program = ts.createProgram([...places.keys(), given, ...DOORS], compilerOptions());
  const problems = [...places].flatMap(([file, block]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${placeOf(block)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
  );
  return { problems, program };
}

/** What standin and its doors export without a sentence for those who hover over it. */
export function undocumentedExports({ program }: CompiledBlocks): readonly string[] {
  const checker = program.getTypeChecker();
  return DOORS.flatMap((door) => {
    const root = checker.getSymbolAtLocation(program.getSourceFile(door)!)!;
    return checker.getExportsOfModule(root).flatMap((symbol) => {
      const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return declared.getDocumentationComment(checker).length > 0 ? [] : [`${symbol.name} of ${door.slice(ROOT.length + 1)}`];
    });
  });
}

/** As the page calls it: \`[name]\` behind the language, or a comment in the first line. */
function nameOf({ file, code, line, language }: Block): string {
  if (/^export default definePolicy/m.test(code)) return file ?? "standin.policy.ts";
  return (
    file ?? /^\/\/ ([\w./-]+\.ts)$/m.exec(code.split("\n", 1)[0]!)?.[1] ?? `line-${line}.${language === "js" ? "mjs" : "ts"}`
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const source = (name: string) => join(ROOT, "src", name);
  return {
    ...ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT).options,
    paths: { standin: [source("index.ts")], "standin/*": [source("*/index.ts"), source("connectors/*/index.ts")] },
    noUnusedLocals: false,
  };
}
