import { describe, expect, it } from 'vitest'
import { SamLine } from '../../src/cards/driver/sam-line.ts'
import { SamReader } from '../../src/cards/driver/sam-reader.ts'
import type { ChipCard } from '../../src/cards/simulator/chip-card.ts'
import type { SimulatedHidDevice, SimulatedReportFault } from '../../src/cards/simulator/hid-device.ts'
import { simulateDkReader } from '../../src/cards/simulator/hid-sam.ts'
import { simulateGwiReader, simulateHuadaReader } from '../../src/cards/simulator/hid-slot-readers.ts'
import type { ApduChannel } from '../../src/cards/transport/apdu-channel.ts'
import { dkSlot } from '../../src/cards/transport/hid-dk-slot.ts'
import { gwiSlot } from '../../src/cards/transport/hid-gwi-slot.ts'
import { huadaSlot } from '../../src/cards/transport/hid-huada-slot.ts'
import { dkSamStream } from '../../src/cards/transport/hid-stream.ts'
import { type Result, unwrap } from '../../src/common/result.ts'
import { bytes, sampleRecord, simulatedCard } from './simulated-people.ts'

const SELECT = bytes('00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF')
const ENVIRONMENT = bytes('6F 16 84 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF A5 03 88 01 1E 90 00')

/** A card of three answers, from the logs of a7082633/HDOS_VC6; anything else it gives back to the asker. */
const chip: ChipCard = {
  atr: bytes('3B 6D 00 00 00 81 31 47 31 86 50 43 02 00 00 00 13'),
  reset: () => {},
  answer: (apdu) => {
    if (Buffer.from(apdu).equals(SELECT)) return bytes('61 18')
    if (Buffer.from(apdu).equals(bytes('00 C0 00 00 18'))) return ENVIRONMENT
    if (Buffer.from(apdu).equals(bytes('00 B2 01 05 FF'))) return bytes('6C 40')
    return Uint8Array.of(...apdu.subarray(5), 0x90, 0x00)
  },
}

interface Scene {
  chip?: ChipCard | null
  reportFaults?: readonly SimulatedReportFault[]
}

const families: readonly [
  string,
  (scene: Scene, timeoutMs?: number) => { slot: ApduChannel; port: SimulatedHidDevice; unplug(): void },
][] = [
  [
    'DK',
    (scene, timeoutMs) => {
      const { port } = simulateDkReader(scene)
      return { slot: dkSlot(port, timeoutMs), port, unplug: () => port.unplug() }
    },
  ],
  [
    'GWI-IC20',
    (scene, timeoutMs) => {
      const { port } = simulateGwiReader(scene)
      return { slot: gwiSlot(port, timeoutMs), port, unplug: () => port.unplug() }
    },
  ],
  [
    'HuaDa',
    (scene, timeoutMs) => {
      const { port } = simulateHuadaReader(scene)
      return { slot: huadaSlot(port, timeoutMs), port, unplug: () => port.unplug() }
    },
  ],
]

const codeOf = (result: Result<unknown>) => (result.ok ? null : result.fault.code)

describe.each(families)('contact slot of a %s reader', (_, connect) => {
  it('gives ATR and responses, and leaves 61xx and 6Cxx to the caller', async () => {
    const { slot } = connect({ chip })
    expect(unwrap(await slot.powerOn())).toEqual(chip.atr)
    expect(unwrap(await slot.transmit(SELECT))).toEqual(bytes('61 18'))
    expect(unwrap(await slot.transmit(bytes('00 C0 00 00 18')))).toEqual(ENVIRONMENT)
    expect(unwrap(await slot.transmit(bytes('00 B2 01 05 FF')))).toEqual(bytes('6C 40'))
  })

  it.each([0, 20, 24, 55, 61, 124, 255])('carries %i bytes of data both ways', async (size) => {
    const { slot } = connect({ chip })
    await slot.powerOn()
    const data = Uint8Array.from({ length: size }, (_, i) => i)
    const response = await slot.transmit(Uint8Array.of(0x80, 0xee, 0, 0, size, ...data))
    expect(unwrap(response)).toEqual(Uint8Array.of(...data, 0x90, 0x00))
  })

  it('keeps commands that are given at once apart', async () => {
    const { slot } = connect({ chip })
    await slot.powerOn()
    const asked = [1, 2, 3].map((mark) => slot.transmit(Uint8Array.of(0x80, 0xee, 0, 0, 1, mark)))
    expect((await Promise.all(asked)).map((response) => unwrap(response)[0])).toEqual([1, 2, 3])
  })

  it('says that no card is there', async () => {
    expect(codeOf(await connect({ chip: null }).slot.powerOn())).toBe('CARD_NONE')
  })

  it('refuses a command to a card without power', async () => {
    const { slot } = connect({ chip })
    await slot.powerOn()
    await slot.powerOff()
    expect(codeOf(await slot.transmit(SELECT))).toBe('CARD_SLOT')
  })

  it('sends nothing that is no short APDU', async () => {
    const { slot } = connect({ chip })
    expect(codeOf(await slot.transmit(new Uint8Array(3)))).toBe('CARD_APDU')
    expect(codeOf(await slot.transmit(new Uint8Array(262)))).toBe('CARD_APDU')
  })

  it('takes nothing for an ATR that is none', async () => {
    const { slot } = connect({ chip: { ...chip, atr: bytes('00 11 22') } })
    expect(codeOf(await slot.powerOn())).toBe('CARD_ATR')
  })

  it('takes nothing for a response that has no status', async () => {
    const { slot } = connect({ chip: { ...chip, answer: () => Uint8Array.of(0x90) } })
    await slot.powerOn()
    expect(codeOf(await slot.transmit(SELECT))).toBe('CARD_RESPONSE')
  })

  it('is lost when it is unplugged', async () => {
    const { slot, unplug } = connect({ chip })
    await slot.powerOn()
    const waiting = slot.transmit(SELECT)
    unplug()
    expect(['PORT_LOST', null]).toContain(codeOf(await waiting))
    expect(codeOf(await slot.transmit(SELECT))).toBe('PORT_LOST')
  })

  it('can be closed twice', async () => {
    const { slot } = connect({ chip })
    await slot.close()
    await slot.close()
    expect(codeOf(await slot.powerOn())).toBe('PORT_CLOSED')
  })
})

