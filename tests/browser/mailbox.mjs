// The embedded mailbox, read as a person does: find the mail, follow its link.

import { must } from './browser.mjs'

/** Waits for a mail to `email` whose link contains `fragment`, and opens the link. */
export async function followMail(visitor, email, fragment) {
  const { page } = visitor
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const found = await fetch(new URL(`/api/v1/mailbox?to=${encodeURIComponent(email)}&limit=20`, page.url())).then((answer) => answer.json())
    for (const { id } of found.items.filter((mail) => mail.to === email)) {
      await visitor.open(`/mailbox/${id}`)
      for (const frame of page.frames()) {
        const link = frame.locator(`a[href*="${fragment}"]`).first()
        if ((await link.count()) === 0) continue
        const href = await link.getAttribute('href')
        await visitor.look('mail')
        const target = new URL(href, page.url())
        must(target.origin === new URL(page.url()).origin, `the mail leads elsewhere: ${href}`)
        await visitor.open(target.pathname + target.search)
        return
      }
    }
    await page.waitForTimeout(250)
  }
  throw new Error(`no mail to ${email} with a link to ${fragment}`)
}
