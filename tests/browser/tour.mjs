// Every page once, on a phone and on a desktop: there, accessible, no wider than the screen.

import { Visitor } from './browser.mjs'

const EVERYBODY = ['/', '/search?q=bowl', '/search?q=zzzzzzqqq', '/vendors', '/cart', '/login', '/register', '/password', '/track', '/sell', '/about', '/help/delivery', '/help/returns', '/help/contact', '/help/privacy', '/help/terms', '/mailbox', '/api', '/no-such-page']
const BUYER = ['/account', '/account/orders', '/account/addresses', '/account/profile', '/account/security', '/account/reviews', '/cart']
const VENDOR = ['', '/orders', '/products', '/products/new', '/stock', '/discounts', '/delivery', '/earnings', '/imports', '/settings', '/members']
const ADMIN = ['/admin', '/admin/orders', '/admin/vendors', '/admin/users', '/admin/products', '/admin/categories', '/admin/payments', '/admin/ledger', '/admin/reviews', '/admin/messages', '/admin/dead-letters']

const nameOf = (path) => path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 40) || 'start'

async function visit(visitor, paths, missing = []) {
  for (const path of paths) {
    const response = await visitor.page.goto(path)
    const expected = missing.includes(path) ? 404 : 200
    if (response.status() !== expected) visitor.findings.add(`${visitor.name} ${path}`, `status ${response.status()}`)
    await visitor.look(nameOf(path))
  }
}

/** All links of the page's navigation that stay on the site. */
async function navigation(visitor) {
  const hrefs = await visitor.page.locator('nav a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  return [...new Set(hrefs)]
}

export async function tour(browser, { url, people }, findings, size) {
  const arrive = (name) => Visitor.arrive(browser, { url, size, findings, name: `tour-${name}` })
  const guest = await arrive('guest')
  const products = await fetch(`${url}/api/v1/products?limit=3`).then((answer) => answer.json())
  const stores = await fetch(`${url}/api/v1/stores?limit=1`).then((answer) => answer.json())
  const categories = await fetch(`${url}/api/v1/categories`).then((answer) => answer.json())
  const own = [...products.items.map((item) => `/p/${item.slug}`), `/v/${stores.items[0].slug}`, `/c/${categories[0].slug}`]
  await visit(guest, [...EVERYBODY, ...own], ['/no-such-page'])
  await guest.open('/')
  const linked = (await navigation(guest)).filter((path) => !EVERYBODY.includes(path) && !own.includes(path))
  await visit(guest, linked)
  const buyer = await arrive('buyer')
  await buyer.logIn(people.buyer)
  await visit(buyer, BUYER)
  const vendor = await arrive('vendor')
  await vendor.logIn(people.vendor)
  await vendor.open('/vendor')
  const base = new URL(vendor.page.url()).pathname
  await visit(vendor, VENDOR.map((path) => base + path))
  const admin = await arrive('admin')
  await admin.logIn(people.admin)
  await visit(admin, ADMIN)
  await Promise.all([guest, buyer, vendor, admin].map((visitor) => visitor.leave()))
}
