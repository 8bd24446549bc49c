// Chromium, and what is looked at on every page: errors of scripts, accessibility, width, a picture.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'

export const ARTIFACTS = new URL('../../artifacts/browser/', import.meta.url).pathname

export const SIZES = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
}

export function launch() {
  mkdirSync(ARTIFACTS, { recursive: true })
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

/** What was found wrong; the run goes on, so that one run tells all. */
export class Findings {
  constructor() {
    this.all = []
    this.pages = 0
  }
  add(where, what) {
    this.all.push(`${where}: ${what}`)
  }
}

/** Somebody with a browser of their own. */
export class Visitor {
  constructor(context, page, findings, name, withScripts) {
    Object.assign(this, { context, page, findings, name, withScripts, shots: 0 })
  }

  static async arrive(browser, { url, size, findings, name, withScripts = true }) {
    const context = await browser.newContext({ ...SIZES[size], baseURL: url, javaScriptEnabled: withScripts, locale: 'en-GB', reducedMotion: 'reduce' })
    context.setDefaultTimeout(15_000)
    const page = await context.newPage()
    const visitor = new Visitor(context, page, findings, `${name}-${size}`, withScripts)
    page.on('pageerror', (error) => findings.add(`${visitor.name} ${page.url()}`, `script: ${error.message}`))
    page.on('console', (message) => {
      // A refused form is answered with 4xx, which the browser logs by itself.
      if (message.type() === 'error' && !/status of (4\d\d)/.test(message.text())) findings.add(`${visitor.name} ${page.url()}`, `console: ${message.text()}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 500) findings.add(`${visitor.name} ${response.url()}`, `status ${response.status()}`)
    })
    return visitor
  }

  /** Opens a page, which has to be there. */
  async open(path) {
    const response = await this.page.goto(path)
    if (!response.ok()) this.findings.add(`${this.name} ${path}`, `status ${response.status()}`)
    return response
  }

  async examine(label, axe) {
    // All of it in the page itself: otherwise axe opens another one each time to sum up.
    const { violations } = await axe.setLegacyMode(true).options({ resultTypes: ['violations'] }).analyze()
    for (const { id, impact, help, nodes } of violations) {
      if (impact === 'serious' || impact === 'critical') {
        this.findings.add(`${label} ${this.page.url()}`, `axe ${impact}: ${id} (${help}): ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`)
      }
    }
  }

  /** A mail as a mail program shows it: on a page of its own. */
  async examineMail(label, address) {
    const mail = await this.context.request.get(address)
    const page = await this.context.newPage()
    await page.setContent(await mail.text())
    await this.examine(`${label} (the mail)`, new AxeBuilder({ page }))
    await page.close()
  }

  /** Looks at the page as it is now, or at the one that it leads on to by itself, as the way to the gateway does. */
  async look(name) {
    this.findings.pages += 1
    this.shots += 1
    const label = `${this.name}-${String(this.shots).padStart(2, '0')}-${name}`
    try {
      await this.lookAt(label)
    } catch (error) {
      if (!/context was destroyed|because of a navigation/.test(error.message)) throw error
      await this.page.waitForLoadState('networkidle')
      await this.lookAt(label)
    }
  }

  async lookAt(label) {
    if (this.withScripts) {
      // In a sandboxed frame no script runs, so axe would wait for ever for an answer from there.
      await this.examine(label, new AxeBuilder({ page: this.page }).exclude('iframe[sandbox]'))
      for (const frame of await this.page.locator('iframe[sandbox]').all()) await this.examineMail(label, await frame.getAttribute('src'))
    }
    const over = await this.page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth)
    if (over > 1) this.findings.add(`${label} ${this.page.url()}`, `${over} pixels wider than the screen`)
    await this.page.screenshot({ path: join(ARTIFACTS, `${label}.png`), fullPage: true, scale: 'css' })
  }

  /** Fills fields by their names; those that the page does not have are left out if `optional`. */
  async fill(form, fields, optional = false) {
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name="${name}"]`).first()
      if (optional && (await field.count()) === 0) continue
      if (await field.evaluate((element) => element.tagName === 'SELECT')) await field.selectOption(value)
      else await field.fill(value)
    }
  }

  /** Presses a button and waits for the page that follows. */
  async press(button) {
    await Promise.all([this.page.waitForLoadState('load'), button.click()])
    await this.page.waitForLoadState('networkidle')
  }

  async logIn({ email, password }) {
    await this.open('/login')
    const form = this.page.locator('main form:has([name="password"])').first()
    await this.fill(form, { email, password })
    await Promise.all([this.page.waitForURL((url) => !url.pathname.startsWith('/login')), form.locator('button[type="submit"], button:not([type])').first().click()])
  }

  leave() {
    return this.context.close()
  }
}

/** Fails the story here. */
export function must(condition, what) {
  if (!condition) throw new Error(what)
}
