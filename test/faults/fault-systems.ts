import type { FaultSystem } from "./fault-system.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { postgresSystem } from "./postgres-system.ts";

export const FAULT_SYSTEMS: readonly FaultSystem[] = [postgresSystem, mysqlSystem];
