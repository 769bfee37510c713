import fc from 'fast-check'
import decodeQR from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrModules, qrSvg } from '../../src/common/qr.ts'
import { readPrintedCode } from '../support/printed-code.ts'

test('what is drawn is what a camera reads, whatever the text', async () => {
  const texts = [
    'a',
    '实到 · 签到码',
    `shidao:person:${'0123456789abcdef'.repeat(2)}:class-1`,
    'x'.repeat(600),
  ]
  for (const text of texts) expect(await readPrintedCode(qrSvg(text, 'code'))).toBe(text)
})

test('the modules are the symbol itself, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), (text) => {
      fc.pre(text.isWellFormed())
      const modules = qrModules(text)
      const scale = 4
      const size = modules.length * scale
      const data = new Uint8Array(size * size * 4).fill(255)
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++)
          if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true)
            data.fill(0, (y * size + x) * 4, (y * size + x) * 4 + 3)
      expect(decodeQR({ width: size, height: size, data })).toBe(text)
    }),
    { numRuns: 50 },
  )
})

test('the element brings nothing that runs or loads, and its label stays a label', () => {
  const svg = qrSvg('a', '"><script>alert(1)</script>')
  expect(svg).not.toMatch(/<script|href|url\(|style/)
  expect(svg).toContain('aria-label="&#34;&#62;&#60;script')
})

test('an empty text and one that no symbol holds have a code', () => {
  for (const text of ['', 'x'.repeat(2_332)])
    expect(() => qrSvg(text, '')).toThrow(expect.objectContaining({ code: 'EXPORT_QR_LENGTH' }))
  expect(qrModules('x'.repeat(2_331)).length).toBe(177 + 8)
})
