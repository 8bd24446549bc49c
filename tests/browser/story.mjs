// The whole story: a buyer registers, verifies, searches with a typo, buys from two vendors with a
// 3-D Secure card; both vendors ship; the buyer tracks, reviews and sends one of each back; the admin sees the sales.

import { Visitor, must } from './browser.mjs'
import { followMail } from './mailbox.mjs'
import { sendBack } from './send_back.mjs'

const PASSWORD = 'a-Long-enough-pass-7'

/** A word of a title with one letter too few, for which search still finds the product. */
async function findable(url, products) {
  for (const product of products) {
    for (const word of product.title.split(/[^A-Za-z]+/).filter((part) => part.length >= 6)) {
      const typo = (word.slice(0, 3) + word.slice(4)).toLowerCase()
      const found = await fetch(`${url}/api/v1/search?q=${typo}`).then((answer) => answer.json())
      const slugs = JSON.stringify(found)
      if (slugs.includes(product.slug) && !product.title.toLowerCase().includes(typo)) return { product, typo }
    }
  }
  throw new Error('search forgives no typing error')
}

/** Products of the store `slug` that can be put into the cart at once. */
async function buyable(url, vendor) {
  const page = await fetch(`${url}/api/v1/products?vendor=${vendor}&limit=50`).then((answer) => answer.json())
  return page.items.filter((item) => item.single_variant_id && item.stock.level !== 'sold_out')
}

async function chooseProducts(url, ownStore) {
  const stores = await fetch(`${url}/api/v1/stores?limit=50`).then((answer) => answer.json())
  const own = stores.items.find((store) => store.id === ownStore)
  for (const other of stores.items.filter((store) => store.id !== ownStore)) {
    const second = await buyable(url, other.slug)
    if (second.length > 0) return { own, other, first: await findable(url, await buyable(url, own.slug)), second: second[0] }
  }
  throw new Error('no second store sells anything')
}

async function register(buyer, email) {
  await buyer.open('/register')
  await buyer.look('register')
  const form = buyer.page.locator('main form:has([name="password"])').first()
  await buyer.fill(form, { name: 'Ines Probe', email, password: PASSWORD })
  await Promise.all([buyer.page.waitForURL(/\/account/), form.getByRole('button', { name: 'Open the account' }).click()])
  await buyer.look('registered')
  await followMail(buyer, email, '/verify?token=')
  await buyer.look('verify')
  await Promise.all([buyer.page.waitForURL(/\/account/), buyer.page.getByRole('button', { name: 'Confirm the address' }).click()])
  must((await buyer.page.locator('body').innerText()).includes('is confirmed'), 'the address is not confirmed')
  await buyer.look('verified')
}

async function addToCart(visitor, product) {
  must(await visitor.page.locator('h1', { hasText: product.title }).count(), `this is not ${product.title}`)
  const added = visitor.page.waitForResponse((response) => response.url().endsWith('/cart') && response.request().method() === 'POST')
  await visitor.press(visitor.page.getByRole('button', { name: 'Add to cart' }).first())
  must((await added).status() < 400, `not added: ${(await added).status()}`)
}

async function search(visitor, typo, product) {
  await visitor.open('/')
  await visitor.look('home')
  await visitor.page.locator('#q').fill(typo)
  await Promise.all([visitor.page.waitForURL(/\/search\?/), visitor.page.locator('#q').press('Enter')])
  await visitor.look('search')
  await Promise.all([visitor.page.waitForURL(new RegExp(product.slug)), visitor.page.locator('#results').getByRole('link', { name: product.title }).first().click()])
  await visitor.look('product')
}

