import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildsOf } from "./cli/build-once.ts";

/** Takes away what the test files of this run shared, and what a run of the same number left behind. */
export default function setUp(): () => void {
  const { folder, prefix } = buildsOf(process.pid);
  const remove = () => {
    for (const name of readdirSync(folder))
      if (name.startsWith(prefix)) rmSync(join(folder, name), { recursive: true, force: true });
  };
  remove();
  return remove;
}
