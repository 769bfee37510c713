import decodeQR from 'qr/decode.js'
import sharp from 'sharp'

/** What a camera reads of an SVG that was printed: drawn to pixels first, then decoded from them. */
export async function readPrintedCode(svg: string): Promise<string> {
  const { data, info } = await sharp(Buffer.from(svg))
    .resize(720, 720, { kernel: 'nearest' })
    .flatten({ background: '#fff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return decodeQR({ width: info.width, height: info.height, data: new Uint8Array(data) })
}

/** The codes of a page, in its order. */
export function codesOnPage(html: string): Promise<string[]> {
  return Promise.all([...html.matchAll(/<svg.*?<\/svg>/gs)].map(([svg]) => readPrintedCode(svg)))
}
