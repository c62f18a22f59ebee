import { expect, it } from "vitest";
import { faultyProxy } from "../servers/faulty-proxy.ts";
import { runToEnd } from "./fault-run.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";

for (const system of FAULT_SYSTEMS) {
  system.describe(`a slow line to ${system.name}`, () => {
    it.each(["source", "target"] as const)(
      "F10: carries a run to its end, 50 kB a second in segments of a byte, to the %s",
      (side) =>
        system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
          const ends = { source: source!, target: target! };
          await system.fill(ends.source, 50);
          await system.fill(ends.target, 5);
          const proxy = await faultyProxy(ends[side], { bytesPerSecond: 50_000 });
          try {
            const { report } = await runToEnd({ ...ends, [side]: proxy.url });
            expect(report?.rows).toBe(53);
          } finally {
            proxy.close();
          }
          expect(await system.picture(ends.target)).toBe(await system.picture(ends.source));
        }),
    );
  });
}
