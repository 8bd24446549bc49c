// Browser tests: `npm test`. `npm test -- story` or `npm test -- tour` runs a part.

import { launch, Findings } from './browser.mjs'
import { startDemo } from './server.mjs'
import { story } from './story.mjs'
import { tour } from './tour.mjs'

const asked = process.argv.slice(2)
const wants = (part) => asked.length === 0 || asked.includes(part)
const findings = new Findings()
const demo = await startDemo()
const browser = await launch()

async function run(what, play) {
  const begin = Date.now()
  try {
    const said = await play()
    console.log(`${said ?? what} (${Math.round((Date.now() - begin) / 1000)} s)`)
  } catch (error) {
    findings.add(what, error.stack ?? error.message)
    for (const context of browser.contexts()) {
      for (const page of context.pages()) console.error(`${what} broke off at ${page.url()}`)
      await context.close()
    }
  }
}

if (wants('story')) {
  await run('the story on a desktop', () => story(browser, demo, findings, { name: 'story', size: 'desktop', withScripts: true }))
  await run('the story on a phone', () => story(browser, demo, findings, { name: 'pocket', size: 'phone', withScripts: true }))
  await run('the story without scripts', () => story(browser, demo, findings, { name: 'plain', size: 'desktop', withScripts: false }))
}
if (wants('tour')) {
  for (const size of ['desktop', 'phone']) await run(`every page on a ${size}`, () => tour(browser, demo, findings, size))
}
await browser.close()
const code = await demo.stop()
if (code !== 0) findings.add('the demo', `ended with ${code}`)
for (const finding of findings.all) console.error(`✗ ${finding}`)
console.log(`${findings.pages} pages looked at, ${findings.all.length} findings`)
process.exit(findings.all.length === 0 ? 0 : 1)
