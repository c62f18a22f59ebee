import { Converter } from "typedoc";

/** Calls the modules of the reference what a program imports: `standin/csv` rather than `connectors/csv`. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const door = module.name.replace(/^connectors\//, "").replace(/\/?index$/, "");
      module.name = door === "" ? "standin" : `standin/${door}`;
    }
  });
}
