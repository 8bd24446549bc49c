// A file of products, by clicks: checked with one wrong row, mended, imported, and found in the shop.

import { Visitor, must } from './browser.mjs'

const ONE_IMPORT = /\/imports\/[0-9a-f-]{36}$/

/** A top category in which nothing is needed before a product goes on sale. */
async function undemanding(url) {
  const categories = await fetch(`${url}/api/v1/categories`).then((answer) => answer.json())
  const found = categories.find((category) => [...category.attributes, ...category.inherited].every((fact) => !fact.required))
  must(found, 'every category asks for something')
  return found.slug
}

/** Two products of which one costs `price`. */
function file(category, mark, price) {
  const row = (name, cost) => `${name.toLowerCase()}-${mark},${name} ${mark},${category},EUR,published,${name.toUpperCase()}-${mark},${cost},3`
  return ['handle,title,category,currency,status,sku,price,initial_stock', row('Cup', '12.50'), row('Jug', price), ''].join('\n')
}

/** Presses a button and waits for the page of another import. */
async function goOn(visitor, name) {
  const before = new URL(visitor.page.url()).pathname
  const isNext = ({ pathname }) => pathname !== before && ONE_IMPORT.test(pathname)
  await Promise.all([visitor.page.waitForURL(isNext), visitor.page.getByRole('button', { name, exact: true }).click()])
}

/** Has a file checked, and waits for what is said in the end. */
async function check(visitor, base, content, said) {
  await visitor.open(`${base}/imports`)
  await visitor.page.locator('main input[type="file"]').setInputFiles({ name: 'products.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
  await goOn(visitor, 'Check file')
  await visitor.page.getByText(said).first().waitFor()
}

/** The search hears of a product a moment after it is written. */
async function find(visitor, mark, title) {
  const link = visitor.page.locator('#results').getByRole('link', { name: title }).first()
  await visitor.open(`/search?q=${mark}`)
  for (let attempt = 0; attempt < 40 && (await link.count()) === 0; attempt += 1) {
    await visitor.page.waitForTimeout(100)
    await visitor.open(`/search?q=${mark}`)
  }
  must(await link.count(), `the search does not find ${title}`)
  await Promise.all([visitor.page.waitForURL(/\/p\//), link.click()])
  must(await visitor.page.locator('h1', { hasText: title }).count(), `this is not ${title}`)
  must((await visitor.page.locator('main').innerText()).includes('14.00'), `${title} does not cost 14.00`)
}

export async function importing(browser, { url, people }, findings, size) {
  const [category, mark] = [await undemanding(url), Date.now().toString(36)]
  const vendor = await Visitor.arrive(browser, { url, size, findings, name: 'import' })
  await vendor.logIn(people.vendor)
  await vendor.open('/vendor')
  const base = new URL(vendor.page.url()).pathname

  await check(vendor, base, file(category, mark, 'cheap'), 'Some rows are wrong.')
  const wrong = await vendor.page.locator('main tbody tr').filter({ hasText: 'is not an amount' }).allInnerTexts()
  must(wrong.length === 1, `${wrong.length} rows are wrong`)
  for (const part of ['Row 3', 'price', '“cheap” is not an amount in EUR']) must(wrong[0].includes(part), `“${wrong[0]}” does not say ${part}`)
  await vendor.look('checked')
  const sold = await fetch(`${url}/api/v1/products/cup-${mark}`)
  must(sold.status === 404, `a check has written something: ${sold.status}`)

  await check(vendor, base, file(category, mark, '14.00'), 'The file is fine.')
  await goOn(vendor, 'Import 2 products')
  await vendor.page.getByText('The import is done.').first().waitFor()
  await vendor.look('imported')
  await find(vendor, mark, `Jug ${mark}`)
  await vendor.look('found')
  await vendor.leave()
}
