import type * as Parser from "@babel/parser";
import type { Finding, Place } from "../../errors.ts";
import { requirePackage } from "../../require-package.ts";
import type { Layout } from "../parse/policy-node.ts";

type Statement = ReturnType<typeof Parser.parse>["program"]["body"][number];
type Declaration = Extract<Statement, { type: "VariableDeclaration" | "FunctionDeclaration" }>;
type Exported = Extract<Statement, { type: "ExportDefaultDeclaration" }>["declaration"];
type Literal = Extract<Exported, { type: "ObjectExpression" }>;
type Property = Extract<Literal["properties"][number], { type: "ObjectProperty" }>;
/** What may stand for a value. */
type Code = Exported | Property["value"] | Extract<Exported, { type: "CallExpression" }>["arguments"][number];
type Bindings = ReadonlyMap<string, Code>;

/** What a name leads to leads on to others, and a circle to nowhere. */
const LONGEST_CHAIN = 20;

/**
 * Finds where a policy in TypeScript or JavaScript says what it says, by reading its default export: objects, what is spread into them, constants and helpers
 * of the same file. What comes from elsewhere stands where this file brings it in. Null for code that cannot be read, as for code without an export.
 */
export function readCode(file: string, text: string, findings: Finding[]): Layout | null {
  const { parse }: typeof Parser = requirePackage("@babel/parser");
  try {
    const { program } = parse(text, {
      sourceType: "unambiguous",
      plugins: ["typescript", "importAttributes"],
      errorRecovery: true,
    });
    const exported = exportOf(program.body);
    if (exported === null) return null;
    const source: Source = { file, bindings: bindingsOf(program.body) };
    reportTwice(exported, source, new Set(), findings);
    return layoutOf(exported, source, 0);
  } catch {
    return null;
  }
}

function exportOf(statements: readonly Statement[]): Code | null {
  for (const statement of statements) {
    if (statement.type === "ExportDefaultDeclaration") return statement.declaration;
    if (statement.type === "TSExportAssignment") return statement.expression;
    if (statement.type === "ExportNamedDeclaration")
      for (const one of statement.specifiers)
        if (one.type === "ExportSpecifier" && one.exported.type === "Identifier" && one.exported.name === "default")
          return one.local;
    if (statement.type !== "ExpressionStatement" || statement.expression.type !== "AssignmentExpression") continue;
    const { left, right } = statement.expression;
    const isExports = left.type === "MemberExpression" && left.object.type === "Identifier" && left.object.name === "module";
    if (isExports) return right;
  }
  return null;
}

function bindingsOf(statements: readonly Statement[]): Bindings {
  const declarations = statements
    .map((one) => (one.type === "ExportNamedDeclaration" ? one.declaration : one))
    .filter((one): one is Declaration => one?.type === "VariableDeclaration" || one?.type === "FunctionDeclaration");
  return new Map(
    declarations.flatMap((one): [string, Code][] => {
      if (one.type === "FunctionDeclaration") return one.id ? [[one.id.name, one]] : [];
      return one.declarations.flatMap(({ id, init }) => (id.type === "Identifier" && init ? [[id.name, init]] : []));
    }),
  );
}

interface Source {
  readonly file: string;
  readonly bindings: Bindings;
}

function layoutOf(code: Code, source: Source, depth: number): Layout {
  const node = writtenValue(code, source.bindings, depth);
  return {
    place: placeOf(node, source),
    field: (name) => (depth > LONGEST_CHAIN ? undefined : fieldOf(node, name, source, depth)),
    item: (index) => {
      const item = node.type === "ArrayExpression" ? node.elements[index] : undefined;
      return item ? layoutOf(item, source, depth + 1) : undefined;
    },
  };
}

function placeOf({ loc }: Pick<Code, "loc">, { file }: Source): Place {
  return loc ? { file, line: loc.start.line, columnNumber: loc.start.column + 1 } : { file };
}

