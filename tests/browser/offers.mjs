// What runs out, and what is fetched: a code for one order that two buyers hold, bundles of which one cart
// has all that can be made, and an order that its buyer fetches from the workshop.

import { Visitor, must } from './browser.mjs'

/** Of the parts of these the demo never has enough for twenty; of one of them it may have sold all. */
const BUNDLES = ['valencian-breakfast', 'bread-board-and-knife']
/** Most of one thing that a cart takes. */
const MOST = 20

async function told(url, path) {
  return fetch(`${url}${path}`).then((answer) => answer.json())
}

/** A store where goods can be fetched, with something of it that is bought at once. */
async function workshop(url) {
  const { items } = await told(url, '/api/v1/stores?limit=50')
  for (const store of items) {
    const rates = await told(url, `/api/v1/stores/${store.id}/shipping-rates`)
    const fetched = rates.find((rate) => rate.pickup)
    if (!fetched) continue
    const products = await told(url, `/api/v1/products?vendor=${store.slug}&limit=50`)
    const product = products.items.find((item) => item.single_variant_id && item.stock.level === 'in_stock')
    if (product) return { store, rate: fetched, product }
  }
  throw new Error('nothing can be fetched anywhere')
}

async function putInCart(visitor, slug, quantity = 1) {
  await visitor.open(`/p/${slug}`)
  if (quantity > 1) await visitor.fill(visitor.page.locator('main form:has([name="quantity"])').first(), { quantity: String(quantity) })
  const added = visitor.page.waitForResponse((response) => response.url().endsWith('/cart') && response.request().method() === 'POST')
  await visitor.press(visitor.page.getByRole('button', { name: 'Add to cart' }).first())
  must((await added).status() < 400, `${slug} was not added: ${(await added).status()}`)
}

async function typeCode(visitor, code) {
  await visitor.open('/cart')
  const form = visitor.page.locator('main form:has([name="code"])').first()
  if (!(await form.isVisible())) await visitor.page.locator('summary', { hasText: 'code' }).first().click()
  await visitor.fill(form, { code })
  await visitor.press(form.locator('button').first())
}

/** To the checkout, with everything filled in but for `choose`. */
async function toPay(visitor, email, choose = async () => {}) {
  await visitor.open('/cart')
  await Promise.all([visitor.page.waitForURL(/\/checkout/), visitor.page.getByRole('link', { name: 'Continue to checkout' }).click()])
  const form = visitor.page.locator('#checkout')
  await visitor.fill(form, { 'address.country': 'DE' }, true)
  await visitor.page.waitForLoadState('networkidle')
  await visitor.fill(form, { email, 'address.name': 'Ines Probe', 'address.line1': 'Am Hafen 7', 'address.postcode': '20457', 'address.city': 'Hamburg' }, true)
  await choose()
  await form.locator('[name="terms"]').check()
}

