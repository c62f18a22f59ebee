import { mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFile } from "../../src/connectors/file-bytes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-csv-writer-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("createFile", () => {
  it("fails where the disk refused what was brought to it on the way, though the last sync knows nothing of it", async () => {
    const other = await open(folder, "r");
    const datasync = vi.spyOn(Object.getPrototypeOf(other) as FileHandle, "datasync");
    await other.close();
    datasync.mockRejectedValueOnce(Object.assign(new Error("I/O error"), { code: "EIO" }));
    const file = await createFile(join(folder, "large.csv"), false);
    await file.write(Buffer.alloc(17 * 1024 * 1024, "x"));
    await expect(file.end()).rejects.toMatchObject({ code: "SINK_FAILED", message: expect.stringContaining("EIO") });
    expect(datasync).toHaveBeenCalledOnce();
    await file.abort();
  });
});