describe.each([families[0]!, families[1]!])('long answer of a %s reader', (_, connect) => {
  it('that comes too late is not taken for the answer to the next command', async () => {
    const { slot, port } = connect({ chip }, 20)
    await slot.powerOn()
    const late: Uint8Array[] = []
    const emit = port.emit.bind(port)
    port.emit = (report) => late.push(report)
    expect(codeOf(await slot.transmit(Uint8Array.of(0x80, 0xee, 0, 0, 1, 0xbb)))).toBe('CARD_TIMEOUT')
    expect(codeOf(await slot.transmit(SELECT))).toBe('CARD_SLOT')
    port.emit = (report) => {
      for (const held of late.splice(0)) emit(held)
      emit(report)
    }
    expect(unwrap(await slot.powerOn())).toEqual(chip.atr)
    expect(unwrap(await slot.transmit(SELECT))).toEqual(bytes('61 18'))
  })

  it('ends when the cable is pulled between its reports', async () => {
    const { slot } = connect({ chip, reportFaults: [{ kind: 'unplugged', report: 3 }] })
    await slot.powerOn()
    const data = new Uint8Array(200)
    expect(codeOf(await slot.transmit(Uint8Array.of(0x80, 0xee, 0, 0, 200, ...data)))).toBe('PORT_LOST')
  })
})

describe('GWI-IC20', () => {
  it('reports an answer that lost its middle as damaged, and goes on after it', async () => {
    const { port } = simulateGwiReader({ chip, reportFaults: [{ kind: 'lost', report: 3 }] })
    const slot = gwiSlot(port)
    await slot.powerOn()
    const data = new Uint8Array(100)
    const long = Uint8Array.of(0x80, 0xee, 0, 0, 100, ...data)
    expect(codeOf(await slot.transmit(long))).toBe('CARD_CHECKSUM')
    await slot.powerOn()
    expect(unwrap(await slot.transmit(long))).toEqual(Uint8Array.of(...data, 0x90, 0x00))
  })
})

describe('HuaDa', () => {
  it('gives up a device that never answers', async () => {
    const { port } = simulateHuadaReader({ chip })
    port.exchangeFeatures = () => new Promise(() => {})
    expect(codeOf(await huadaSlot(port, 10).powerOn())).toBe('CARD_TIMEOUT')
  })

  it('knows without power whether a card is in the slot', async () => {
    const device = simulateHuadaReader({ chip })
    const slot = huadaSlot(device.port)
    expect(await slot.cardPresent?.()).toBe(true)
    device.slot.pull()
    expect(await slot.cardPresent?.()).toBe(false)
  })

  it.each([
    ['zeros', new Uint8Array(33)],
    ['too few bytes', new Uint8Array(5)],
    ['more than it can hold', Uint8Array.of(0, 2, 2, 0, 200, ...new Uint8Array(28))],
  ])('takes nothing for an answer that is none: %s', async (_, report) => {
    const device = simulateHuadaReader({ chip })
    device.port.firmware = { getFeature: () => report }
    expect(codeOf(await huadaSlot(device.port).powerOn())).toBe('CARD_TRUNCATED')
  })
})

describe('DK', () => {
  it('reads an ID card while the slot of the same device is in use', async () => {
    const { port } = simulateDkReader({ chip, card: simulatedCard() })
    const slot = dkSlot(port)
    const identity = { profile: 'test', port: port.path, samId: null }
    const reader = new SamReader(identity, new SamLine(dkSamStream(port)), { baudRate: 115_200, pollMs: 50 })
    await slot.powerOn()
    const [card, response] = await Promise.all([reader.read({ timeoutMs: 5_000 }), slot.transmit(SELECT)])
    expect(card.ok && card.value.record).toEqual(sampleRecord)
    expect(unwrap(response)).toEqual(bytes('61 18'))
    await reader.close()
  })
})
