import type { Pattern, Range } from "./parse-regexp.ts";

/** One of the patterns of a language, and its name. */
export interface LabelledPattern {
  readonly label: string;
  readonly pattern: Pattern;
}

/** A state of the non-deterministic automaton: where it goes by a character, and where by none. */
interface Node {
  readonly steps: { readonly ranges: readonly Range[]; readonly to: number }[];
  readonly free: number[];
  label: string | null;
}

/** A state of the deterministic one. Its edges stand in the order of their characters. */
export interface State {
  readonly id: number;
  readonly edges: readonly { readonly from: number; readonly to: number; readonly next: State }[];
  readonly label: string | null;
}

/** Makes the automaton of some patterns and gives the state that it begins in. `choose` says which label a text has that several of them describe. */
export function createAutomaton(
  patterns: readonly LabelledPattern[],
  choose: (labels: ReadonlySet<string>) => string | null,
): State {
  const nodes: Node[] = [];
  const start = addNode();
  for (const { label, pattern } of patterns) {
    const end = addNode();
    nodes[end]!.label = label;
    connect(pattern, start, end);
  }
  const states = new Map<string, State>();
  return stateOf([start]);

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
    const state: State = { id: states.size, edges, label: labels.size === 0 ? null : choose(labels) };
    // Known before its edges are made: a pattern may lead back to where it was.
    states.set(key, state);
    const steps = [...set].flatMap((node) => nodes[node]!.steps);
    for (const [low, high] of intervalsOf(steps.flatMap(({ ranges }) => ranges))) {
      const targets = steps.filter(({ ranges }) => ranges.some(([a, b]) => a <= low && high <= b)).map(({ to }) => to);
      if (targets.length === 0) continue;
      const next = stateOf(targets);
      const last = edges.at(-1);
      // Neighbours that lead to one state are one edge.
      if (last?.next === next && last.to === low - 1) last.to = high;
      else edges.push({ from: low, to: high, next });
    }
    return state;
  }
}

/** The pieces into which the ends of some ranges cut the characters. */
function intervalsOf(ranges: readonly Range[]): Range[] {
  const cuts = [...new Set(ranges.flatMap(([from, to]) => [from, to + 1]))].sort((one, other) => one - other);
  return cuts.slice(0, -1).map((from, index) => [from, cuts[index + 1]! - 1]);
}

/** The state that a text ends in, null where it leaves the automaton. */
export function endState(first: State, text: string): State | null {
  let state = first;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const { edges } = state;
    let place = 0;
    while (place < edges.length && edges[place]!.to < code) place++;
    if (place === edges.length || edges[place]!.from > code) return null;
    state = edges[place]!.next;
  }
  return state;
}
