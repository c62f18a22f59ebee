/** What the guide to troubleshooting says of one error code. */
export interface Advice {
  /** What has happened, as a sentence or two. */
  readonly cause: string;
  /** What to do about it, in the imperative. */
  readonly remedy: string;
}
