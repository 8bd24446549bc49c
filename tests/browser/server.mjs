// The demo, started from the real binary in a folder that is thrown away.

import { spawn } from 'node:child_process'
import { closeSync, cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const ROOT = new URL('../../', import.meta.url).pathname
const SEEDING_S = 600

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function people(text) {
  const lines = text.trim().split('\n').map((line) => line.trim().split(/\s+/))
  return Object.fromEntries(lines.map(([role, email, password]) => [role, { email, password }]))
}

/** What the end-to-end tests have seeded with this very program, if they have: it saves the time to do so again. */
function seeded(binary) {
  const data = join(dirname(binary), 'demo-data')
  const ready = join(data, 'seeded')
  return existsSync(ready) && statSync(ready).mtimeMs > statSync(binary).mtimeMs ? data : undefined
}

/** Starts the demo (in `SOUK_DEMO_DATA`, if that is set and seeded) and waits until it is ready. */
export async function startDemo() {
  const binary = process.env.SOUK_BIN ?? join(ROOT, 'target/fast/souk')
  if (!existsSync(binary)) throw new Error(`Build it first: cargo build --profile fast -p souk (${binary})`)
  const folder = mkdtempSync(join(tmpdir(), 'souk-browser-'))
  const data = process.env.SOUK_DEMO_DATA ?? join(folder, 'demo')
  if (!existsSync(data) && seeded(binary)) cpSync(seeded(binary), data, { recursive: true })
  const url = `http://127.0.0.1:${await freePort()}`
  const ours = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('SOUK_')))
  const env = {
    ...ours,
    SOUK_LOG__FILTER: 'warn',
    SOUK_GATEWAY__LIMITS: 'false',
  }
  const log = openSync(join(folder, 'souk.log'), 'a')
  const child = spawn(binary, ['demo', '--listen', url.slice(7), '--data', data], { cwd: folder, env, stdio: ['ignore', log, log] })
  closeSync(log)
  const stop = () => new Promise((resolve) => {
    child.once('exit', (code) => {
      rmSync(folder, { recursive: true, force: true })
      resolve(code)
    })
    child.kill('SIGINT')
  })
  for (const begin = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const ready = await fetch(`${url}/health/ready`).then((answer) => answer.ok, () => false)
    if (ready) break
    if (child.exitCode !== null || Date.now() - begin > SEEDING_S * 1000) {
      child.kill('SIGKILL')
      throw new Error(`The demo is not ready.\n${readFileSync(join(folder, 'souk.log'), 'utf8')}`)
    }
  }
  return { url, people: people(readFileSync(join(data, 'credentials.txt'), 'utf8')), stop }
}
