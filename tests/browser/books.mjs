// One sale through the books, by clicks alone: from the order to what is booked of it, to the refund, the dispute, the
// payouts, the accounts that balance, and the statements of both vendors that add up to the cent.

import { Visitor, must } from './browser.mjs'

/** Follows the first link in the page whose address begins so. */
async function follow(visitor, prefix) {
  const link = visitor.page.locator(`main a[href^="${prefix}"]`).first()
  must(await link.count(), `no link to ${prefix}… on ${visitor.page.url()}`)
  const path = await link.getAttribute('href')
  await Promise.all([visitor.page.waitForURL((url) => `${url.pathname}${url.search}`.startsWith(prefix)), link.click()])
  return path
}

const text = (visitor) => visitor.page.locator('main').innerText()

/** Cents of an amount as a page has it: `1,234.50 €`, `+3.60 €`, `−12.30 €`. */
function cents(amount) {
  const sign = /[−-]/.test(amount) ? -1 : 1
  return sign * Math.round(Number(amount.replaceAll(/[^0-9.]/g, '')) * 100)
}

/** Opening balance and all movements make the closing balance. */
async function addsUp(visitor) {
  const amounts = await visitor.page.locator('main table tbody tr td:last-child').allInnerTexts()
  const [closing, ...lines] = amounts.map(cents).reverse()
  must(lines.length === 14, `a statement of ${lines.length} lines`)
  const sum = lines.reduce((all, line) => all + line, 0)
  must(sum === closing, `the statement at ${visitor.page.url()} adds up to ${sum}, not to ${closing}`)
  must(lines.some((line) => line < 0), 'nothing went out in this period')
}

export async function books(browser, { url, people }, findings, size) {
  const admin = await Visitor.arrive(browser, { url, size, findings, name: 'books' })
  await admin.logIn(people.admin)
  await admin.open('/admin/disputes?status=lost')
  await follow(admin, '/admin/disputes/')
  const order = await follow(admin, '/admin/orders/')
  await admin.look('order')
  const booked = await text(admin)
  for (const what of ['Capture', 'Refund', 'Dispute lost', 'Opening weeks']) must(booked.includes(what), `the order says nothing of “${what}”`)
  const vendors = await admin.page.locator('main a[href^="/admin/vendors/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  must(new Set(vendors).size === 2, `the order has ${vendors.length} vendors`)

  await follow(admin, '/admin/payments/')
  await admin.look('payment')
  await follow(admin, '/admin/ledger?refund_id=')
  await admin.look('refund-booked')
  must((await admin.page.locator('main table tbody tr').count()) >= 1, 'the refund is not booked')

  const from = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10)
  for (const vendor of new Set(vendors)) {
    await admin.open(order)
    await follow(admin, vendor)
    await follow(admin, `${vendor}/statement`)
    await admin.open(`${vendor}/statement?from=${from}`)
    await admin.look('statement')
    await addsUp(admin)
    await follow(admin, '/admin/ledger?account=vendor_payable')
    await follow(admin, '/admin/payouts/')
    await admin.look('payout')
    must((await admin.page.locator('main table tbody tr').count()) >= 1, 'nothing is booked of the payout')
  }
  await admin.open('/admin/ledger')
  await follow(admin, '/admin/ledger/balance')
  await admin.look('balance')
  must((await text(admin)).includes('adds up to zero'), 'the ledger does not balance')
  await admin.leave()
}
