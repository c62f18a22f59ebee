import { describe, expect, it } from "vitest";
import { connectSource } from "../src/connect.ts";
import type { Source } from "../src/contracts.ts";

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
