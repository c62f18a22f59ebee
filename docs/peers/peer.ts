/** What a transform of another tool is here, told by people. */
export interface Peer {
  readonly name: string;
  /** The version that was looked at. */
  readonly version?: string;
  readonly transforms: readonly PeerTransform[];
}

/**
 * Theirs (of one kind: several), ours, a note. Ours is in Markdown; each piece of code in it is TypeScript that gives a rule, or the name of what gives
 * one, and a test runs it. Null: there is no equal, and the note says why.
 */
export type PeerTransform = readonly [theirs: string, ours: string | null, note?: string];
