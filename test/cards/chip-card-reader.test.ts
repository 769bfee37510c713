import { describe, expect, it } from 'vitest'
import { ChipCardReader } from '../../src/cards/driver/chip-card-reader.ts'
import { tokenNumber } from '../../src/cards/reader.ts'
import { SimulatedSlot } from '../../src/cards/simulator/card-slot.ts'
import type { ChipCard } from '../../src/cards/simulator/chip-card.ts'
import { BankCard, type SocialSecurityQuirks } from '../../src/cards/simulator/social-security-card.ts'
import { unwrap } from '../../src/common/result.ts'
import { bytes } from './simulated-people.ts'
import { sampleProgram, socialSecurityCard } from './simulated-social-security.ts'

const identity = { profile: 'pcsc', port: 'pcsc:simulated slot', samId: null }

/** A reader, and every APDU that reached the card. */
function readerWith(card: ChipCard | null) {
  const slot = new SimulatedSlot()
  if (card !== null) slot.insert(card)
  const apdus: Uint8Array[] = []
  const transmit = slot.transmit.bind(slot)
  slot.transmit = async (apdu) => {
    apdus.push(apdu)
    return transmit(apdu)
  }
  return { slot, apdus, reader: new ChipCardReader(identity, slot, { pollMs: 5 }) }
}

async function codeFor(card: ChipCard | null, timeoutMs = 2_000): Promise<string> {
  const reading = await readerWith(card).reader.read({ timeoutMs })
  return reading.ok ? 'ok' : reading.fault.code
}

describe('a social security card', () => {
  it.each([1, 2] as const)('of generation %i is read whole', async (generation) => {
    const reading = unwrap(await readerWith(socialSecurityCard(generation)).reader.read({ timeoutMs: 2_000 }))
    expect(reading).toMatchObject({
      record: { kind: 'ssc', name: '模拟学员甲', number: '11010519491231002X', validTo: '2040-01-01' },
      token: { identificationCode: sampleProgram.identificationCode, cardNumber: 'A00000001' },
      photo: { format: 'none' },
      simulated: true,
      reader: identity,
    })
  })

  it('of generation 3 gives its identity token alone, which the roster can resolve', async () => {
    const reading = unwrap(await readerWith(socialSecurityCard(3)).reader.read({ timeoutMs: 2_000 }))
    expect(reading.record).toBeNull()
    expect(reading.token).toMatchObject({ cardNumber: 'A00000001', validTo: '2040-01-01' })
    expect(reading.token && tokenNumber(reading.token)).toBe('ssc:990000D1560000050000000000000001')
  })

  it('of generation 3 that hides nothing is read whole', async () => {
    const { reader } = readerWith(socialSecurityCard(3, { holderHidden: false }))
    expect(unwrap(await reader.read({ timeoutMs: 2_000 })).record?.name).toBe('模拟学员甲')
  })

  it.each<[string, SocialSecurityQuirks]>([
    ['gives no file whole', { noWholeFile: true }],
    ['finds files by their short identifier', { noFileSelection: true }],
    ['writes years in ASCII', { asciiYears: true }],
  ])('that %s is read whole', async (_, quirks) => {
    const reading = unwrap(await readerWith(socialSecurityCard(2, quirks)).reader.read({ timeoutMs: 2_000 }))
    expect(reading.record).toMatchObject({ name: '模拟学员甲', sex: '2', ethnicity: '01' })
  })

  it('that knows no tags is read by record number', async () => {
    const { reader, apdus } = readerWith(socialSecurityCard(1, { noTags: true, noWholeFile: true }))
    expect(unwrap(await reader.read({ timeoutMs: 2_000 })).record?.name).toBe('模拟学员甲')
    expect(apdus.some((apdu) => apdu[1] === 0xb2 && ((apdu[3] ?? 0) & 7) === 4)).toBe(true)
  })

  it('with a broken record is refused at once', async () => {
    const { reader, apdus } = readerWith(socialSecurityCard(2, { wrongTlv: true }))
    const reading = await reader.read({ timeoutMs: 2_000 })
    expect(!reading.ok && reading.fault.code).toBe('CARD_RECORD_TLV')
    expect(apdus.filter((apdu) => apdu[2] === 0x04)).toHaveLength(1)
  })

  it('is told from a bank card', async () => {
    expect(await codeFor(new BankCard())).toBe('CARD_NOT_SOCIAL_SECURITY')
  })

  it('that is pulled and put back is read', async () => {
    const { reader, slot } = readerWith(socialSecurityCard(2, { removedAfter: 5 }))
    const reading = reader.read({ timeoutMs: 5_000 })
    while (await slot.cardPresent()) await new Promise(setImmediate)
    slot.insert(socialSecurityCard(2))
    expect((await reading).ok).toBe(true)
  })

  it('that is pulled and stays away ends the read with what happened', async () => {
    expect(await codeFor(socialSecurityCard(2, { removedAfter: 5 }), 100)).toBe('CARD_REMOVED')
  })
})

