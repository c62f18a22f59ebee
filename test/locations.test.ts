import { describe, expect, it } from "vitest";
import { connectSource } from "../src/connect.ts";
import type { Source } from "../src/contracts.ts";
import { locate } from "../src/location.ts";

const failure = async (open: () => Promise<Source>) =>
  open()
    .then((source) => source.open(new AbortController().signal))
    .catch((error: unknown) => error);

describe("a location that is no location", () => {
  it.each([
    ["a slash too few", "postgres:/me:s3cr3t@host/db"],
    ["no slash at all", "mysql:me:s3cr3t@host/db"],
    ["a port that is none", "postgres://me:s3cr3t@host:port/db"],
    ["a bare @ and / in the password", "postgres://me:s3cr3t@x/y@127.0.0.1:1/db"],
    ["a bare / in the password", "mysql://me:s3/cr3t@127.0.0.1:1/db"],
    ["a bare / behind a number in the password", "mysql://me:3/s3cr3t@127.0.0.1:1/db"],
    ["a scheme that nobody speaks", "oracle://me:s3cr3t@host/db"],
  ])("is told without its password: %s", async (_, location) => {
    const error = await failure(() => connectSource(location));
    expect(error).toMatchObject({ code: "LOCATION_INVALID", hint: expect.stringContaining("://") });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/s3|cr3t/);
  });
});

describe("a location", () => {
  it.each([
    ["postgres://me@host/db", "postgres", "postgres://me@host/db"],
    ["POSTGRESQL://host/db", "postgres", "POSTGRESQL://host/db"],
    ["mariadb://host/db", "mysql", "mysql://host/db"],
    ["./exports", "csv", "./exports"],
    ["./exports/orders-*.csv.gz", "csv", "./exports/orders-*.csv.gz"],
    ["C:\\exports", "csv", "C:\\exports"],
    ["./exports/*.JSONL", "jsonl", "./exports/*.JSONL"],
    ["events.ndjson.gz", "jsonl", "events.ndjson.gz"],
    ["lake/*.parquet", "parquet", "lake/*.parquet"],
    ["app.db", "sqlite", "app.db"],
    ["app.sqlite3", "sqlite", "app.sqlite3"],
    ["sqlite:app", "sqlite", "app"],
    ["sqlite:///srv/app", "sqlite", "/srv/app"],
    ["prod.sql.gz", "dump", "prod.sql.gz"],
    ["prod.dump", "dump", "prod.dump"],
  ])("names a source's connector by its scheme or its ending: %s", (location, connector, place) => {
    expect(locate(location, "source")).toEqual({ connector, place });
  });

  it.each([
    ["./out", { connector: "csv", place: "./out" }],
    ["./out/*.csv", { connector: "csv", place: "./out", gzip: false }],
    ["./out/*.jsonl", { connector: "jsonl", place: "./out", gzip: false }],
    ["*.ndjson.gz", { connector: "jsonl", place: ".", gzip: true }],
    ["./out/*.parquet", { connector: "parquet", place: "./out", gzip: false }],
    ["masked.sql", { connector: "dump", place: "masked.sql" }],
    ["masked.db", { connector: "sqlite", place: "masked.db" }],
  ])("names the folder of a target's files: %s", (location, place) => {
    expect(locate(location, "target")).toEqual(place);
  });

  it("is refused as a target where it names one file of many", () => {
    expect(() => locate("./out/users.jsonl", "target")).toThrow(
      expect.objectContaining({ code: "LOCATION_INVALID", hint: expect.stringContaining("*.jsonl") }),
    );
  });
});
