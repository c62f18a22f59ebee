import type { SystemName } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { ProgressEvent } from "./progress.ts";
import type { Report } from "./report.ts";

/**
 * Where spans and metrics go. Each is made by the caller's OpenTelemetry SDK; what is left out is taken from the globals of `@opentelemetry/api`, which do
 * nothing until an SDK is registered.
 */
export interface Telemetry {
  readonly tracer?: TelemetryTracer | undefined;
  readonly meter?: TelemetryMeter | undefined;
}

type Attributes = Record<string, string | number>;

/** What standin uses of a `Tracer` of `@opentelemetry/api`. By structure, so that nobody who imports our types needs the package. */
export interface TelemetryTracer {
  startSpan(name: string, options: { attributes: Attributes }, context: TelemetryContext): TelemetrySpan;
}

export interface TelemetryContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): TelemetryContext;
  deleteValue(key: symbol): TelemetryContext;
}

/** What standin uses of a `Span` of `@opentelemetry/api`. */
export interface TelemetrySpan {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** What standin uses of a `Meter` of `@opentelemetry/api`. */
export interface TelemetryMeter {
  createCounter(name: string, options: { unit: string; description: string }): Counter;
  createHistogram(name: string, options: { unit: string; description: string }): Histogram;
}

interface Counter {
  add(value: number, attributes: Attributes): void;
}

interface Histogram {
  record(value: number, attributes: Attributes): void;
}

type Api = typeof import("@opentelemetry/api");
type Event<Type extends ProgressEvent["type"]> = Extract<ProgressEvent, { type: Type }>;

const SCOPE = "standin";

/** Loads the API on the first use, so that those who do not ask for telemetry need not install it. Throws DRIVER_MISSING. */
export async function openTelemetry(given: Telemetry | true, runId: string): Promise<RunTelemetry> {
  let api: Api;
  try {
    api = await import("@opentelemetry/api");
  } catch {
    throw new StandinError("DRIVER_MISSING", "Telemetry needs the package @opentelemetry/api.", {
      hint: "npm install @opentelemetry/api, and register an SDK, or leave telemetry out.",
    });
  }
  const { tracer = api.trace.getTracer(SCOPE), meter = api.metrics.getMeter(SCOPE) } = given === true ? {} : given;
  return new RunTelemetry(api, tracer, meter, runId);
}

/** One run as spans and metrics: a span for the run, one within for each table. Attributes are names, counts and codes: never a value. */
export class RunTelemetry {
  readonly #api: Api;
  readonly #tracer: TelemetryTracer;
  readonly #runId: string;
  readonly #rows: Counter;
  readonly #bytes: Counter;
  readonly #errors: Counter;
  readonly #runSeconds: Histogram;
  readonly #tableSeconds: Histogram;
  readonly #tables = new Map<string, TelemetrySpan>();
  #run: TelemetrySpan | null = null;
  #context: TelemetryContext;
  #source: Attributes = {};

  constructor(api: Api, tracer: TelemetryTracer, meter: TelemetryMeter, runId: string) {
    this.#api = api;
    this.#tracer = tracer;
    this.#runId = runId;
    this.#context = api.context.active();
    this.#rows = meter.createCounter("standin.rows", { unit: "{row}", description: "Rows masked and written." });
    this.#bytes = meter.createCounter("standin.bytes", { unit: "By", description: "Bytes read, as the source sent them." });
    this.#errors = meter.createCounter("standin.errors", { unit: "{error}", description: "Runs refused or failed." });
    this.#runSeconds = meter.createHistogram("standin.run.duration", { unit: "s", description: "Duration of runs." });
    this.#tableSeconds = meter.createHistogram("standin.table.duration", {
      unit: "s",
      description: "Duration of a table's copy.",
    });
  }

  /** Runs within the run's span, so that what the drivers are instrumented to tell stands beneath it. */
  async within(run: () => Promise<Report>): Promise<Report> {
    const { context, trace } = this.#api;
    const span = this.#tracer.startSpan("standin run", { attributes: { "standin.run.id": this.#runId } }, context.active());
    this.#run = span;
    const within = trace.setSpan(context.active(), span as ReturnType<Api["trace"]["wrapSpanContext"]>);
    this.#context = within;
    return context.with(within, run);
  }

  take(event: ProgressEvent): void {
    if (event.type === "planned") this.#plan(event);
    else if (event.type === "table-started") this.#startTable(event);
    else if (event.type === "rows") this.#countRows(event);
    else if (event.type === "table-finished") this.#finishTable(event);
    else if (event.type === "finished") this.#finish(event);
    else if (event.type === "failed") this.#fail(event);
  }

  #plan({ source, target, tables }: Event<"planned">): void {
    this.#source = { "db.system.name": SYSTEMS[source] };
    this.#run?.setAttributes({ ...this.#source, "standin.target.system": SYSTEMS[target], "standin.tables": tables });
  }

  #startTable({ table }: Event<"table-started">): void {
    const span = this.#tracer.startSpan(`copy ${table}`, { attributes: this.#ofTable(table) }, this.#context);
    this.#tables.set(table, span);
  }

  #countRows({ table, rows, bytes }: Event<"rows">): void {
    this.#rows.add(rows, this.#ofTable(table));
    if (bytes > 0) this.#bytes.add(bytes, this.#ofTable(table));
  }

  #finishTable({ table, rows, milliseconds }: Event<"table-finished">): void {
    this.#tableSeconds.record(milliseconds / 1000, this.#ofTable(table));
    const span = this.#tables.get(table);
    this.#tables.delete(table);
    span?.setAttributes({ "db.response.returned_rows": rows });
    span?.end();
  }

  #finish({ rows, milliseconds }: Event<"finished">): void {
    this.#run?.setAttributes({ "standin.rows": rows });
    this.#end(milliseconds, this.#source);
  }

  /** A table under way did not fail by itself where the error is another's; it ended with the run all the same. */
  #fail({ error, milliseconds }: Event<"failed">): void {
    const failure = { "error.type": error.code };
    for (const span of [...this.#tables.values(), ...(this.#run === null ? [] : [this.#run])]) {
      span.setAttributes(failure);
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: error.message });
    }
    for (const span of this.#tables.values()) span.end();
    this.#tables.clear();
    this.#errors.add(1, { ...this.#source, ...failure, "standin.phase": error.phase });
    this.#end(milliseconds, { ...this.#source, ...failure });
  }

  #end(milliseconds: number, attributes: Attributes): void {
    this.#runSeconds.record(milliseconds / 1000, attributes);
    this.#run?.end();
    this.#run = null;
  }

  #ofTable(table: string): Attributes {
    return { ...this.#source, "db.operation.name": "copy", "db.collection.name": table };
  }
}

/** As the semantic conventions of OpenTelemetry name systems, where they do. */
const SYSTEMS: Readonly<Record<SystemName | "several", string>> = {
  postgres: "postgresql",
  mysql: "mysql",
  csv: "csv",
  jsonl: "jsonl",
  parquet: "parquet",
  sqlite: "sqlite",
  memory: "memory",
  several: "several",
};