describe('a simulated card', () => {
  const answer = (card: ChipCard, hex: string) => Buffer.from(card.answer(bytes(hex)) ?? []).toString('hex')

  // Both as logged in github.com a7082633/HDOS_VC6: apdu.txt and usbins.txt.
  it('answers as a bank card does', () => {
    expect(answer(new BankCard(), '00 A4 00 00 02 3F 00')).toBe('6f10840e315041592e5359532e44444630319000')
  })

  it('answers SELECT SSSE as a social security card does over T=0', () => {
    const card = socialSecurityCard(2)
    expect(answer(card, '00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF')).toBe('6118')
    expect(answer(card, '00 C0 00 00 18')).toBe('6f16840f7378312e73682ec9e7bbe1b1a3d5cfa50388011e9000')
    expect(answer(card, '00 A4 00 00 02 EF 05')).toBe('9000')
    expect(answer(card, '00 B2 01 05 FF')).toBe('6c40')
  })
})

describe('a social security card reader', () => {
  it('waits for a card until time is up', async () => {
    expect(await codeFor(null, 30)).toBe('CARD_NONE')
  })

  it('says that a card was found before it is read', async () => {
    const { reader, apdus } = readerWith(socialSecurityCard(2))
    let before = -1
    await reader.read({ timeoutMs: 2_000, onFound: () => (before = apdus.length) })
    expect(before).toBe(0)
  })

  it('ends a read that is cancelled', async () => {
    const stopping = new AbortController()
    const reading = readerWith(null).reader.read({ timeoutMs: 60_000, signal: stopping.signal })
    stopping.abort()
    expect(await reading).toMatchObject({ ok: false, fault: { code: 'CARD_ABORTED' } })
  })

  it('gives the loss of the port back at once', async () => {
    const { reader, slot } = readerWith(null)
    slot.unplug()
    expect(await reader.read({ timeoutMs: 60_000 })).toMatchObject({ fault: { code: 'PORT_LOST' } })
  })

  it('sees the card that lies there until it is taken', async () => {
    const { reader, slot } = readerWith(socialSecurityCard(1))
    expect(await reader.cardPresent()).toBe(true)
    slot.remove()
    expect(await reader.cardPresent()).toBe(false)
  })

  it('sends no card anything but SELECT, READ RECORD and GET RESPONSE, so no PIN is ever tried', async () => {
    const quirks: SocialSecurityQuirks[] = [
      {},
      { holderHidden: true },
      { noTags: true },
      { noWholeFile: true },
      { noFileSelection: true },
      { wrongTlv: true },
    ]
    const cards = [
      new BankCard(),
      ...([1, 2, 3] as const).flatMap((generation) =>
        quirks.map((quirk) => socialSecurityCard(generation, quirk)),
      ),
    ]
    const instructions = new Set<number | undefined>()
    for (const card of cards) {
      const { reader, apdus } = readerWith(card)
      await reader.read({ timeoutMs: 200 })
      for (const apdu of apdus) instructions.add(apdu[1])
    }
    expect([...instructions].sort()).toEqual([0xa4, 0xb2, 0xc0])
  })
})
