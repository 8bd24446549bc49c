// Holds every request in requests/ against the types of the official client. They are written by a test of the search
// service (UPDATE_REQUESTS=1), which fails where they are not what is sent.
import { readdirSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnSync } from 'node:child_process'

const here = fileURLToPath(new URL('.', import.meta.url))
const requests = readdirSync(join(here, 'requests')).filter(name => name.endsWith('.json')).sort()
if (requests.length === 0) throw new Error('there are no requests to check')

// What lies in the index: a bulk request of the client takes any document unless it is told which.
const product = `
interface Hidden { visible: false; product_id?: string; seq: number }
interface Shown {
  visible: true; product_id: string; seq: number
  title: string; keywords: string; body: string; words: string[]
  categories: string[]; vendor: string; attributes: string[]; numbers: string[]
  price: number; rating: number; sold: number; in_stock: boolean; published: number
  card: object
}
type Product = Hidden | Shown
`

const typed = ({ type, request }, name) => {
  const bare = type.replace(/<.*/, '')
  return `const ${name}: ${type === bare ? `estypes.${type}` : type.replace(bare, `estypes.${bare}`)} = ${JSON.stringify(request, null, 1)}\n`
}

// What the client does not know must not pass: each of these has one mistake.
const mistakes = [
  { type: 'SearchRequest', request: { query: { trem: { vendor: 'a' } } } },
  { type: 'SearchRequest', request: { aggs: { a: { filter: { bool: { filter: [] } }, aggs: { v: { terms: { feld: 'a' } } } } } } },
  { type: 'SearchRequest', request: { query: { dis_max: { query: [] } } } },
  { type: 'SearchRequest', request: { suggest: { a: { text: 'b', term: { field: 'c', max_edit: 1 } } } } },
  { type: 'IndicesUpdateAliasesRequest', request: { actions: [{ remove_index: { name: 'a' } }] } },
  { type: 'BulkRequest<Product>', request: { operations: [{ index: { _id: 'a', version_kind: 'external' } }] } },
  { type: 'BulkRequest<Product>', request: { operations: [{ visible: true, product_id: 'a', seq: 1 }] } },
  { type: 'IndicesPutIndexTemplateRequest', request: { name: 'a', template: { mappings: { dynamic: 'strikt' } } } },
]

const folder = mkdtempSync(join(here, 'node_modules', '.souk-'))
try {
  const head = `import type { estypes } from '@elastic/elasticsearch'\n${product}`
  const sources = requests.map((file, n) => typed(JSON.parse(readFileSync(join(here, 'requests', file), 'utf8')), `request_${n}`))
  const lines = [head, ...sources, 'export {}\n'].join('\n')
  writeFileSync(join(folder, 'requests.ts'), lines)
  mistakes.forEach((mistake, n) => writeFileSync(join(folder, `mistake_${n}.ts`), `${head}\n${typed(mistake, 'mistake')}\nexport {}\n`))

  const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc')
  const files = ['requests.ts', ...mistakes.map((_, n) => `mistake_${n}.ts`)]
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--pretty', 'false']
  const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, ...files], { cwd: folder, encoding: 'utf8' })
  if (status === null) throw new Error('the compiler did not run')
  // A complaint is a line with its place, and those below it that are indented.
  const complaints = stdout.split(/\n(?=\S)/)
  const real = complaints.filter(complaint => complaint.trim() && !complaint.startsWith('mistake_'))
  if (real.length > 0) {
    console.error(real.join('\n'))
    process.exitCode = 1
  }
  for (const [n, mistake] of mistakes.entries()) {
    if (!complaints.some(complaint => complaint.startsWith(`mistake_${n}.ts(`))) {
      console.error(`a mistake passes: ${JSON.stringify(mistake)}`)
      process.exitCode = 1
    }
  }
  if (!process.exitCode) console.log(`${requests.length} requests fit the client's types; ${mistakes.length} mistakes do not`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
