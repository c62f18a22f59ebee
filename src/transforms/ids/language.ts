import { createAutomaton, endState, type LabelledPattern, type State } from "./automaton.ts";
import type { IdField } from "./id-field.ts";

/** The texts that some patterns describe, each of one label: numbered without a list of them. */
export interface Language {
  /** Null where a text is not in the language. */
  labelOf(text: string): string | null;
  /** The texts of one label and length, in the order of their characters; null where there are none, or more than 2^53. */
  field(label: string, length: number): IdField | null;
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
 * Makes the language of some patterns. `choose` says which label a text has that several of them describe, null where it is in the language of none.
 *
 * To number the texts of a regular language by the texts that are left after each character is how format-preserving encryption takes any format
 * (Bellare, Ristenpart, Rogaway, Stegers, "Format-Preserving Encryption", 2009).
 */
export function createLanguage(
  patterns: readonly LabelledPattern[],
  choose: (labels: ReadonlySet<string>) => string | null = (labels) => [...labels][0] ?? null,
): Language {
  const first = createAutomaton(patterns, choose);
  /** How many texts of a label lead on from a state, by label, then length, then the state's number. */
  const counts = new Map<string, (number | undefined)[][]>();

  return {
    labelOf: (text) => endState(first, text)?.label ?? null,
    field: (label, length) => {
      const size = count(first, label, length);
      return size === 0 || !Number.isFinite(size) ? null : fieldOf(label, length, size);
    },
  };

  function fieldOf(label: string, length: number, size: number): IdField {
    /** By how many characters are left, and state: the edges with the number of texts behind each, made on first use. */
    const ready = Array.from({ length }, () => [] as (readonly Step[] | undefined)[]);
    const makeSteps = ({ id, edges }: State, left: number): readonly Step[] => {
      let before = 0;
      const made = edges.map(({ from, to, next }): Step => {
        const each = count(next, label, left);
        const step = { from, to, next, each, before, after: before + each * (to - from + 1) };
        before = step.after;
        return step;
      });
      ready[left]![id] = made;
      return made;
    };
    return {
      width: length,
      size,
      rank(text, at) {
        let state = first;
        let rank = 0;
        for (let left = length - 1; left >= 0; left--) {
          const code = text.charCodeAt(at + length - 1 - left);
          const steps = ready[left]![state.id] ?? makeSteps(state, left);
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
          const steps = ready[left]![state.id] ?? makeSteps(state, left);
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

  function count(state: State, label: string, length: number): number {
    let byLength = counts.get(label);
    if (byLength === undefined) {
      byLength = [];
      counts.set(label, byLength);
    }
    byLength[length] ??= [];
    const own = byLength[length];
    const known = own[state.id];
    if (known !== undefined) return known;
    let total = 0;
    if (length === 0) total = state.label === label ? 1 : 0;
    else for (const { from, to, next } of state.edges) total += count(next, label, length - 1) * (to - from + 1);
    own[state.id] = total > MAX_SIZE ? Number.POSITIVE_INFINITY : total;
    return own[state.id]!;
  }
}
