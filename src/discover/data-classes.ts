export { DATA_CLASSES, type DataClass } from "../policy/class-names.ts";