/** A literal that names one thing twice: JavaScript takes the last without a word. */
function reportTwice(code: Code, source: Source, seen: Set<Code>, findings: Finding[]): void {
  const node = writtenValue(code, source.bindings, 0);
  if (seen.has(node)) return;
  seen.add(node);
  if (node.type === "CallExpression") for (const one of node.arguments) reportTwice(one, source, seen, findings);
  if (node.type === "ArrayExpression") for (const one of node.elements) if (one) reportTwice(one, source, seen, findings);
  if (node.type !== "ObjectExpression") return;
  const names = new Set<string>();
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      reportTwice(property.argument, source, seen, findings);
      continue;
    }
    const name = property.computed ? null : nameOf(property);
    if (name !== null && names.has(name)) {
      const message = `The policy says ${name} twice in one object.`;
      findings.push({
        code: "POLICY_INVALID",
        severity: "error",
        message,
        hint: "Keep one of the two.",
        ...placeOf(property, source),
      });
    }
    if (name !== null) names.add(name);
    if (property.type === "ObjectProperty") reportTwice(property.value, source, seen, findings);
  }
}

/** Behind the types, the names of constants, and the helpers that only give something back. */
function writtenValue(code: Code, bindings: Bindings, depth: number): Code {
  if (depth > LONGEST_CHAIN) return code;
  const next = nextOf(code, bindings);
  return next === undefined ? code : writtenValue(next, bindings, depth + 1);
}

function nextOf(code: Code, bindings: Bindings): Code | undefined {
  switch (code.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      return code.expression;
    case "AwaitExpression":
      return code.argument;
    case "Identifier":
      return bindings.get(code.name);
    case "CallExpression":
      return code.callee.type === "Identifier" ? returnedBy(bindings.get(code.callee.name)) : undefined;
    default:
      return undefined;
  }
}

function returnedBy(code: Code | undefined): Code | undefined {
  if (code?.type !== "ArrowFunctionExpression" && code?.type !== "FunctionDeclaration" && code?.type !== "FunctionExpression")
    return undefined;
  if (code.body.type !== "BlockStatement") return code.body;
  const last = code.body.body.at(-1);
  return last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}

type Field = ReturnType<Layout["field"]>;

function fieldOf(node: Code, name: string, source: Source, depth: number): Field {
  if (node.type === "ObjectExpression") return fieldOfObject(node, name, source, depth);
  if (node.type !== "CallExpression") return undefined;
  // definePolicy({ tables }) and redact({ keepLast }) hold what their argument holds; fake("internet.email") begins with what its first option is.
  const values = node.arguments.map((one) => ({ argument: one, value: writtenValue(one, source.bindings, depth) }));
  for (const { value } of values) {
    const found = value.type === "ObjectExpression" ? fieldOfObject(value, name, source, depth) : undefined;
    if (found !== undefined) return found;
  }
  const [first] = values;
  if (first === undefined || first.value.type === "ObjectExpression") return undefined;
  const layout = layoutOf(first.argument, source, depth + 1);
  return { place: layout.place, layout };
}

/** The last that says it wins. What is spread from elsewhere, or named by code, may say anything. */
function fieldOfObject({ properties }: Literal, name: string, source: Source, depth: number): Field {
  let otherwise: Field;
  for (const property of properties.toReversed()) {
    const own = layoutOf(
      property.type === "SpreadElement" ? property.argument : (property as unknown as Code),
      source,
      depth + 1,
    );
    if (property.type === "SpreadElement") {
      const found = own.field(name);
      if (found !== undefined) return found;
      const isKnown = writtenValue(property.argument, source.bindings, depth).type === "ObjectExpression";
      if (!isKnown) otherwise ??= { place: own.place, layout: { ...own, field: () => undefined, item: () => undefined } };
    } else if (property.computed) {
      otherwise ??= { place: own.place, layout: own };
    } else if (nameOf(property) === name) {
      return { place: own.place, layout: property.type === "ObjectProperty" ? layoutOf(property.value, source, depth + 1) : own };
    }
  }
  return otherwise;
}

function nameOf({ key }: Exclude<Literal["properties"][number], { type: "SpreadElement" }>): string | null {
  if (key.type === "Identifier") return key.name;
  return key.type === "StringLiteral" || key.type === "NumericLiteral" ? String(key.value) : null;
}
