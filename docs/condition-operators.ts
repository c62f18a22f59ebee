/** Operators of one kind. */
export interface OperatorForm {
  readonly written: readonly string[];
  readonly means: string;
  /** True of a row with the value +49 151, the country DE, the age 41, active t, and nick NULL. */
  readonly example: string;
}

/** What stands between the sides of a condition, as the docs tell of it. A test evaluates each example. */
export const OPERATORS: readonly OperatorForm[] = [
  {
    written: ["=", "<>", "!=", "<", "<=", ">", ">="],
    means: "Compares numbers by value and texts character by character; a number beside a text that is none cannot be told.",
    example: "age >= 18",
  },
  { written: ["in", "not in"], means: "Whether a list has it.", example: "country in ('DE', 'AT')" },
  {
    written: ["= any", "<> all"],
    means: "The same, as PostgreSQL prints it.",
    example: "country = any (array['DE', 'AT'])",
  },
  { written: ["between", "not between"], means: "Both ends included.", example: "age between 18 and 65" },
  {
    written: ["like", "not like", "~~", "!~~", "~~*", "!~~*"],
    means: "A pattern for the whole text: `%` is any characters, `_` one. With `*` whatever the case.",
    example: "value like '+49%'",
  },
  {
    written: ["~", "!~", "~*", "!~*", "regexp", "not regexp", "rlike", "not rlike"],
    means: "A regular expression for a part of the text, of what JavaScript and SQL read alike. With `*` whatever the case.",
    example: "value ~ '^[+]49'",
  },
  {
    written: ["is null", "is not null", "is true", "is not true", "is false", "is not false"],
    means: "What NULL is asked by. Of NULL all others give NULL, which takes `else`.",
    example: "nick is null",
  },
  {
    written: ["and", "&&", "or", "not", "( )"],
    means: "Of three values, as in SQL.",
    example: "not (country = 'FR' or age < 18) and active",
  },
  {
    written: ["+", "-", "*", "%", "mod", "||"],
    means:
      "Arithmetic, and texts one behind the other; `mod(age, 2)` is `age % 2`. `/` is refused: servers divide in different ways.",
    example: "age % 2 = 1 and country || '-1' = 'DE-1'",
  },
  { written: ["::"], means: "A cast, to a number or a text.", example: "'41'::integer = age" },
];
