/** What a batch holds where nobody says otherwise: rows, and bytes, which one row may exceed. */
export const USUAL_ROWS = 10_000;
export const USUAL_BYTES = 256 * 1024;
