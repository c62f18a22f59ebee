import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An object store in memory, with as much of S3 as the example needs, so that it runs anywhere. */
export async function startTinyStore(objects: Map<string, Buffer>) {
  const uploads = new Map<string, Buffer[]>();
  const server = createServer(async (request, response) => {
    const status = await answer(request).catch(() => 500);
    if (typeof status === "number") response.writeHead(status).end();
    else response.end(status);
  });

  /** What to send, or a status. */
  async function answer(request: IncomingMessage): Promise<Buffer | string | number> {
    const { pathname, searchParams } = new URL(request.url!, "http://store");
    const key = decodeURIComponent(pathname.slice(1));
    const id = searchParams.get("uploadId") ?? "";
    switch (request.method) {
      case "GET":
        return objects.get(key) ?? 404;
      case "POST":
        if (searchParams.has("uploads")) {
          const begun = String(uploads.size + 1);
          uploads.set(begun, []);
          return begun;
        }
        objects.set(key, Buffer.concat(uploads.get(id) ?? []));
        return uploads.delete(id) ? 200 : 404;
      case "PUT":
        uploads.get(id)![Number(searchParams.get("partNumber")) - 1] = await buffer(request);
        return 200;
      case "DELETE":
        return uploads.delete(id) ? 204 : 404;
      default:
        return 405;
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close(), unfinished: () => uploads.size };
}
