import type { IdField } from "./id-field.ts";
import type { Pattern, Range } from "./parse-regexp.ts";

/** One of the patterns of a language, and its name. */
export interface LabelledPattern {
  readonly label: string;
  readonly pattern: Pattern;
}

/** The texts that some patterns describe, each of one label: numbered without a list of them. */
export interface Language {
  /** Null where a text is not in the language. */
  labelOf(text: string): string | null;
  /** The texts of one label and length, in the order of their characters; null where there are none, or more than 2^53. */
  field(label: string, length: number): IdField | null;
}

/** A state of the non-deterministic automaton: where it goes by a character, and where by none. */
interface Node {
  readonly steps: { readonly ranges: readonly Range[]; readonly to: number }[];
  readonly free: number[];
  label: string | null;
}

/** A state of the deterministic one. */
interface State {
  readonly edges: readonly { readonly from: number; readonly to: number; readonly next: State }[];
  readonly label: string | null;
  /** How many texts of a label lead on from here, by label and length. */
  readonly counts: Map<string, number[]>;
}

/** An edge, the texts by each of its characters, and those before and up to its last. */
interface Step {
  readonly from: number;
  readonly to: number;
  readonly next: State;
  readonly each: number;
  readonly before: number;
  readonly after: number;
}

/** Numbers above are no longer exact. */
const MAX_SIZE = 2 ** 53;

/**
 * Makes the automaton of some patterns. `choose` says which label a text has that several of them describe, null where it is in the language of none.
 *
 * To number the texts of a regular language by the texts that are left after each character is how format-preserving encryption takes any format
 * (Bellare, Ristenpart, Rogaway, Stegers, "Format-Preserving Encryption", 2009).
 */
export function createLanguage(
  patterns: readonly LabelledPattern[],
  choose: (labels: ReadonlySet<string>) => string | null = (labels) => [...labels][0] ?? null,
): Language {
  const nodes: Node[] = [];
  const start = addNode();
  for (const { label, pattern } of patterns) {
    const end = addNode();
    nodes[end]!.label = label;
    connect(pattern, start, end);
  }
  const states = new Map<string, State>();
  const first = stateOf([start]);

  return {
    labelOf(text) {
      let state: State | undefined = first;
      for (let index = 0; index < text.length && state !== undefined; index++) state = follow(state, text.charCodeAt(index));
      return state?.label ?? null;
    },
    field: (label, length) => {
      const size = count(first, label, length);
      return size === 0 || !Number.isFinite(size) ? null : fieldOf(label, length, size);
    },
  };

  function fieldOf(label: string, length: number, size: number): IdField {
    /** By how many characters are left, and state: the edges with the number of texts behind each, made on first use. */
    const ready = Array.from({ length }, () => new Map<State, readonly Step[]>());
    const stepsOf = (state: State, left: number): readonly Step[] => {
      const found = ready[left]!.get(state);
      if (found !== undefined) return found;
      let before = 0;
      const made = state.edges.map(({ from, to, next }): Step => {
        const each = count(next, label, left);
        const step = { from, to, next, each, before, after: before + each * (to - from + 1) };
        before = step.after;
        return step;
      });
      ready[left]!.set(state, made);
      return made;
    };
    return {
      width: length,
      size,
      rank(text, at) {
        let state = first;
        let rank = 0;
        for (let index = 0; index < length; index++) {
          const code = text.charCodeAt(at + index);
          const steps = stepsOf(state, length - index - 1);
          let place = 0;
          while (place < steps.length && steps[place]!.to < code) place++;
          const step = steps[place];
          if (step === undefined || step.from > code) return -1;
          rank += step.before + step.each * (code - step.from);
          state = step.next;
        }
        return state.label === label ? rank : -1;
      },
      text(rank) {
        let state = first;
        let rest = rank;
        let text = "";
        for (let left = length - 1; left >= 0; left--) {
          const steps = stepsOf(state, left);
          let place = 0;
          while (steps[place]!.after <= rest) place++;
          const { from, next, each, before } = steps[place]!;
          const char = Math.floor((rest - before) / each);
          text += String.fromCharCode(from + char);
          rest -= before + char * each;
          state = next;
        }
        return text;
      },
    };
  }

  function addNode(): number {
    nodes.push({ steps: [], free: [], label: null });
    return nodes.length - 1;
  }

  /** Adds what leads from one node to another by the texts of a pattern (Thompson's construction). */
  function connect(pattern: Pattern, from: number, to: number): void {
    if (pattern.kind === "chars") nodes[from]!.steps.push({ ranges: pattern.ranges, to });
    else if (pattern.kind === "any") for (const part of pattern.parts) connect(part, branch(from), to);
    else if (pattern.kind === "all") {
      let last = from;
      for (const part of pattern.parts) {
        const next = addNode();
        connect(part, last, next);
        last = next;
      }
      nodes[last]!.free.push(to);
    } else {
      let last = branch(from);
      for (let times = 0; times < pattern.max; times++) {
        if (times >= pattern.min) nodes[last]!.free.push(to);
        const next = addNode();
        connect(pattern.part, last, next);
        last = next;
      }
      nodes[last]!.free.push(to);
    }
  }

  /** A node of its own, so that nothing leads back into it. */
  function branch(from: number): number {
    const node = addNode();
    nodes[from]!.free.push(node);
    return node;
  }

  function stateOf(from: readonly number[]): State {
    const set = new Set(from);
    for (const node of set) for (const next of nodes[node]!.free) set.add(next);
    const key = [...set].sort((one, other) => one - other).join();
    const found = states.get(key);
    if (found !== undefined) return found;
    const labels = new Set([...set].flatMap((node) => nodes[node]!.label ?? []));
    const edges: { from: number; to: number; next: State }[] = [];
    const state: State = { edges, label: labels.size === 0 ? null : choose(labels), counts: new Map() };
    // Known before its edges are made: a pattern may lead back to where it was.
    states.set(key, state);
    const steps = [...set].flatMap((node) => nodes[node]!.steps);
    for (const [low, high] of intervalsOf(steps.flatMap(({ ranges }) => ranges))) {
      const targets = steps.filter(({ ranges }) => ranges.some(([a, b]) => a <= low && high <= b)).map(({ to }) => to);
      if (targets.length > 0) edges.push({ from: low, to: high, next: stateOf(targets) });
    }
    return state;
  }

  function follow({ edges }: State, code: number): State | undefined {
    return edges.find(({ from, to }) => from <= code && code <= to)?.next;
  }

  function count(state: State, label: string, length: number): number {
    let counts = state.counts.get(label);
    if (counts === undefined) {
      counts = [];
      state.counts.set(label, counts);
    }
    const known = counts[length];
    if (known !== undefined) return known;
    let total = 0;
    if (length === 0) total = state.label === label ? 1 : 0;
    else for (const { from, to, next } of state.edges) total += count(next, label, length - 1) * (to - from + 1);
    counts[length] = total > MAX_SIZE ? Number.POSITIVE_INFINITY : total;
    return counts[length];
  }
}

/** The pieces into which the ends of some ranges cut the characters. */
function intervalsOf(ranges: readonly Range[]): Range[] {
  const cuts = [...new Set(ranges.flatMap(([from, to]) => [from, to + 1]))].sort((one, other) => one - other);
  return cuts.slice(0, -1).map((from, index) => [from, cuts[index + 1]! - 1]);
}
