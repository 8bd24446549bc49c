// Every page once, on a phone and on a desktop: there, accessible, no wider than the screen.

import { Visitor } from './browser.mjs'

const EVERYBODY = ['/', '/search?q=bowl', '/search?q=zzzzzzqqq', '/stores', '/cart', '/login', '/register', '/forgot', '/track', '/sell', '/about', '/help/delivery', '/help/returns', '/help/contact', '/help/privacy', '/help/terms', '/mailbox', '/api', '/dev/components', '/no-such-page']
const BUYER = ['/account', '/account/reviews', '/account/profile', '/account/addresses', '/account/addresses/new', '/account/sessions', '/account/credit', '/account/password', '/account/erase']
const VENDOR = ['', '/orders', '/returns', '/products', '/products/new', '/stock', '/stock?state=waiting', '/stock/count', '/stock/movements', '/stock/locations', '/discounts', '/discounts/new', '/price-lists', '/price-lists/new', '/promotions', '/promotions/new', '/delivery', '/delivery/new', '/earnings', '/payouts', '/payouts/account', '/statement', '/invoices', '/imports', '/reviews', '/settings', '/members']
const ADMIN = ['/admin', '/admin/orders', '/admin/orders/new', '/admin/returns', '/admin/vendors', '/admin/users', '/admin/products', '/admin/categories', '/admin/categories/new', '/admin/payments', '/admin/payments/review', '/admin/payments/webhooks', '/admin/disputes', '/admin/payouts', '/admin/invoices', '/admin/ledger', '/admin/ledger/balance', '/admin/ledger/balance?at=2026-01-31', '/admin/reports/money', '/admin/reviews', '/admin/reviews/reported', '/admin/reviews/history', '/admin/messages', '/admin/dead-letters', '/admin/taxes', '/admin/currencies', '/admin/credits', '/admin/customer-groups', '/admin/promotions', '/admin/promotions/new', '/admin/searches', '/admin/synonyms', '/admin/ranking?q=mug', '/admin/search?q=a']

/** Pages of one thing, reached by the first link of that form on a page. */
const OF_ONE = [['/account', '/orders/'], ['/account/reviews', '/account/reviews/'], ['/mailbox', '/mailbox/']]
const OF_ONE_VENDOR = [['/orders', '/orders/'], ['/returns', '/returns/'], ['/products', '/products/'], ['/stock', '/stock/'], ['/stock/locations', '/stock/locations/'], ['/discounts', '/discounts/'], ['/delivery', '/delivery/']]
const OF_ONE_ADMIN = ['orders', 'vendors', 'users', 'categories', 'payments', 'promotions', 'messages'].map((room) => [`/admin/${room}`, `/admin/${room}/`])

/** An id in a pattern. */
const ID = '[0-9a-f]{8}-[0-9a-f-]{27}'

/** Pages that are deeper, or that only some things have: a page, then patterns of the links that lead on from there. Half of them on each size. */
const DEEPER_GUEST = [['/search?q=bowl', '^/p/', `^/reviews/${ID}/report`]]
const DEEPER_BUYER = [
  ['/account/wishes'],
  ['/account/addresses', `^/account/addresses/${ID}$`],
  ...['cancel', 'address', 'withdraw', 'pay', 'transfer', 'returns/new', `returns/${ID}`].map((page) => ['/account', `^/orders/${ID}$`, `/${page}$`]),
]
const DEEPER_VENDOR = [
  ['/labels'],
  ['/delivery/sender'],
  ['/search?q=a'],
  ['/payouts/terms'],
  ['/promotions', `/promotions/${ID}$`],
  ['/promotions', `/promotions/${ID}$`, '/end$'],
  ['/price-lists', `/price-lists/${ID}$`],
  ['/price-lists', `/price-lists/${ID}$`, '/remove$'],
  ['/imports', `/imports/${ID}$`],
  ['/discounts', `/discounts/${ID}/end$`],
  ['/delivery', `/delivery/${ID}$`, '/remove$'],
  ['/members', `/members/${ID}/remove$`],
  ['/payouts/account', '/payouts/account/[a-z]+$'],
  ...['prices', 'bundle', 'archive'].map((page) => ['/products', `/products/${ID}$`, `/${page}$`]),
  ...['withdraw', 'not-collected', `labels/${ID}/cancel`].map((page) => ['/orders', `/orders/${ID}$`, `/${page}$`]),
  ...['refuse', 'close'].map((page) => ['/returns', `/returns/${ID}$`, `/${page}$`]),
]
const DEEPER_ADMIN = [
  ['/admin/commission'],
  ['/admin/commission/new'],
  ['/admin/commission', `/commission/${ID}$`],
  ['/admin/commission', `/commission/${ID}$`, '/end$'],
  ['/admin/credits', `/credits/${ID}$`],
  ['/admin/credits', `/credits/${ID}$`, '/write-off$'],
  ['/admin/disputes', `/disputes/${ID}$`],
  ['/admin/disputes', `/disputes/${ID}$`, '/accept$'],
  ['/admin/payouts', '/payouts/run([?]|$)'],
  ['/admin/payouts', `/payouts/${ID}$`],
  ['/admin/payouts', `/payouts/${ID}$`, `/payouts/${ID}/[a-z-]+$`],
  ['/admin/payments/review', `/review/${ID}$`],
  ['/admin/payments/review', `/review/${ID}$`, `/review/${ID}/[a-z-]+$`],
  ...['refund', 'receipt', 'not-collected'].map((page) => ['/admin/payments', `/payments/${ID}$`, `/${page}$`]),
  ...['cancel', 'address', 'withdraw'].map((page) => ['/admin/orders', `/orders/${ID}$`, `/${page}$`]),
  ...['vendors', 'users'].map((room) => [`/admin/${room}`, `/${room}/${ID}$`, `/${room}/${ID}/(?!statement|sales)[a-z-]+$`]),
  ['/admin/products', `/products/${ID}/[a-z-]+$`],
  ['/admin/reviews', `/admin/reviews/${ID}/[a-z-]+$`],
  ['/admin/categories', `/categories/${ID}$`, '/remove$'],
  ['/admin/categories', `/categories/${ID}$`, '/facts$', '/facts/[^/]+$', '/remove$'],
  ['/admin/promotions', `/promotions/${ID}$`, '/end$'],
  ...['currencies', 'customer-groups', 'taxes'].map((room) => [`/admin/${room}`, `/${room}/.*remove`]),
]

