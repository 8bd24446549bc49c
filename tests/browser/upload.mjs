// A vendor sends a picture over a slow line and sees meanwhile how far it has come. It is none, so the product stays as it is.

import { Visitor, must } from './browser.mjs'

const BYTES = 384 * 1024
/** Bytes a second. */
const SLOW = BYTES / 2

/** Some product of the vendor, on its page. */
async function openProduct(vendor) {
  await vendor.open('/vendor')
  const base = new URL(vendor.page.url()).pathname
  await vendor.open(`${base}/products`)
  await vendor.open(await vendor.page.locator(`main tbody a[href^="${base}/products/"]`).first().getAttribute('href'))
}

export async function upload(browser, { url, people }, findings, size) {
  const vendor = await Visitor.arrive(browser, { url, size, findings, name: 'upload' })
  const { page } = vendor
  await vendor.logIn(people.vendor)
  await openProduct(vendor)
  const form = page.locator('form[data-upload="#pictures"]')
  must(await form.locator('progress').isHidden(), 'a progress is shown before anything is sent')
  // Kept here: the page that shows it is gone afterwards.
  const parts = []
  await page.exposeFunction('tell', (part) => parts.push(part))
  await form.locator('progress').evaluate((progress) => {
    const tell = () => progress.hidden || window.tell(progress.value / progress.max)
    new MutationObserver(tell).observe(progress, { attributes: true })
  })
  const line = await vendor.context.newCDPSession(page)
  await line.send('Network.enable')
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: SLOW })
  await form.locator('input[type="file"]').setInputFiles({ name: 'mug.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(BYTES, 7) })
  await Promise.all([page.waitForEvent('load'), form.getByRole('button', { name: 'Upload', exact: true }).click()])
  await line.detach()
  const between = new Set(parts.filter((part) => part > 0 && part < 1))
  must(between.size >= 2, `the progress of an upload showed ${JSON.stringify(parts)}`)
  must(parts.every((part, i) => i === 0 || part >= parts[i - 1]), `the progress of an upload went back: ${JSON.stringify(parts)}`)
  must((await page.locator('body').innerText()).includes('mug.jpg:'), 'nobody says that it is no picture')
  await vendor.look('refused-picture')
  await vendor.leave()
}
