// What was bought from two stores goes back in one form, and its money with it.

import { must } from './browser.mjs'

/** The form over both stores: refused while nothing is chosen, it keeps what was typed. */
async function ask(buyer, order, stores) {
  await buyer.open(order)
  await Promise.all([buyer.page.waitForURL(/\/returns\/new/), buyer.page.getByRole('link', { name: 'Return something' }).click()])
  const form = buyer.page.locator('main form:has([name="reason"])')
  for (const store of stores) must(await form.locator('legend', { hasText: store.name }).count(), `nothing of ${store.name} can be returned`)
  await buyer.look('return-form')
  await buyer.fill(form, { text: 'Both arrived in the wrong colour.' })
  await buyer.press(form.getByRole('button', { name: 'Ask for the return' }))
  must((await form.locator('[name="text"]').inputValue()).includes('wrong colour'), 'the form forgot what was typed')
  await buyer.look('return-form-refused')
  for (const quantity of await form.locator('[name^="lines."]').all()) await quantity.fill('1')
  await buyer.fill(form, { reason: 'not_as_described' })
  await Promise.all([buyer.page.waitForURL((url) => url.pathname === order), form.getByRole('button', { name: 'Ask for the return' }).click()])
  const returns = buyer.page.locator('main a[href*="/returns/"]', { hasText: /-R1$/ })
  must((await returns.count()) === stores.length, `${await returns.count()} returns instead of one per store`)
  await buyer.look('returns-asked')
}

/** A store takes its part back, and notes that it has arrived. */
async function takeBack(vendor, store, number) {
  await vendor.open(`/vendor/${store.id}/returns`)
  await vendor.look('vendor-returns')
  await Promise.all([vendor.page.waitForURL(/\/returns\/[0-9a-f-]{36}/), vendor.page.locator('main').getByRole('link', { name: new RegExp(number) }).first().click()])
  await vendor.look('vendor-return')
  await vendor.fill(vendor.page.locator('main form:has([name="instructions"])'), { instructions: 'Send it to our workshop.' })
  await vendor.press(vendor.page.getByRole('button', { name: 'Take it back' }))
  await vendor.look('vendor-return-approved')
  return new URL(vendor.page.url()).pathname
}

/** With a label of the store there is nothing to note: the buyer prints it. */
async function buyLabel(vendor, path) {
  await vendor.open(path)
  const form = vendor.page.locator('main form:has([name="weight_kg"])')
  await vendor.fill(form, { weight_kg: '0.8' })
  await vendor.press(form.getByRole('button', { name: 'Buy a label' }))
  await vendor.look('vendor-return-label-ordered')
  const bought = vendor.page.locator('main a[href$="/paper"]')
  for (let attempt = 0; attempt < 40 && !(await bought.count()); attempt += 1) {
    await vendor.page.waitForTimeout(250)
    await vendor.open(path)
  }
  must(await bought.count(), 'no label was bought for the return')
  await vendor.look('vendor-return-label')
}

async function openReturn(buyer, order, store) {
  await buyer.open(order)
  await Promise.all([buyer.page.waitForURL(/\/returns\/[0-9a-f-]{36}/), buyer.page.locator('main tr', { hasText: store.name }).locator('a[href*="/returns/"]').click()])
}

async function sendIt(buyer, order, store) {
  await openReturn(buyer, order, store)
  const form = buyer.page.locator('main form:has([name="tracking_number"])')
  await buyer.fill(form, { carrier: 'DHL', tracking_number: 'R-0001' })
  await buyer.look('return-approved')
  await buyer.press(form.getByRole('button', { name: 'It is on its way' }))
  must((await buyer.page.locator('main').innerText()).includes('R-0001'), 'the number is not noted')
  await buyer.look('return-sent')
}

async function sendWithLabel(buyer, order, store) {
  await openReturn(buyer, order, store)
  const print = buyer.page.locator('main a[href$="/label"]')
  for (let attempt = 0; attempt < 40 && !(await print.count()); attempt += 1) {
    await buyer.page.waitForTimeout(250)
    await buyer.page.reload()
  }
  await buyer.look('return-labelled')
  const paper = await buyer.page.request.get(new URL(await print.getAttribute('href'), buyer.page.url()).href)
  must(paper.ok() && paper.headers()['content-type'] === 'application/pdf', `the label is ${paper.status()} ${paper.headers()['content-type']}`)
  await buyer.press(buyer.page.getByRole('button', { name: 'It is on its way' }))
  await buyer.look('return-sent-with-label')
}

async function receive(vendor, path) {
  await vendor.open(path)
  const form = vendor.page.locator('main form:has([name="condition"])')
  await vendor.fill(form, { condition: 'As new' })
  await vendor.press(form.getByRole('button', { name: 'Refund what has arrived' }))
  must((await vendor.page.locator('main').innerText()).includes('As new'), 'the arrival is not noted')
  await vendor.look('vendor-return-received')
}

/** From the form to the refund. `parts` are the stores with whoever works there. */
export async function sendBack(buyer, order, number, parts) {
  await ask(buyer, order, parts.map(([store]) => store))
  const paths = []
  for (const [store, vendor] of parts) {
    const path = await takeBack(vendor, store, number)
    paths.push(path)
    if (paths.length > 1) {
      await sendIt(buyer, order, store)
    } else {
      await buyLabel(vendor, path)
      await sendWithLabel(buyer, order, store)
    }
  }
  for (const [index, [, vendor]] of parts.entries()) await receive(vendor, paths[index])
  await buyer.open(order)
  const refunded = () => buyer.page.locator('main tr', { hasText: 'Refunded' }).count()
  for (let attempt = 0; attempt < 40 && (await refunded()) < parts.length; attempt += 1) {
    await buyer.page.waitForTimeout(250)
    await buyer.page.reload()
  }
  must((await refunded()) === parts.length, 'not every return is refunded')
  await buyer.look('returns-refunded')
}
