import { Writable } from "node:stream";

/** A bucket as S3 and those like it offer one over HTTP. With a cloud's, let its SDK sign the requests: examples/README.md. */
export class Bucket {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Opens an object's bytes. */
  async read(key: string): Promise<AsyncIterable<Uint8Array>> {
    const { body } = await this.#ask(key, {});
    return body as unknown as AsyncIterable<Uint8Array>;
  }

  /** Opens an upload in parts. Nobody sees the object before `done`. */
  async write(key: string) {
    const id = await (await this.#ask(`${key}?uploads`, { method: "POST" })).text();
    let part = 0;
    const stream = new Writable({
      // S3 takes parts from 5 MiB on, and a last one of any size: gather what comes into such.
      highWaterMark: 5 * 1024 * 1024,
      writev: (chunks, callback) => {
        const body = Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer));
        this.#ask(`${key}?uploadId=${id}&partNumber=${++part}`, { method: "PUT", body }).then(() => callback(), callback);
      },
    });
    return {
      stream,
      done: () => this.#ask(`${key}?uploadId=${id}`, { method: "POST" }),
      abort: () => this.#ask(`${key}?uploadId=${id}`, { method: "DELETE" }),
    };
  }

  async #ask(key: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${this.#url}/${key}`, init);
    if (!response.ok) throw new Error(`the bucket answered ${response.status}`);
    return response;
  }
}
