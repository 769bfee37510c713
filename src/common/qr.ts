import encodeQR from 'qr'
import { Fault } from './fault.ts'

/**
 * A text as a QR code (ISO/IEC 18004) in one inline SVG element: no script, no style, nothing to load, with the quiet
 * zone of four modules that the standard asks for. One unit of its `viewBox` is one module; the page sets its size.
 * Error correction M (15 %), because paper is folded and a screen reflects. `label` is what a screen reader says.
 *
 * Throws `EXPORT_QR_LENGTH` for an empty text and for one longer than the largest symbol holds (2,331 bytes at M).
 */
export function qrSvg(text: string, label: string): string {
  const modules = qrModules(text)
  const size = modules.length
  const path = modules.flatMap(darkRuns).join('')
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"` +
    ` role="img" aria-label="${escapeMarkup(label)}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/>` +
    `<path fill="#000" d="${path}"/></svg>`
  )
}

/** The modules of the symbol, row by row from the top, true is dark, quiet zone and all. Throws as `qrSvg`. */
export function qrModules(text: string): boolean[][] {
  try {
    if (text === '') throw new RangeError('empty')
    return encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES })
  } catch (cause) {
    throw new Fault('EXPORT_QR_LENGTH', 'the text is empty or too long for a QR code', { cause })
  }
}

/** Text that can stand in HTML or SVG, in an attribute too. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const QUIET_MODULES = 4

/** Dark modules of a row as one rectangle a run: a tenth of the bytes of a rectangle a module. */
function darkRuns(row: readonly boolean[], y: number): string[] {
  const runs: string[] = []
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    const from = x
    while (row[x + 1]) x++
    const width = x + 1 - from
    runs.push(`M${from} ${y}h${width}v1h-${width}z`)
  }
  return runs
}
