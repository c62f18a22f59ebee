import { Converter } from "typedoc";

/** Calls the modules in the reference what a program imports: `standin/csv` rather than the file's path. */
const NAMES = {
  index: "standin",
  "transforms/index": "standin/transforms",
  transforms: "standin/transforms",
  "connectors/postgres": "standin/postgres",
  "connectors/mysql": "standin/mysql",
  "connectors/csv": "standin/csv",
  testing: "standin/testing",
};

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const module of context.project.children ?? []) module.name = NAMES[module.name] ?? module.name;
  });
}
