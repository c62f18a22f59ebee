/** One name, or every name (null), of one class of children: the members of an object, the items of a list; null is every class. */
export interface Selector {
  readonly of: number | null;
  readonly name: string | number | null;
}

export interface PathStep {
  /** The step may lie any number of levels further down. */
  readonly isDescendant: boolean;
  readonly selectors: readonly Selector[];
}

export interface DocumentPath {
  readonly steps: readonly PathStep[];
  /** It leads to the name of a member and not to its value. */
  readonly isName: boolean;
}

interface Position {
  readonly path: number;
  readonly step: number;
}

/**
 * Where one stands in a document, for many paths at once: a state of a finite automaton whose transitions are made as they are needed. Paths name
 * finitely many names, so the states are finite, whatever a document holds.
 */
export class PathState {
  /** The path whose rule masks what stands here, -1 for none: the one that ends nearest, of several the first. */
  readonly path: number;
  /** The path whose rule masks the name of what stands here, -1 for none. */
  readonly namePath: number;
  readonly #positions: readonly Position[];
  readonly #automaton: Automaton;
  readonly #next = new Map<number, { readonly named: Map<string | number, PathState>; readonly other: PathState }>();

  constructor(automaton: Automaton, positions: readonly Position[], path: number, namePath: number) {
    this.#automaton = automaton;
    this.#positions = positions;
    this.path = path;
    this.namePath = namePath;
  }

  /** No path goes on from here: all that stands below is like this. */
  get isLast(): boolean {
    return this.#positions.length === 0;
  }

  /** The state of a child. */
  child(of: number, name: string | number): PathState {
    const { named, other } = this.#next.get(of) ?? this.#explore(of);
    return named.get(name) ?? other;
  }

  #explore(of: number) {
    const names = this.#positions.flatMap(({ path, step }) =>
      this.#automaton.paths[path]!.steps[step]!.selectors.filter((one) => one.of === null || one.of === of).map(
        ({ name }) => name,
      ),
    );
    const named = new Map(names.filter((name) => name !== null).map((name) => [name, this.#step(of, name)]));
    const explored = { named, other: this.#step(of, null) };
    this.#next.set(of, explored);
    return explored;
  }

  /** `name` is null for one that no path names. */
  #step(of: number, name: string | number | null): PathState {
    const { paths, inherits } = this.#automaton;
    const positions: Position[] = [];
    let ending = -1;
    let endingName = -1;
    for (const position of this.#positions) {
      const { steps, isName } = paths[position.path]!;
      const { isDescendant, selectors } = steps[position.step]!;
      if (isDescendant) positions.push(position);
      if (!selectors.some((one) => (one.of === null || one.of === of) && (one.name === null || one.name === name))) continue;
      if (position.step + 1 < steps.length) positions.push({ path: position.path, step: position.step + 1 });
      else if (isName) endingName = endingName < 0 ? position.path : Math.min(endingName, position.path);
      else ending = ending < 0 ? position.path : Math.min(ending, position.path);
    }
    return this.#automaton.state(positions, ending < 0 && inherits(of) ? this.path : ending, endingName);
  }
}

class Automaton {
  readonly paths: readonly DocumentPath[];
  readonly inherits: (of: number) => boolean;
  readonly #states = new Map<string, PathState>();

  constructor(paths: readonly DocumentPath[], inherits: (of: number) => boolean) {
    this.paths = paths;
    this.inherits = inherits;
  }

  state(positions: readonly Position[], path: number, namePath: number): PathState {
    const distinct = [...new Map(positions.map((one) => [`${one.path}.${one.step}`, one])).entries()].sort(([one], [other]) =>
      one < other ? -1 : 1,
    );
    const key = `${distinct.map(([text]) => text).join(" ")}|${path}|${namePath}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const made = new PathState(
      this,
      distinct.map(([, position]) => position),
      path,
      namePath,
    );
    this.#states.set(key, made);
    return made;
  }
}

/** The state of a document's root. `inherits` says which classes of children a path to their parent masks with it. */
export function rootState(paths: readonly DocumentPath[], inherits: (of: number) => boolean = () => true): PathState {
  const positions = paths.flatMap(({ steps }, path) => (steps.length === 0 ? [] : [{ path, step: 0 }]));
  const whole = paths.findIndex(({ steps }) => steps.length === 0);
  return new Automaton(paths, inherits).state(positions, whole, -1);
}
