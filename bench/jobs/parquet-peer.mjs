import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import { COLUMNS } from "../make-data.mjs";
import { constantCost } from "./constant-cost.mjs";
import { reportMemory } from "./report-memory.mjs";

const [, , input, output] = process.argv;
const file = await asyncBufferFromFile(input);
const metadata = await parquetMetadataAsync(file);
const writer = new ParquetWriter({ writer: fileWriter(output), schema: metadata.schema });

let rowStart = 0;
for (const group of metadata.row_groups) {
  const rowEnd = rowStart + Number(group.num_rows);
  const data = Object.fromEntries(COLUMNS.map((name) => [name, []]));
  const onChunk = ({ columnName, columnData }) => {
    for (const value of columnData) data[columnName].push(value);
  };
  await parquetRead({ file, metadata, rowStart, rowEnd, onChunk });
  for (const name of ["first_name", "last_name", "email"]) data[name] = data[name].map(constantCost);
  await writer.write({ columnData: COLUMNS.map((name) => ({ name, data: data[name] })), rowGroupSize: rowEnd - rowStart });
  rowStart = rowEnd;
}
await writer.finish();
reportMemory();
