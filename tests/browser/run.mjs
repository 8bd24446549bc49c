// Browser tests: `npm test`. `npm test -- story`, `offers`, `books`, `upload`, `import` or `tour` runs a part.

import { books } from './books.mjs'
import { launch, Findings } from './browser.mjs'
import { importing } from './import.mjs'
import { offers } from './offers.mjs'
import { startDemo } from './server.mjs'
import { story } from './story.mjs'
import { tour } from './tour.mjs'
import { upload } from './upload.mjs'

const asked = process.argv.slice(2)
const wants = (part) => asked.length === 0 || asked.includes(part)
const findings = new Findings()
const demo = await startDemo()

/** A part with a browser of its own. */
async function run(what, play) {
  const begin = Date.now()
  const browser = await launch()
  try {
    const said = await play(browser)
    console.log(`${said ?? what} (${Math.round((Date.now() - begin) / 1000)} s)`)
  } catch (error) {
    findings.add(what, error.stack ?? error.message)
    for (const page of browser.contexts().flatMap((context) => context.pages())) console.error(`${what} broke off at ${page.url()}`)
  } finally {
    await browser.close()
  }
}

/** The stories one after the other: each sets the other owner's password anew, and counts the orders. */
async function stories() {
  if (wants('story')) await theStory()
  if (wants('offers')) await run('what runs out and what is fetched', (browser) => offers(browser, demo, findings, 'desktop'))
}

async function theStory() {
  await run('the story on a desktop', (browser) => story(browser, demo, findings, { name: 'story', size: 'desktop', withScripts: true }))
  await run('the story on a phone', (browser) => story(browser, demo, findings, { name: 'pocket', size: 'phone', withScripts: true }))
  await run('the story without scripts', (browser) => story(browser, demo, findings, { name: 'plain', size: 'desktop', withScripts: false }))
}

/** What touches nothing that the stories look at. */
async function besides() {
  if (wants('books')) await run('a sale through the books', (browser) => books(browser, demo, findings, 'desktop'))
  if (wants('upload')) await run('an upload on a slow line', (browser) => upload(browser, demo, findings, 'desktop'))
  if (wants('import')) await run('a file imported', (browser) => importing(browser, demo, findings, 'desktop'))
}

await Promise.all([stories(), besides()])
if (wants('tour')) {
  // At once: each of them waits for most of its time.
  await Promise.all(['desktop', 'phone'].map((size) => run(`every page on a ${size}`, (browser) => tour(browser, demo, findings, size))))
}
const code = await demo.stop()
if (code !== 0) findings.add('the demo', `ended with ${code}`)
for (const finding of findings.all) console.error(`✗ ${finding}`)
console.log(`${findings.pages} pages looked at, ${findings.all.length} findings`)
process.exit(findings.all.length === 0 ? 0 : 1)
