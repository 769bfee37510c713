import { citizenCheckCharacter } from '../../src/cards/codec/citizen-number.ts'
import { wrapSimulatedPortrait } from '../../src/cards/codec/photo.ts'
import { encodeTextRecord } from '../../src/cards/codec/text-record.ts'
import type { CardRecord } from '../../src/cards/reader.ts'
import type { SimulatedCard } from '../../src/cards/simulator/sam-model.ts'
import { unwrap } from '../../src/common/result.ts'

/** Nobody: an invented name on the sample number of GB 11643. */
export const sampleRecord: CardRecord = {
  kind: 'resident',
  name: '模拟学员甲',
  nameEn: null,
  number: '11010519491231002X',
  formerNumber: null,
  passNumber: null,
  sex: '2',
  ethnicity: '01',
  nationality: null,
  birth: '1949-12-31',
  address: '模拟省模拟市模拟路1号',
  issuer: '模拟市公安局',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
}

/** A number nobody has: area 990000 was never given out. */
export function inventedNumber(birth: string, sequence: number): string {
  const first17 = `990000${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  return first17 + citizenCheckCharacter(first17)
}

export function simulatedCard(record: CardRecord = sampleRecord): SimulatedCard {
  return { record, photoBlock: unwrap(wrapSimulatedPortrait(null)) }
}

export function textOf(changes: Partial<CardRecord> = {}): Uint8Array {
  return unwrap(encodeTextRecord({ ...sampleRecord, ...changes }))
}

/** The head of a WebP file with that many bytes of nothing behind it: enough for a container to be recognised. */
export function webpOf(bytes: number): Uint8Array {
  const image = new Uint8Array(bytes)
  image.set(Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'))
  return image
}

export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}
