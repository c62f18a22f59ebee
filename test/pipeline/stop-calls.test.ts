import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { createMasker } from "../../src/pipeline/masking/create-masker.ts";
import { refresh } from "../../src/refresh.ts";
import { callService, custom, keep, maskList, maskText } from "../../src/transforms/index.ts";
import { TEST_KEY } from "../test-key.ts";

/** A service that takes every call and never answers; it tells when a call has come and when its caller has hung up. */
class SilentService {
  readonly #server: Server;
  readonly asked: Promise<void>;
  readonly hungUp: Promise<void>;

  constructor() {
    let tellAsked = () => {};
    let tellHungUp = () => {};
    this.asked = new Promise((resolve) => {
      tellAsked = resolve;
    });
    this.hungUp = new Promise((resolve) => {
      tellHungUp = resolve;
    });
    this.#server = createServer((request) => {
      request.socket.on("close", tellHungUp);
      tellAsked();
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

let service: SilentService;
let folder: string;
beforeEach(async () => {
  service = new SilentService();
  await service.start();
  folder = mkdtempSync(join(tmpdir(), "standin-stop-"));
});
afterEach(() => {
  service.stop();
  rmSync(folder, { recursive: true });
});

const ask = async (values: readonly string[], signal: AbortSignal) => {
  const response = await fetch(service.url, { method: "POST", body: JSON.stringify(values), signal });
  return (await response.json()) as string[];
};

const within = (ms: number) => new Promise<never>((_, reject) => setTimeout(reject, ms, new Error(`took longer than ${ms} ms`)));

describe("a run that is stopped", () => {
  const rules: readonly (readonly [name: string, rule: () => Rule])[] = [
    ["callService", () => callService((values, { signal }) => ask(values, signal), { timeoutMs: 60_000 })],
    [
      "callService within a list",
      () => maskList({ items: callService((values, { signal }) => ask(values, signal), { timeoutMs: 60_000 }) }),
    ],
    ["custom", () => custom(async (value, { signal }) => (await ask([value], signal))[0])],
    ["custom within a list", () => maskList({ items: custom(async (value, { signal }) => (await ask([value], signal))[0]) })],
    [
      "the recogniser of maskText",
      () => maskText({ recognise: async (texts, { signal }) => (await ask(texts, signal)).map(() => []), timeoutMs: 60_000 }),
    ],
  ];

  it.each(rules)("aborts the call that is on its way, and ends at once: %s", async (_, rule) => {
    const [source, target] = [join(folder, "in"), join(folder, "out")];
    mkdirSync(source);
    mkdirSync(target);
    writeFileSync(join(source, "people.csv"), "id,name\n1,Jane\n2,Omar\n");
    const controller = new AbortController();
    const policy = { source, target, tables: { people: { id: keep(), name: rule() } } };
    const stopped = refresh(policy, { key: TEST_KEY, signal: controller.signal }).catch((error: unknown) => error);
    await Promise.race([service.asked, within(5_000)]);
    controller.abort();
    expect(await Promise.race([stopped, within(2_000)])).toMatchObject({ code: "ABORTED" });
    await Promise.race([service.hungUp, within(2_000)]);
    expect(readdirSync(target)).toEqual([]);
  });

  it("aborts the call of a masker of objects", async () => {
    const controller = new AbortController();
    const rule = callService((values, { signal }) => ask(values, signal), { timeoutMs: 60_000 });
    const masked = createMasker({ name: rule }, { key: TEST_KEY, signal: controller.signal }).row({ name: "Jane" });
    await Promise.race([service.asked, within(5_000)]);
    controller.abort();
    await expect(Promise.race([masked, within(2_000)])).rejects.not.toMatchObject({
      message: expect.stringContaining("took longer"),
    });
    await Promise.race([service.hungUp, within(2_000)]);
  });
});
