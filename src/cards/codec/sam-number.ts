/*
 * The SAM management number: 16 bytes, little-endian u16 u16 u32 u32 u32. Vendors' `SDT_GetSAMIDToStr` prints it as
 * `%02d.%02d-%08d-%010d-%010d`, e.g. 05.01-20090823-0000012345-1234567890, and so do labels on readers.
 */

/** The 16 bytes as vendors print them. */
export function formatSamNumber(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const maker = digits(view.getUint16(0, true), 2)
  const model = digits(view.getUint16(2, true), 2)
  const date = digits(view.getUint32(4, true), 8)
  return `${maker}.${model}-${date}-${digits(view.getUint32(8, true), 10)}-${digits(view.getUint32(12, true), 10)}`
}

/** The 16 bytes of a printed number, null if it isn't printed in that form. */
export function parseSamNumber(text: string): Uint8Array | null {
  const parts = /^(\d{2,5})\.(\d{2,5})-(\d{8,10})-(\d{10})-(\d{10})$/.exec(text)?.slice(1).map(Number)
  if (parts === undefined) return null
  const [maker = 0, model = 0, ...words] = parts
  if (maker > 0xffff || model > 0xffff || words.some((word) => word > 0xffff_ffff)) return null
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, maker, true)
  view.setUint16(2, model, true)
  words.forEach((word, i) => {
    view.setUint32(4 + 4 * i, word, true)
  })
  return bytes
}

/** The number of this project's reader simulator. No maker has the number 00, so no real reader is taken for it. */
export const SIMULATOR_SAM_NUMBER = '00.00-20240101-0000000001-0000000001'

/** Whether a printed number belongs to a simulator. A simulator can claim any number: this finds only honest ones. */
export function isSimulatorSamNumber(printed: string | null): boolean {
  return printed?.startsWith('00.00-') ?? false
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
