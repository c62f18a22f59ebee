import { fstatSync } from "node:fs";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";

/** More than a pipe holds, so that one read takes all that is there. */
const READ_BYTES = 256 * 1024;

/**
 * The bytes of standard input, each chunk valid until the next is asked for. A pipe is read into the same memory again and again, which takes half the time of
 * `process.stdin`: that allocates for each 64 KiB.
 */
export function readStdin(signal: AbortSignal): AsyncIterable<Uint8Array> {
  const input = fstatSync(0);
  return input.isFIFO() || input.isSocket() ? readPipe(signal) : readStream(signal);
}

async function* readPipe(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let chunk: Uint8Array | null = null;
  let isOver = false;
  let failure: unknown = null;
  let wake = () => {};
  const callback = (length: number, bytes: Uint8Array): boolean => {
    chunk = bytes.subarray(0, length);
    wake();
    // Nothing more until these are used: the memory is the same.
    return false;
  };
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const options: SocketConstructorOpts & ConnectOpts = { fd: 0, readable: true, writable: false, onread: { buffer, callback } };
  const socket = new Socket(options);
  const end = () => {
    isOver = true;
    wake();
  };
  const stop = () => socket.destroy();
  socket.on("end", end).on("close", end);
  socket.on("error", (error) => {
    failure = error;
    wake();
  });
  signal.addEventListener("abort", stop);
  try {
    socket.resume();
    for (;;) {
      signal.throwIfAborted();
      if (chunk !== null) {
        const bytes: Uint8Array = chunk;
        chunk = null;
        yield bytes;
        socket.resume();
      } else if (failure !== null) throw failure;
      else if (isOver) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}

async function* readStream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = () => process.stdin.destroy(new Error("aborted"));
  signal.addEventListener("abort", stop);
  try {
    yield* process.stdin;
  } finally {
    signal.removeEventListener("abort", stop);
    process.stdin.destroy();
  }
}
