import { afterEach, expect, test } from 'vitest'
import type { CardReader, ReaderIdentity } from '../../src/cards/reader.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok } from '../../src/common/result.ts'
import type { Snapshot } from '../../src/station/protocol.ts'
import { ReaderSupervisor } from '../../src/station/reader-supervisor.ts'
import { DoorRig, START } from './door-rig.ts'

let rig: DoorRig
afterEach(() => rig.stop())

const usual: ReaderIdentity = {
  profile: 'hid-dk',
  port: 'hid:/dev/hidraw0',
  samId: '05.01',
  usbPath: 'usb:1-2',
}

/** A door whose reader says what the test wants, each time that it is opened as another one. */
function open(identities: readonly ReaderIdentity[]) {
  let sign: (fault: Fault | null) => void = () => {}
  let answer: Fault = new Fault('CARD_NONE', 'no card')
  let opened = 0
  const readers = new ReaderSupervisor(async () => {
    const identity = identities[Math.min(opened++, identities.length - 1)] ?? usual
    const reader: CardReader = {
      identity,
      read: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return failed(answer)
      },
      cardPresent: async () => false,
      onSign: (listener) => {
        sign = listener
      },
      close: async () => {},
    }
    return ok(reader)
  })
  rig = new DoorRig({}, { readers })
  rig.door.start()
  return {
    sign: (fault: Fault | null) => sign(fault),
    says: (fault: Fault) => {
      answer = fault
    },
  }
}

function shows(fits: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  return new Promise((resolve) => {
    const look = (snapshot: Snapshot): void => {
      if (fits(snapshot)) resolve(snapshot)
    }
    rig.door.subscribe(look)
    look(rig.door.snapshot())
  })
}

const changes = () => rig.events().filter(({ type }) => type === 'reader.changed')
const lost = new Fault('PORT_LOST', 'gone')

test.each<[string, Partial<ReaderIdentity>]>([
  ['in another USB socket', { usbPath: 'usb:1-3' }],
  ['with another SAM', { samId: '05.02' }],
  ['at another port', { port: 'hid:/dev/hidraw1' }],
  ['of another kind', { profile: 'usb-sam', port: 'usb:0400:c35a' }],
])('a reader %s is an event and on the screen', async (_, difference) => {
  const { sign } = open([usual, { ...usual, ...difference }])
  await rig.until('idle')
  expect(rig.door.snapshot().readerChangedAt).toBe(null)
  sign(lost)
  const { readerChangedAt } = await shows((snapshot) => snapshot.readerChangedAt !== null)
  expect(readerChangedAt).toBe(changes().at(-1)?.time.wall)
  expect(changes().at(-1)?.data).toEqual({ before: usual, after: { ...usual, ...difference } })
})

test('the same reader in its place again is no event', async () => {
  const { sign } = open([usual])
  await rig.until('idle')
  sign(lost)
  await shows(({ reader }) => reader === 'fault')
  await shows(({ reader, screen }) => reader === 'ok' && screen === 'idle')
  expect(changes()).toHaveLength(1)
  expect(rig.door.snapshot().readerChangedAt).toBe(null)
})

test('a record from before sockets were recorded is no change of the reader', async () => {
  const { usbPath: _, ...older } = usual
  const { sign } = open([older, usual])
  await rig.until('idle')
  sign(lost)
  await shows(({ reader }) => reader === 'fault')
  await shows(({ reader, screen }) => reader === 'ok' && screen === 'idle')
  expect(changes()).toHaveLength(1)
})

test('a change of the reader is shown for a day', async () => {
  const { sign } = open([usual, { ...usual, usbPath: 'usb:1-3' }])
  await rig.until('idle')
  sign(lost)
  await shows((snapshot) => snapshot.readerChangedAt !== null)
  rig.clock.set(START + 25 * 3600_000)
  rig.door.refresh()
  expect(rig.door.snapshot().readerChangedAt).toBe(null)
})

test('a reader that hangs is a fault of the reader with its code, and nobody’s refusal', async () => {
  const { sign, says } = open([usual])
  await rig.until('idle')
  sign(new Fault('CARD_READER_SILENT', 'no answer'))
  says(new Fault('CARD_TIMEOUT', 'no answer'))
  expect(await shows(({ reader }) => reader === 'fault')).toMatchObject({
    screen: 'error',
    message: 'CARD_READER_SILENT',
  })
  says(new Fault('CARD_NONE', 'no card'))
  sign(null)
  expect(await shows(({ reader }) => reader === 'ok')).toMatchObject({ screen: 'idle', message: null })
  expect(rig.events().filter(({ type }) => type === 'refusal')).toEqual([])
})
