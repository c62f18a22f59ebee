import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { Duplex } from "node:stream";

/** As large as what the system's own reads bring at once. */
const BUFFER_BYTES = 64 * 1024;
/** How many may wait for whoever reads below the driver, until the peer has to. */
const WAITING = 4;

/** Takes bytes as they come. Returns true to keep them until they are released. */
export type TakeBytes = (bytes: Buffer) => boolean;

/** A connection's bytes, read below its driver for a while. */
export interface Tap {
  /** Gives back bytes that were kept. */
  release(bytes: Buffer): void;
  /** Has the driver read on, with `rest` first. */
  close(rest: Buffer): void;
}

/**
 * A socket that reads into a few buffers of its own, over and over. Node makes a new one for each read, and frees it when tens of megabytes of them have gathered:
 * memory that is missing where a row is large.
 *
 * A driver gets copies, as from any socket. Whoever taps it gets the buffers themselves.
 */
export class SocketReads {
  readonly socket: Socket;
  #current: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #free: Buffer[] = [];
  #take: TakeBytes | null = null;

  constructor() {
    const options: SocketConstructorOpts & ConnectOpts = {
      onread: { buffer: () => this.#current, callback: (length) => this.#onBytes(this.#current.subarray(0, length)) },
    };
    this.socket = new Socket(options);
  }

  tap(take: TakeBytes): Tap {
    while (this.#free.length < WAITING) this.#free.push(Buffer.allocUnsafeSlow(BUFFER_BYTES));
    this.#take = take;
    return {
      release: ({ buffer }) => {
        if (this.#free.length < WAITING) this.#free.push(Buffer.from(buffer));
        this.socket.resume();
      },
      close: (rest) => {
        this.#take = null;
        this.socket.push(Buffer.from(rest));
      },
    };
  }

  /** False stops the reading, until the socket is resumed. */
  #onBytes(bytes: Buffer): boolean {
    if (this.#take === null) return this.socket.push(Buffer.from(bytes));
    if (!this.#take(bytes)) return true;
    this.#current = this.#free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
    return this.#free.length > 0;
  }
}

/** Taps a stream that reads as it likes (TLS): the driver's own listener is put aside. */
export function tapStream(stream: Duplex, take: TakeBytes): Tap {
  const [onData] = stream.listeners("data") as [(bytes: Buffer) => void];
  let waiting = 0;
  let isOpen = true;
  const tapped = (bytes: Buffer) => {
    // Whoever taps it may leave behind the last rows, and give nothing back.
    if (take(bytes) && ++waiting >= WAITING && isOpen) stream.pause();
  };
  stream.off("data", onData);
  stream.on("data", tapped);
  return {
    release() {
      if (--waiting < WAITING) stream.resume();
    },
    close(rest) {
      isOpen = false;
      stream.off("data", tapped);
      stream.on("data", onData);
      onData(rest);
    },
  };
}
