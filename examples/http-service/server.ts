import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { isStandinError, type ProgressEvent, refresh } from "standin";
import policy from "../data-refresh/standin.policy.ts";

/**
 * POST   /refreshes             starts a refresh, answers with its id
 * GET    /refreshes/<id>/events streams its progress (server-sent events), and how it ended
 * DELETE /refreshes/<id>        cancels it: the target is put back
 *
 * Listens on this machine only, at PORT: put your own authentication before it.
 */
interface Refresh {
  readonly stop: AbortController;
  readonly past: string[];
  readonly readers: Set<ServerResponse>;
  isOver: boolean;
}

const refreshes = new Map<string, Refresh>();

function startRefresh(): string {
  const id = randomUUID();
  const started: Refresh = { stop: new AbortController(), past: [], readers: new Set(), isOver: false };
  refreshes.set(id, started);
  const tell = (event: ProgressEvent | { type: "failed"; code: string; message: string }) => {
    const line = `data: ${JSON.stringify(event)}\n\n`;
    // A reader that comes late gets all but the row counts, which are many.
    if (event.type !== "rows") started.past.push(line);
    for (const reader of started.readers) reader.write(line);
  };
  refresh(policy, { signal: started.stop.signal, onProgress: tell })
    .catch((error: unknown) => {
      // Codes and messages of standin hold no value. Of anything else nothing is told.
      const { code, message } = isStandinError(error) ? error : { code: "UNFORESEEN", message: "The refresh failed." };
      tell({ type: "failed", code, message });
    })
    .finally(() => {
      started.isOver = true;
      for (const reader of started.readers) reader.end();
    });
  return id;
}

function streamEvents({ past, readers, isOver }: Refresh, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(past.join(""));
  if (isOver) {
    response.end();
    return;
  }
  readers.add(response);
  response.on("close", () => readers.delete(response));
}

const server = createServer((request, response) => {
  const [, root, id, part] = (request.url ?? "").split("/");
  const answer = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (root !== "refreshes") return answer(404, { error: "not found" });
  if (request.method === "POST" && id === undefined) return answer(202, { id: startRefresh() });
  const found = refreshes.get(id ?? "");
  if (found === undefined) return answer(404, { error: "no such refresh" });
  if (request.method === "GET" && part === "events") return streamEvents(found, response);
  if (request.method === "DELETE" && part === undefined) {
    found.stop.abort();
    return answer(202, { id, cancelled: true });
  }
  return answer(405, { error: "not allowed" });
});

server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
});
