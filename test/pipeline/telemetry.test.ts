import { context, metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import { csvSource } from "../../src/connectors/csv/index.ts";
import { MemorySink, memorySource } from "../../src/connectors/memory/index.ts";
import type { Source } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { TEST_KEY } from "../test-key.ts";

const CANARY = "canary";
const rows = Array.from({ length: 100 }, (_, id) => ({ id, name: `${CANARY} ${id}` }));

/** The real SDK, which keeps what it gets. */
function sdk() {
  const spans = new InMemorySpanExporter();
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const measuring = new MeterProvider({ readers: [reader] });
  const points = async () => {
    await reader.forceFlush();
    const found = exporter
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap((scope) => scope.metrics);
    return Object.fromEntries(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  };
  return { tracing, measuring, spans: () => spans.getFinishedSpans(), points };
}

function run(options: RefreshOptions, name = custom(() => "masked"), source: Source = memorySource({ people: rows })) {
  const tables = { people: { id: keep(), name } };
  return refresh({ source, target: new MemorySink(), tables }, { key: TEST_KEY, ...options });
}

const named = (spans: readonly ReadableSpan[], name: string) => spans.find((span) => span.name === name)!;

afterEach(() => {
  for (const api of [trace, metrics, context]) api.disable();
});

describe("telemetry of a run", () => {
  it("is a span for the run and one within for each table, and counts rows and seconds", async () => {
    const { tracing, measuring, spans, points } = sdk();
    await run({ telemetry: { tracer: tracing.getTracer("test"), meter: measuring.getMeter("test") } });
    const [whole, table] = [named(spans(), "standin run"), named(spans(), "copy people")];
    expect(spans()).toHaveLength(2);
    expect(table.parentSpanContext?.spanId).toBe(whole.spanContext().spanId);
    expect(whole.attributes).toEqual({
      "standin.run.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "db.system.name": "memory",
      "standin.target.system": "memory",
      "standin.tables": 1,
      "standin.rows": 100,
    });
    const ofTable = { "db.system.name": "memory", "db.operation.name": "copy", "db.collection.name": "people" };
    expect(table.attributes).toEqual({ ...ofTable, "db.response.returned_rows": 100 });
    const measured = await points();
    expect(measured["standin.rows"]).toMatchObject([{ value: 100, attributes: ofTable }]);
    expect(measured["standin.table.duration"]).toMatchObject([{ value: { count: 1 }, attributes: ofTable }]);
    expect(measured["standin.run.duration"]).toMatchObject([{ value: { count: 1 } }]);
    expect(measured["standin.errors"]).toBeUndefined();
  });

  it("goes to the globals of the API where it is only asked for, beneath the caller's span", async () => {
    const { tracing, measuring, spans, points } = sdk();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(tracing);
    metrics.setGlobalMeterProvider(measuring);
    let within: string | undefined;
    const look = custom(() => {
      within ??= trace.getActiveSpan()?.spanContext().spanId;
      return "masked";
    });
    await tracing.getTracer("nightly").startActiveSpan("refresh staging", async (span) => {
      await run({ telemetry: true }, look);
      span.end();
    });
    const whole = named(spans(), "standin run");
    expect(whole.parentSpanContext?.spanId).toBe(named(spans(), "refresh staging").spanContext().spanId);
    // What a driver's instrumentation begins while the run goes on stands beneath it.
    expect(within).toBe(whole.spanContext().spanId);
    expect((await points())["standin.rows"]).toMatchObject([{ value: 100 }]);
  });

  it("tells of a failure by its code, on both spans and as a count, and never a value", async () => {
    const { tracing, measuring, spans, points } = sdk();
    const fails = custom((value) => {
      throw new Error(`cannot handle ${value}`);
    });
    const telemetry = { tracer: tracing.getTracer("test"), meter: measuring.getMeter("test") };
    await expect(run({ telemetry }, fails)).rejects.toMatchObject({ code: "TRANSFORM_FAILED" });
    expect(spans().map(({ name }) => name)).toEqual(["copy people", "standin run"]);
    for (const span of spans()) {
      expect(span.status).toMatchObject({ code: SpanStatusCode.ERROR, message: expect.stringContaining("people.name") });
      expect(span.attributes["error.type"]).toBe("TRANSFORM_FAILED");
    }
    const measured = await points();
    expect(measured["standin.errors"]).toMatchObject([
      { value: 1, attributes: { "error.type": "TRANSFORM_FAILED", "standin.phase": "during" } },
    ]);
    const told = spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
    expect(JSON.stringify([told, measured])).not.toContain(CANARY);
  });

  it("ends the run's span also where the run is refused", async () => {
    const { tracing, measuring, spans } = sdk();
    const telemetry = { tracer: tracing.getTracer("test"), meter: measuring.getMeter("test") };
    const source = csvSource({ paths: "nowhere.csv" });
    await expect(run({ telemetry }, keep(), source)).rejects.toBeInstanceOf(StandinError);
    expect(spans().map(({ name, status }) => [name, status.code])).toEqual([["standin run", SpanStatusCode.ERROR]]);
  });

  it("does not fail a run by failing itself", async () => {
    const { tracing, measuring } = sdk();
    const tracer = tracing.getTracer("test");
    const broken = {
      startSpan: (...given: Parameters<typeof tracer.startSpan>) => {
        if (given[0] !== "standin run") throw new Error("exporter");
        return tracer.startSpan(...given);
      },
    };
    expect(await run({ telemetry: { tracer: broken, meter: measuring.getMeter("test") } })).toMatchObject({ rows: 100 });
  });
});
