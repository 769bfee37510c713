import type { Page } from 'playwright-core'

/** Least sizes of the window's design, CSS pixels. */
const LEAST = { text: 32, touch: 88 } as const

/**
 * What is wrong with the page's layout: parts outside of the screen or of their area, text that is cut off or under
 * 32 px in the main area, buttons under 88x88, and parts that lie over each other. Empty when all is well.
 */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(PROBE)
}

/** Runs in the page, as text because the tests are compiled without the types of a page. */
const PROBE = `(() => {
  const faults = []
  const nameOf = (element) => element.tagName.toLowerCase() + '.' + (element.getAttribute('class') ?? '')
  const boxOf = (element) => element.getBoundingClientRect()
  const within = (inner, outer) =>
    inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
  const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways')
  if (document.documentElement.scrollHeight > innerHeight) faults.push('the page scrolls down')

  const main = document.querySelector('main')
  const drawn = [...document.querySelectorAll('.window *')].filter(
    (element) => element.closest('svg svg, svg *') === null && element.closest('.unseen') === null &&
      element.checkVisibility() && boxOf(element).width > 0,
  )
  for (const element of drawn) {
    const box = boxOf(element)
    const area = main.contains(element) ? boxOf(main) : screen
    if (!within(box, area)) faults.push(nameOf(element) + ' leaves its area')
    if (element.matches('button') && (box.width < ${LEAST.touch} || box.height < ${LEAST.touch})) {
      faults.push(nameOf(element) + ' is ' + box.width + 'x' + box.height + ', too small to touch')
    }
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')
    if (!says) continue
    if (main.contains(element) && parseFloat(getComputedStyle(element).fontSize) < ${LEAST.text}) {
      faults.push(nameOf(element) + ' is too small to read')
    }
    // A font's own line is higher than the line it is set in: that much may stand out, the ink doesn't.
    const range = document.createRange()
    range.selectNodeContents(element)
    const { left, right, top, bottom } = range.getBoundingClientRect()
    const spare = 0.35 * parseFloat(getComputedStyle(element).fontSize)
    const written = { left, right, top: top + spare, bottom: bottom - spare }
    const holder = element.closest('button, .next-step, .hint, .notice li, .count, .stripe, header, footer') ?? main
    if (!element.matches('.session-title') && !within(written, boxOf(holder))) {
      faults.push(nameOf(element) + ' is written outside of ' + nameOf(holder) + ': ' + element.textContent)
    }
  }

  const texts = drawn.filter((element) => element.matches('h1, h2, p, li, button, dl, video, .sign, .pin, .verdict-sign'))
  for (const [index, one] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue
      const a = boxOf(one)
      const b = boxOf(other)
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (wide > 2 && high > 2) faults.push(nameOf(one) + ' lies over ' + nameOf(other))
    }
  }
  return [...new Set(faults)]
})()`
