import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isIdentityModule, joinModuleBlocks, moduleRequest } from '../../src/cards/codec/identity-module.ts'
import { fillerWltBlock } from '../../src/cards/codec/photo.ts'
import { encodeTextRecord } from '../../src/cards/codec/text-record.ts'
import { openPcscReader } from '../../src/cards/driver/open-pcsc-reader.ts'
import { readIdentityModule } from '../../src/cards/driver/read-identity-module.ts'
import type { CardReader, CardRecord } from '../../src/cards/reader.ts'
import { IdentityModuleCard } from '../../src/cards/simulator/identity-module-card.ts'
import { insertIntoVpcd } from '../../src/cards/simulator/vpcd-card.ts'
import { ok, unwrap } from '../../src/common/result.ts'
import { describeIf } from '../support/requires.ts'
import { pcscdAbsent, type RunningPcscd, startPcscd, VIRTUAL_READER } from './pcscd.ts'
import {
  sampleForeigner2017,
  sampleForeigner2023,
  sampleRecord,
  sampleResidencePermit,
} from './simulated-people.ts'
import { socialSecurityCard } from './simulated-social-security.ts'

const everyKind = [sampleRecord, sampleResidencePermit, sampleForeigner2017, sampleForeigner2023]

function moduleWith(record: CardRecord): IdentityModuleCard {
  return new IdentityModuleCard({ text: unwrap(encodeTextRecord(record)), photo: fillerWltBlock() })
}

/** The same module, answering text with all its 256 bytes after the head, as a wider response allows. */
function answersInFull(record: CardRecord) {
  const card = moduleWith(record)
  const text = unwrap(encodeTextRecord(record))
  return {
    transmit: async (apdu: Uint8Array) =>
      ok(apdu[2] === 0 ? Uint8Array.of(0, 0, 0, 0, ...text, 0x90, 0x00) : card.answer(apdu)),
  }
}

describe('an identity card on a reader that shows its module through PC/SC', () => {
  it('is known by bytes 13 and 14 of the ATR', () => {
    expect(isIdentityModule(moduleWith(sampleRecord).atr)).toBe(true)
    expect(isIdentityModule(socialSecurityCard(1).atr)).toBe(false)
    expect(isIdentityModule(new Uint8Array())).toBe(false)
  })

  it('is asked for with FF B0, block by block', () => {
    expect(moduleRequest(5)).toEqual(Uint8Array.of(0xff, 0xb0, 0x05, 0x00, 0x00))
  })

  it.each(everyKind)('is read whole from short responses: $kind', async (record) => {
    const card = moduleWith(record)
    const read = unwrap(await readIdentityModule({ transmit: async (apdu) => ok(card.answer(apdu)) }))
    expect(read.record).toMatchObject({ kind: record.kind, name: record.name, number: record.number })
    expect(read.photo).toMatchObject({ format: 'wlt', block: fillerWltBlock() })
  })

  it('loses the link to a former number in a short response, and never a part of it', async () => {
    const card = moduleWith(sampleForeigner2023)
    const short = unwrap(await readIdentityModule({ transmit: async (apdu) => ok(card.answer(apdu)) }))
    expect(short.record.formerNumber).toBeNull()
    const full = unwrap(await readIdentityModule(answersInFull(sampleForeigner2023)))
    expect(full.record.formerNumber).toBe(sampleForeigner2023.formerNumber)
  })

  it('is the same from a response with room for the whole record', async () => {
    const read = unwrap(await readIdentityModule(answersInFull(sampleRecord)))
    expect(read.record.number).toBe(sampleRecord.number)
  })

  it('is refused when the module says no', async () => {
    const read = await readIdentityModule({ transmit: async () => ok(Uint8Array.of(0x6d, 0x00)) })
    expect(read).toMatchObject({ ok: false, fault: { code: 'CARD_READ_FAILED' } })
  })

  it.each([0, 1, 3, 5])('is refused when block %i is cut short', (block) => {
    const card = moduleWith(sampleRecord)
    const answers = [0, 1, 2, 3, 4, 5].map((n) => card.answer(moduleRequest(n)).subarray(0, -2))
    expect(joinModuleBlocks(answers).ok).toBe(true)
    answers[block] = answers[block]!.subarray(0, -1)
    expect(joinModuleBlocks(answers)).toMatchObject({ ok: false, fault: { code: 'CARD_LAYOUT' } })
  })
})

describeIf(pcscdAbsent(), 'such a reader behind a real pcscd', () => {
  let pcscd: RunningPcscd
  let reader: CardReader

  beforeAll(async () => {
    pcscd = await startPcscd()
    reader = unwrap(await openPcscReader(VIRTUAL_READER))
  }, 20_000)

  afterAll(async () => {
    await reader?.close()
    await pcscd?.stop()
  }, 20_000)

  it('gives the identity card, marked as simulated', async () => {
    const inserted = await insertIntoVpcd(moduleWith(sampleRecord), { port: pcscd.port })
    while (!(await reader.cardPresent())) await sleep(50)
    const reading = unwrap(await reader.read({ timeoutMs: 10_000 }))
    await inserted.remove()
    expect(reading).toMatchObject({
      record: { kind: 'resident', number: '11010519491231002X' },
      photo: { format: 'wlt' },
      token: null,
      simulated: true,
    })
  }, 20_000)
})