const nameOf = (path) => path.replaceAll(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 40) || 'start'

async function visit(visitor, paths, missing = []) {
  for (const path of paths) {
    const response = await visitor.page.goto(path)
    const expected = missing.includes(path) ? 404 : 200
    if (response.status() !== expected) visitor.findings.add(`${visitor.name} ${path}`, `status ${response.status()}`)
    await visitor.look(nameOf(path))
  }
}

/** Follows the first link to one thing from each list. */
async function visitOne(visitor, rooms) {
  for (const [list, prefix] of rooms) {
    await visitor.open(list)
    const hrefs = await visitor.page.locator(`main a[href^="${prefix}"]`).evaluateAll((links) => links.map((link) => link.getAttribute('href')))
    const one = hrefs.find((href) => /[0-9a-f]{8}-[0-9a-f-]{27}/.test(href.slice(prefix.length)))
    if (one) await visit(visitor, [one])
    else visitor.findings.add(`${visitor.name} ${list}`, `no link to ${prefix}…`)
  }
}

/** Follows links from a page, each by the next pattern, to the first page that they lead to. Looks at that one alone. */
async function follow(visitor, from, [pattern, ...rest]) {
  if (pattern === undefined) {
    await visit(visitor, [from])
    return true
  }
  await visitor.open(from)
  const hrefs = await visitor.page.locator('main a[href^="/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  const fit = [...new Set(hrefs)].filter((href) => new RegExp(pattern).test(href))
  for (const href of fit.slice(0, 10)) if (await follow(visitor, href, rest)) return true
  return false
}

/** Every second of the deeper pages. Not everything is there on every day of a demo: what is not, is told. */
async function goDeeper(visitor, size, all, base = '') {
  const absent = []
  for (const [from, ...patterns] of all.filter((_, index) => (index % 2 === 0) === (size === 'phone'))) {
    if (!(await follow(visitor, base + from, patterns))) absent.push([from, ...patterns].join(' → ').replaceAll(ID, '{id}'))
  }
  if (absent.length > 0) console.log(`${visitor.name}: nothing leads to ${absent.join(', ')}`)
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
  await goDeeper(guest, size, DEEPER_GUEST)
  const buyer = await arrive('buyer')
  await buyer.logIn(people.buyer)
  await visit(buyer, BUYER)
  await visitOne(buyer, OF_ONE)
  await goDeeper(buyer, size, DEEPER_BUYER)
  const vendor = await arrive('vendor')
  await vendor.logIn(people.vendor)
  await vendor.open('/vendor')
  const base = new URL(vendor.page.url()).pathname
  await visit(vendor, VENDOR.map((path) => base + path))
  await visitOne(vendor, OF_ONE_VENDOR.map(([list, prefix]) => [base + list, base + prefix]))
  await vendor.open(`${base}/products`)
  const product = await vendor.page.locator(`main tbody a[href^="${base}/products/"]`).first().getAttribute('href')
  await visit(vendor, [`${product}/related`, `${product}/files`, `${product}/sales`])
  await goDeeper(vendor, size, DEEPER_VENDOR, base)
  const admin = await arrive('admin')
  await admin.logIn(people.admin)
  await visit(admin, ADMIN)
  await visitOne(admin, OF_ONE_ADMIN)
  await admin.open('/admin/vendors')
  const store = await admin.page.locator('main tbody a[href^="/admin/vendors/"]').first().getAttribute('href')
  await visit(admin, [`${store}/statement`, `${store}/sales`, `${store}/money`])
  const asking = categories.find((category) => category.attributes.length > 0)
  const facts = `/admin/categories/${asking.id}/facts`
  await visit(admin, [facts, `${facts}/${asking.attributes[0].key}`, `/admin/categories/${asking.id}/new-fact`])
  await goDeeper(admin, size, DEEPER_ADMIN)
  await Promise.all([guest, buyer, vendor, admin].map((visitor) => visitor.leave()))
}
