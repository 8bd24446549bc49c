// Starts each stand-in as it was built for the tests, and has the gateway's own library judge it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function judge(name) {
  const program = new URL(`../../../target/fast/examples/fake_${name}`, import.meta.url).pathname;
  const [port, judge] = [await freePort(), await freePort()];
  const prefix = `FAKE_${name.toUpperCase()}`;
  Object.assign(process.env, {
    [`${prefix}_LISTEN`]: `127.0.0.1:${port}`,
    [`${prefix}_WEBHOOK_URL`]: `http://127.0.0.1:${judge}/`,
    JUDGE_PORT: String(judge),
  });
  const standIn = spawn(program, { stdio: "inherit" });
  standIn.once("error", (error) => {
    console.error(`Build it first: cargo xtask test build (${error.message})`);
    process.exit(1);
  });
  for (let n = 0; ; n += 1) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
    if (answers) break;
    if (n === 100) throw new Error("the stand-in does not answer");
    await new Promise((later) => setTimeout(later, 50));
  }
  try {
    await import(`./${name}.mjs`);
  } finally {
    standIn.kill();
  }
}

for (const name of ["stripe", "paypal", "xendit", "midtrans"]) await judge(name);
