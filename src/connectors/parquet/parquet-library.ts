import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors } from "hyparquet";
import { StandinError } from "../../errors.ts";

export type Hyparquet = typeof import("hyparquet");
export type HyparquetWriter = typeof import("hyparquet-writer");

/** Loads what reads Parquet. Throws DRIVER_MISSING. */
export const loadReader = (): Promise<Hyparquet> => load(() => import("hyparquet"), "hyparquet");

/** Loads what writes Parquet. Throws DRIVER_MISSING. */
export const loadWriter = (): Promise<HyparquetWriter> => load(() => import("hyparquet-writer"), "hyparquet hyparquet-writer");

/** Codecs that need no package: the reader knows the first two, Node the others. */
const OWN_CODECS = ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI"];

const OWN: Compressors = {
  GZIP: (packed) => gunzipSync(packed),
  BROTLI: (packed) => brotliDecompressSync(packed),
};

/** What unpacks these codecs; loads a package for those that Node lacks (ZSTD, LZ4). Throws DRIVER_MISSING. */
export async function loadCompressors(codecs: ReadonlySet<string>): Promise<Compressors> {
  if ([...codecs].every((codec) => OWN_CODECS.includes(codec))) return OWN;
  const { compressors } = await load(() => import("hyparquet-compressors"), "hyparquet-compressors");
  return { ...compressors, ...OWN };
}

async function load<Module>(importModule: () => Promise<Module>, packages: string): Promise<Module> {
  try {
    return await importModule();
  } catch {
    throw new StandinError(
      "DRIVER_MISSING",
      `Parquet needs the ${packages.includes(" ") ? "packages" : "package"} ${packages.replace(" ", " and ")}.`,
      {
        hint: `npm install ${packages}`,
      },
    );
  }
}
