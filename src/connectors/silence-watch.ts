/** Looks at a silence while it lasts: it is told at most a quarter late. */
const LOOKS = 4;

/**
 * Calls back when a peer has been silent for so long, until it is settled. A process that was stopped for a while (SIGSTOP, Ctrl-Z, a lid that was closed) finds
 * one look overdue when it goes on, and then what came meanwhile: that is no silence.
 *
 * @param heard a count that grows with what the peer says
 */
export function watchSilence(seconds: number, onSilence: () => void, heard: () => number = () => 0): { settle(): void } {
  let seen = heard();
  let silentLooks = 0;
  const look = () => {
    const now = heard();
    silentLooks = now > seen ? 0 : silentLooks + 1;
    seen = now;
    if (silentLooks < LOOKS) return;
    clearInterval(timer);
    onSilence();
  };
  const timer = setInterval(look, (seconds * 1000) / LOOKS);
  return { settle: () => clearInterval(timer) };
}
