import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";

/** Chromium, where it is installed. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** What the browser's protocol sends, as far as it is read here. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly type?: string;
    readonly args?: unknown;
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    readonly entry?: { readonly level: string; readonly text: string; readonly url?: string };
    readonly request?: { readonly url: string };
  };
  readonly result?: Answer;
}

interface Answer {
  readonly targetId?: string;
  readonly sessionId?: string;
  readonly data?: string;
  readonly result?: { readonly value?: unknown };
}

/** What a page looks like to whoever opens it. */
export interface Look {
  /** Errors and warnings of the console, exceptions, answers of 400 and more, and requests to anywhere but the site. */
  readonly faults: readonly string[];
  /** Elements that reach over the window's right edge and cannot be scrolled by themselves. */
  readonly over: readonly string[];
  readonly height: number;
}

/** A browser of its own, spoken to by the DevTools protocol over a pipe. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile = mkdtempSync(join(tmpdir(), "standin-browser-"));
  readonly #waiting = new Map<number, (message: Message) => void>();
  #events: Message[] = [];
  #session: string | undefined;
  #last = 0;

  private constructor(program: string) {
    const parameters = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--remote-debugging-pipe",
      `--user-data-dir=${this.#profile}`,
    ];
    this.#process = spawn(program, parameters, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    let rest = "";
    (this.#process.stdio[4] as Readable).setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\0");
      rest = parts.pop()!;
      for (const part of parts) this.#take(JSON.parse(part));
    });
  }

  static async open(program: string): Promise<Browser> {
    const browser = new Browser(program);
    const { targetId } = await browser.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await browser.#send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = sessionId;
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await browser.#send(`${domain}.enable`);
    return browser;
  }

  async setWindow(width: number, scheme: "light" | "dark"): Promise<void> {
    const size = { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 };
    await this.#send("Emulation.setDeviceMetricsOverride", size);
    await this.#send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  async look(url: string, { settle = 1000 } = {}): Promise<Look> {
    this.#events = [];
    await this.#send("Page.navigate", { url });
    await setTimeout(settle);
    const { result } = await this.#send("Runtime.evaluate", { returnByValue: true, expression: MEASURE });
    const measured = result!.value as Omit<Look, "faults">;
    return { faults: this.#events.flatMap((event) => faultsOf(event, new URL(url).origin)), ...measured };
  }

  /** Runs a script in the page. */
  async run(expression: string): Promise<unknown> {
    const { result } = await this.#send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    return result!.value;
  }

  async screenshot(width: number, height: number, top = 0): Promise<Buffer> {
    const clip = { x: 0, y: top, width, height, scale: 1 };
    const { data } = await this.#send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip });
    return Buffer.from(data!, "base64");
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#process.kill();
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.#last;
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    const message = { id, method, params, ...(this.#session !== undefined && { sessionId: this.#session }) };
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return answered.then(({ result = {} }) => result);
  }

  #take(message: Message): void {
    if (message.id === undefined) this.#events.push(message);
    else this.#waiting.get(message.id)?.(message);
  }
}

function faultsOf({ method, params = {} }: Message, origin: string): readonly string[] {
  const { exceptionDetails, type = "", args, entry, request } = params;
  if (method === "Runtime.exceptionThrown") return [`exception: ${exceptionDetails?.exception?.description}`];
  if (method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(type)) return [`console: ${JSON.stringify(args)}`];
  if (method === "Log.entryAdded" && entry?.level === "error") return [`log: ${entry.text} ${entry.url}`];
  if (method !== "Network.requestWillBeSent" || request === undefined) return [];
  const { url } = request;
  return url.startsWith(`${origin}/`) || url.startsWith("data:") ? [] : [`asks ${url}`];
}

/** Finds what is wider than the window, unless it, or what it is in, scrolls or cuts by itself. */
const MEASURE = `(() => {
  const width = document.documentElement.clientWidth;
  const isHeld = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement)
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  const over = [...document.querySelectorAll(".VPContent *")].filter((element) => {
    const { right, width: own } = element.getBoundingClientRect();
    return own > 0 && right > width + 1 && !isHeld(element);
  });
  const page = document.documentElement.scrollWidth > width ? ["the page itself"] : [];
  const named = over.slice(0, 3).map((element) => element.tagName + ": " + element.textContent.slice(0, 60));
  return { over: [...page, ...named], height: document.documentElement.scrollHeight };
})()`;