async function checkOut(visitor, email, { own, other }) {
  await visitor.open('/cart')
  const groups = visitor.page.locator('.cart-group')
  must((await groups.count()) === 2, `${await groups.count()} stores in the cart instead of ${own.name} and ${other.name}`)
  await visitor.look('cart')
  await Promise.all([visitor.page.waitForURL(/\/checkout/), visitor.page.getByRole('link', { name: 'Continue to checkout' }).click()])
  const form = visitor.page.locator('#checkout')
  await visitor.fill(form, { 'address.country': 'DE' }, true)
  if (visitor.withScripts) await visitor.page.waitForLoadState('networkidle')
  await visitor.fill(form, { email, 'address.name': 'Ines Probe', 'address.line1': 'Am Hafen 7', 'address.postcode': '20457', 'address.city': 'Hamburg' }, true)
  // Sent without the terms ticked, the form says so and keeps what was typed.
  await visitor.press(visitor.page.locator('#pay'))
  must((await form.locator('[name="address.line1"]').inputValue()) === 'Am Hafen 7', 'the form forgot what was typed')
  await visitor.look('checkout-refused')
  await form.locator('[name="terms"]').check()
  await visitor.look('checkout')
  await Promise.all([visitor.page.waitForURL(/\/pay\//), visitor.page.locator('#pay').click()])
}

async function pay(visitor) {
  const { page } = visitor
  await visitor.look('pay')
  await page.locator('#number').fill('4000 0027 6000 3184')
  await page.locator('#expiry').fill('12 / 40')
  await page.locator('#cvc').fill('123')
  const holder = page.locator('#name, #holder').first()
  if (await holder.count()) await holder.fill('Ines Probe')
  await Promise.all([page.waitForURL(/\/challenge/), page.locator('#card-form button.go').click()])
  await visitor.look('challenge')
  await Promise.all([page.waitForURL((url) => !url.pathname.includes('/pay/')), page.getByRole('button', { name: 'Approve' }).click()])
  for (let attempt = 0; attempt < 40 && !/paid|thank|preparing|confirmed/i.test(await page.locator('main').innerText()); attempt += 1) {
    await page.waitForTimeout(250)
    if (!visitor.withScripts) await page.reload()
  }
  const text = await page.locator('main').innerText()
  const number = text.match(/S-\d{4}-\d+/)?.[0]
  must(number, `no order number on the confirmation: ${text.slice(0, 400)}`)
  await visitor.look('confirmation')
  return { number, path: new URL(page.url()).pathname }
}

async function ship(visitor, store, number, carrier) {
  await visitor.open(`/vendor/${store.id}`)
  await visitor.look('vendor-dashboard')
  await visitor.open(`/vendor/${store.id}/orders`)
  await visitor.look('vendor-orders')
  await Promise.all([visitor.page.waitForURL(/\/orders\/[0-9a-f-]{36}/), visitor.page.locator('main').getByRole('link', { name: new RegExp(number) }).first().click()])
  await visitor.look('vendor-order')
  const form = visitor.page.locator('form#ship')
  await visitor.fill(form, { carrier, tracking_number: `${carrier}-0001` })
  await visitor.press(form.locator('button').last())
  await visitor.look('vendor-shipped')
  await visitor.press(visitor.page.getByRole('button', { name: 'Mark as delivered' }))
  must((await visitor.page.getByRole('button', { name: 'Mark as delivered' }).count()) === 0, 'the parcel is not delivered')
}

/** The other owner's password is nobody's business, so it is set anew, by mail. */
async function resetPassword(visitor, email) {
  await visitor.open('/login')
  await Promise.all([visitor.page.waitForURL(/\/forgot/), visitor.page.getByRole('link', { name: 'Forgot the password' }).click()])
  await visitor.fill(visitor.page.locator('main form').first(), { email })
  await visitor.press(visitor.page.getByRole('button', { name: 'Send me a link' }))
  await visitor.look('reset-asked')
  await followMail(visitor, email, '/reset?token=')
  await visitor.look('reset')
  await visitor.fill(visitor.page.locator('main form:has([name="password"])').first(), { password: PASSWORD })
  await Promise.all([visitor.page.waitForURL(/\/login/), visitor.page.getByRole('button', { name: 'Set the password' }).click()])
}

async function review(visitor, product) {
  await visitor.open('/account/reviews')
  await visitor.look('reviewable')
  const write = visitor.page.getByRole('link', { name: `Write a review of ${product.title}` })
  await Promise.all([visitor.page.waitForURL(/\/account\/reviews\/./), write.click()])
  const form = visitor.page.locator('main form:has([name="rating"])')
  await visitor.look('review')
  await form.locator('[name="rating"][value="5"]').check({ force: true })
  await visitor.fill(form, { title: 'Just right', text: 'Well made, and it came quickly. I would buy it again.' })
  await visitor.press(form.locator('button[type="submit"]'))
  await visitor.open(`/p/${product.slug}`)
  must((await visitor.page.locator('#reviews').innerText()).includes('Well made, and it came quickly.'), 'the review is not there')
  await visitor.look('reviewed')
}

/** What the tiles of the admin's dashboard say: sales in cents, paid orders. */
async function tiles(admin) {
  await admin.open('/admin')
  const number = async (label) => {
    const tile = admin.page.locator('.tiles .tile').filter({ has: admin.page.getByText(label, { exact: true }) })
    return Number((await tile.locator('strong').first().innerText()).replace(/[^0-9]/g, ''))
  }
  return { sales: await number('Sales'), orders: await number('Paid orders') }
}

/** The order is the only one that is paid meanwhile, so the sales grow by its total, as soon as they have heard of it. */
async function seesTheSale(admin, before, total) {
  let now = await tiles(admin)
  for (let attempt = 0; attempt < 40 && now.orders === before.orders; attempt += 1) {
    await admin.page.waitForTimeout(250)
    now = await tiles(admin)
  }
  must(now.orders === before.orders + 1, `${before.orders} paid orders became ${now.orders}`)
  must(now.sales === before.sales + total, `an order of ${total} cents: sales of ${before.sales} became ${now.sales}`)
}

/** Plays the story. */
export async function story(browser, demo, findings, { size, withScripts, name }) {
  const { url, people } = demo
  const arrive = (who) => Visitor.arrive(browser, { url, size, findings, name: `${name}-${who}`, withScripts })
  const email = `ines.${name}@example.com`
  const vendor = await arrive('vendor')
  await vendor.logIn(people.vendor)
  await vendor.open('/vendor')
  const ownStore = vendor.page.url().match(/[0-9a-f]{8}-[0-9a-f-]{27}/)?.[0]
  must(ownStore, `the vendor's portal has no store: ${vendor.page.url()}`)
  const chosen = await chooseProducts(url, ownStore)

  const buyer = await arrive('buyer')
  await register(buyer, email)
  await search(buyer, chosen.first.typo, chosen.first.product)
  await addToCart(buyer, chosen.first.product)
  await buyer.open(`/p/${chosen.second.slug}`)
  await addToCart(buyer, chosen.second)
  const admin = await arrive('admin')
  await admin.logIn(people.admin)
  const before = await tiles(admin)
  await checkOut(buyer, email, chosen)
  const { number } = await pay(buyer)
  await seesTheSale(admin, before, await totalOf(url, people.admin, number))

  await ship(vendor, chosen.own, number, 'DHL')
  const other = await arrive('other-vendor')
  const owner = await ownerOf(url, people.admin, chosen.other.id)
  await resetPassword(other, owner)
  await other.logIn({ email: owner, password: PASSWORD })
  await ship(other, chosen.other, number, 'PostNL')

  await buyer.open('/account')
  await buyer.look('orders')
  await Promise.all([buyer.page.waitForURL(/\/orders\//), buyer.page.locator('main').getByRole('link', { name: new RegExp(number) }).first().click()])
  await buyer.look('order')
  const order = new URL(buyer.page.url()).pathname
  await Promise.all([buyer.page.waitForURL(/\/track\//), buyer.page.locator('main a[href*="/track/"]').first().click()])
  await buyer.look('tracking')
  await review(buyer, chosen.first.product)
  await sendBack(buyer, order, number, [[chosen.own, vendor], [chosen.other, other]])

  await admin.open('/admin')
  await admin.look('admin')
  await admin.open('/admin/orders')
  must((await admin.page.locator('main').innerText()).includes(number), `the admin does not see ${number}`)
  await admin.look('admin-orders')
  await Promise.all([vendor, buyer, admin, other].map((visitor) => visitor.leave()))
  return `${name} (${size}${withScripts ? '' : ', without scripts'}): order ${number} bought from two stores, shipped, tracked, reviewed, sent back`
}

/** What the API tells an admin. */
async function told(url, admin, path) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(admin) }
  const { access_token: token } = await fetch(`${url}/api/v1/sessions`, post).then((answer) => answer.json())
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.json())
}

async function ownerOf(url, admin, store) {
  return (await told(url, admin, `/api/v1/admin/vendors/${store}`)).contact_email
}

/** The total of one of the latest orders, in cents. */
async function totalOf(url, admin, number) {
  const { items } = await told(url, admin, '/api/v1/admin/orders?limit=50')
  const order = items.find((item) => item.number === number)
  must(order, `the admin is not told of ${number}`)
  return order.total.amount_minor
}