/** Presses the button that orders; false if not everything was in stock. */
async function order(visitor) {
  const { page } = visitor
  const missing = page.getByText('Not everything was in stock.').first()
  await page.locator('#pay').click()
  await Promise.race([page.waitForURL(/\/pay\//), missing.waitFor()])
  return (await missing.count()) === 0
}

/** Orders, and pays on the gateway's page. */
async function pay(visitor) {
  const { page } = visitor
  must(await order(visitor), `not everything was in stock: ${page.url()}`)
  await page.locator('#number').fill('4242 4242 4242 4242')
  await page.locator('#expiry').fill('12 / 40')
  await page.locator('#cvc').fill('123')
  const holder = page.locator('#name, #holder').first()
  if (await holder.count()) await holder.fill('Ines Probe')
  await Promise.all([page.waitForURL((url) => !url.pathname.includes('/pay/')), page.locator('#card-form button.go').click()])
  await page.getByText('packs it').first().waitFor()
  return { number: (await page.locator('main').innerText()).match(/S-\d{4}-\d+/)?.[0], path: new URL(page.url()).pathname }
}

/** The admin makes a code that takes ten percent off one order, and no more. */
async function makeCode(admin, code) {
  await admin.open('/admin/promotions/new')
  const form = admin.page.locator('main form:has([name="max_uses"])')
  const today = new Date().toISOString().slice(0, 10)
  await admin.fill(form, { name: 'One for one', code, effect: 'percent', percent_bp: '10', starts_at: today, max_uses: '1', platform_share_bp: '100' })
  await admin.press(form.locator('button[type="submit"], button:not([type])').last())
  must((await admin.page.locator('main').innerText()).includes(code), `the code ${code} is not there`)
  await admin.look('code-made')
}

/** Both hold the code; who pays first has it, and the other one is told so. */
async function oneCode(first, second, admin, { product, rate }, mark) {
  const code = `ONE${mark}`
  await makeCode(admin, code)
  for (const visitor of [first, second]) {
    await putInCart(visitor, product.slug)
    await typeCode(visitor, code)
    must((await visitor.page.locator('main').innerText()).includes('One for one'), 'the code takes nothing off')
  }
  await first.look('cart-with-code')
  await toPay(first, `first.${mark}@example.com`, async () => {
    const way = first.page.locator('#checkout').getByText(rate.name).first()
    await way.click()
    await first.page.waitForLoadState('networkidle')
    must((await first.page.locator('#checkout').innerText()).includes(rate.pickup.line1), 'the checkout does not say where it is fetched')
  })
  await first.look('checkout-fetched')
  const order = await pay(first)
  await second.open('/cart')
  const text = await second.page.locator('main').innerText()
  must(text.includes('has been used as often as it may be'), `the second is not told that the code is used up: ${text}`)
  await second.look('code-used-up')
  return order
}

/** A bundle that can be had, and how many of it if the shop tells: it does when there are few. */
async function bundle(url) {
  for (const slug of BUNDLES) {
    const { variants } = await told(url, `/api/v1/products/${slug}`)
    if (variants[0].stock.level !== 'sold_out') return { slug, left: variants[0].stock.left }
  }
  throw new Error('no bundle can be made')
}

/** Somebody wants more bundles than can be made of what is there, gets none, and reads how many there are. */
async function tooMany(greedy, slug, mark) {
  await putInCart(greedy, slug, MOST)
  await toPay(greedy, `greedy.${mark}@example.com`)
  must(!(await order(greedy)), `${MOST} of ${slug} could be ordered: the demo has too many`)
  const left = Number((await greedy.page.locator('main').innerText()).match(/20 wanted, (\d+) there/)?.[1])
  must(left > 0, `it is not said how many there are: ${greedy.page.url()}`)
  await greedy.look('too-many-bundles')
  return left
}

/** Both have bundles in their carts, one of them all that can be made of what is there: the other gets none. */
async function lastBundles(first, second, url, { slug, left }, mark) {
  for (const [visitor, quantity] of [[first, left], [second, 1]]) {
    await putInCart(visitor, slug, quantity)
    await toPay(visitor, `${visitor.name}.${mark}@example.com`)
  }
  await pay(first)
  // The second has seen the page while there were some.
  must(!(await order(second)), `the second bundle was sold: ${second.page.url()}`)
  must((await second.page.locator('main').innerText()).includes('Nothing was charged.'), 'it is not said that nothing was charged')
  await second.look('bundle-sold-out')
  const now = (await told(url, `/api/v1/products/${slug}`)).variants[0].stock
  must(now.level === 'sold_out', `the bundle is ${JSON.stringify(now)}`)
}

/** The vendor says that it is ready; the buyer shows the code that both read. */
async function fetchIt(vendor, buyer, { store, rate }, { number, path }) {
  await vendor.open(`/vendor/${store.id}/orders`)
  await Promise.all([vendor.page.waitForURL(/\/orders\/[0-9a-f-]{36}/), vendor.page.locator('main').getByRole('link', { name: new RegExp(number) }).first().click()])
  must((await vendor.page.locator('main').innerText()).includes('Fetched at'), 'the vendor does not read that it is fetched')
  await vendor.look('to-be-fetched')
  await vendor.press(vendor.page.getByRole('button', { name: 'It can be fetched' }))
  const code = (await vendor.page.locator('main').innerText()).match(/Code of the buyer\s+(\d{6})\b/)?.[1]
  must(code, 'the vendor has no code to compare')
  await vendor.look('ready')
  await buyer.open(path)
  for (let attempt = 0; attempt < 40 && !(await buyer.page.locator('main').innerText()).includes(code); attempt += 1) {
    await buyer.page.waitForTimeout(250)
    await buyer.page.reload()
  }
  const text = await buyer.page.locator('main').innerText()
  for (const part of [`Show the code ${code}`, rate.pickup.line1]) must(text.includes(part), `the order does not say “${part}”`)
  await buyer.look('order-ready')
  await Promise.all([buyer.page.waitForURL(/\/track\//), buyer.page.getByRole('link', { name: 'Show the code' }).click()])
  must((await buyer.page.locator('main').innerText()).includes(code), 'the page to show has no code')
  await buyer.look('code-to-show')
  await vendor.press(vendor.page.getByRole('button', { name: 'Mark as fetched' }))
  must((await vendor.page.locator('main').innerText()).includes('Fetched'), 'it is not noted that it was fetched')
  await vendor.look('fetched')
}

export async function offers(browser, { url, people }, findings, size) {
  const arrive = (who) => Visitor.arrive(browser, { url, size, findings, name: `offers-${who}` })
  const [first, second, admin, vendor] = await Promise.all(['first', 'second', 'admin', 'vendor'].map(arrive))
  const mark = Date.now().toString(36).toUpperCase()
  await admin.logIn(people.admin)
  await vendor.logIn(people.vendor)
  const place = await workshop(url)
  const order = await oneCode(first, second, admin, place, mark)
  await fetchIt(vendor, first, place, order)
  const [greedy, third, fourth] = await Promise.all(['greedy', 'third', 'fourth'].map(arrive))
  const { slug, left } = await bundle(url)
  await lastBundles(third, fourth, url, { slug, left: left ?? (await tooMany(greedy, slug, mark)) }, mark)
  await Promise.all([first, second, greedy, third, fourth, admin, vendor].map((visitor) => visitor.leave()))
  return `a code and the last bundles for two buyers each, and order ${order.number} fetched with its code`
}
