// The endpoint that a stand-in was told of: keeps what comes.
import { once } from "node:events";
import http from "node:http";

export async function endpoint() {
  const events = [];
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      events.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts)) });
      response.writeHead(204).end();
    });
  });
  server.listen(Number(process.env.JUDGE_PORT ?? 8099), "127.0.0.1");
  await once(server, "listening");
  const heard = async (fits) => {
    for (let n = 0; n < 50; n += 1) {
      const event = events.find(({ body }) => fits(body));
      if (event) return event;
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error(`nothing fits among ${JSON.stringify(events.map(({ body }) => body))}`);
  };
  return { events, heard, close: () => server.close() };
}
