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

/** Nobody: an invented number on the area code that stands for Hong Kong. */
export const sampleResidencePermit: CardRecord = {
  ...sampleRecord,
  kind: 'hmt',
  name: '模拟学员丙',
  number: '810000199001011230',
  passNumber: 'H00000000',
  sex: '1',
  ethnicity: null,
  birth: '1990-01-01',
}

/** The specimen of the card of 2017 as the immigration administration shows it: number, names, dates. */
export const sampleForeigner2017: CardRecord = {
  ...sampleRecord,
  kind: 'foreigner2017',
  name: '证件样本',
  nameEn: 'ZHENGJIAN, YANGBEN',
  number: 'PAK310080010103',
  sex: '2',
  ethnicity: null,
  nationality: 'PAK',
  birth: '1980-01-01',
  address: null,
  issuer: '1500',
  validFrom: '2023-08-08',
  validTo: '2033-08-07',
}

/** The specimen of the card of 2023, with a nationality and a link of our own. */
export const sampleForeigner2023: CardRecord = {
  ...sampleForeigner2017,
  kind: 'foreigner2023',
  number: '931586198001010028',
  formerNumber: 'PAK310080010103',
  issuer: null,
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
