import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeTextRecord } from '../cards/codec/text-record.ts'
import { type CardFile, parseCardFile } from '../cards/simulator/card-file.ts'
import type { ChipCard } from '../cards/simulator/chip-card.ts'
import { startChipSimulator } from '../cards/simulator/chip-simulator.ts'
import { IdentityModuleCard } from '../cards/simulator/identity-module-card.ts'
import type { SimulatedFault } from '../cards/simulator/line-faults.ts'
import { startPcscSimulator } from '../cards/simulator/pcsc-simulator.ts'
import { type RunningSimulator, startSamSimulator } from '../cards/simulator/sam-simulator.ts'
import {
  checkFaults,
  isChipFamily,
  type SamFamily,
  type SimulatorFamily,
  simulatorFamilies,
} from '../cards/simulator/simulator-family.ts'
import { SocialSecurityCard } from '../cards/simulator/social-security-card.ts'
import { parseSocialSecurityFile } from '../cards/simulator/social-security-file.ts'
import { openSerial } from '../cards/transport/serial.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { EXIT, positiveInteger, readOptions } from './command.ts'

const families = Object.keys(simulatorFamilies) as SimulatorFamily[]

export const simulateUsage = `shidao card simulate --pty|--port PATH --card FILE     a serial reader in software; prints the port to read from
shidao card simulate --family NAME --card FILE [--socket PATH] [--vpcd-port N]
               any reader in software (${families.join(', ')})`

/**
 * Plays a reader with one card until SIGINT or SIGTERM; the first line on stdout is what `--port` takes. Throws
 * `PORT_LOST` when a serial line goes away, by script or not: unlike a HID or USB reader it doesn't come back.
 */
export async function simulate(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    family: { type: 'string' },
    card: { type: 'string' },
    pty: { type: 'boolean', default: false },
    port: { type: 'string' },
    socket: { type: 'string' },
    'vpcd-port': { type: 'string' },
  })
  if (values.card === undefined) throw new Fault('USAGE_CARD', 'card simulate needs --card FILE')
  const family = familyOf(values)
  const json = await readCardFile(values.card)

  const ending = untilTheEnd()
  const simulator = isChipFamily(family)
    ? await simulateChip(family, json, values, ending.signal)
    : await simulateSam(family, json, values, ending)
  process.stdout.write(`${simulator.port}\n`)
  const lost = await ending.reason
  await simulator.stop()
  if (lost !== null) throw lost
  return EXIT.yes
}

interface Wanted {
  readonly family?: string
  readonly pty: boolean
  readonly port?: string
  readonly socket?: string
  readonly 'vpcd-port'?: string
}

function familyOf({ family, pty, port, socket, 'vpcd-port': vpcdPort }: Wanted): SimulatorFamily {
  const onLine = pty || port !== undefined
  if (pty && port !== undefined) throw new Fault('USAGE_PORT', 'card simulate takes --pty or --port PATH')
  if (family === undefined && !onLine)
    throw new Fault('USAGE_PORT', 'card simulate needs either --pty or --port PATH, or --family NAME')
  const found = families.find((known) => known === (family ?? 'serial'))
  if (found === undefined)
    throw new Fault('USAGE_FAMILY', `no simulator family "${family}"; there are: ${families.join(', ')}`)
  if (found !== 'serial' && onLine)
    throw new Fault(
      'USAGE_PORT',
      `--pty and --port are for serial readers; a ${found} simulator prints its port`,
    )
  if (socket !== undefined && (found === 'serial' || found === 'pcsc'))
    throw new Fault('USAGE_PORT', `--socket is for HID and USB readers, not for ${found}`)
  if (vpcdPort !== undefined && found !== 'pcsc')
    throw new Fault('USAGE_PORT', '--vpcd-port is for the pcsc family')
  return found
}

async function simulateSam(
  family: SamFamily,
  json: string,
  { port, socket }: Wanted,
  { signal, lost }: Ending,
): Promise<RunningSimulator<CardFile['card']>> {
  if (isSocialSecurity(json))
    throw new Fault('CARD_FILE', `a social security card goes into a slot: ${slotFamilies()}`)
  const { card, faults, samId } = unwrap(parseCardFile(json))
  unwrap(checkFaults(family, faults))
  const transport = port === undefined ? undefined : unwrap(await openSerial(port, SPEED))
  const simulator = await startSamSimulator(family, {
    card,
    faults,
    ...(samId === undefined ? {} : { samId }),
    ...(transport === undefined ? {} : { transport }),
    ...(socket === undefined ? {} : { socketPath: socket }),
    onRead: () => void layDownAgain(simulator, card, LIES_MS, signal),
    onRemoved: () => void layDownAgain(simulator, card, 0, signal),
    onLost: lost,
  }).catch(async (thrown: unknown) => {
    await transport?.close()
    throw thrown
  })
  return simulator
}

async function simulateChip(
  family: Exclude<SimulatorFamily, SamFamily>,
  json: string,
  { socket, 'vpcd-port': vpcdPort }: Wanted,
  signal: AbortSignal,
): Promise<RunningSimulator<ChipCard>> {
  const { card, faults } = chipOf(family, json)
  unwrap(checkFaults(family, faults))
  const options = {
    card,
    faults,
    onRead: () => void layDownAgain(simulator, card, LIES_MS, signal),
    onRemoved: () => void layDownAgain(simulator, card, 0, signal),
  }
  const simulator =
    family === 'pcsc'
      ? await startPcscSimulator({
          ...options,
          ...(vpcdPort === undefined ? {} : { vpcdPort: positiveInteger(vpcdPort, '--vpcd-port') }),
        })
      : await startChipSimulator(family, {
          ...options,
          ...(socket === undefined ? {} : { socketPath: socket }),
        })
  return simulator
}

/** A social security card; over PC/SC also an identity card, as readers show it that have a module for both. */
function chipOf(
  family: SimulatorFamily,
  json: string,
): { readonly card: ChipCard; readonly faults: readonly SimulatedFault[] } {
  if (isSocialSecurity(json)) {
    const { program, faults } = unwrap(parseSocialSecurityFile(JSON.parse(json)))
    return { card: new SocialSecurityCard(program), faults }
  }
  const { card, faults } = unwrap(parseCardFile(json))
  if (family !== 'pcsc')
    throw new Fault('CARD_FILE', `a ${family} simulator takes a social security card: kind "ssc"`)
  const text = unwrap(encodeTextRecord(card.record))
  return { card: new IdentityModuleCard({ text, photo: card.photoBlock }), faults }
}

/** Anything that isn't JSON is left to the parser of card files, which says so. */
function isSocialSecurity(json: string): boolean {
  try {
    return (JSON.parse(json) as { kind?: unknown } | null)?.kind === 'ssc'
  } catch {
    return false
  }
}

function slotFamilies(): string {
  return families.filter(isChipFamily).join(', ')
}

const SPEED = 115_200
const LIES_MS = 2_000
const LIFTED_MS = 500

/** As a person does it: takes the card some time after it was read, and lays it down for the next try. */
async function layDownAgain<Card>(
  simulator: RunningSimulator<Card>,
  card: Card,
  liesMs: number,
  signal: AbortSignal,
): Promise<void> {
  try {
    await sleep(liesMs, undefined, { signal })
    simulator.remove()
    await sleep(LIFTED_MS, undefined, { signal })
    simulator.place(card)
  } catch {
    // Stopped meanwhile.
  }
}

interface Ending {
  /** Null when somebody asked for the end, else why there is nothing left to play. */
  readonly reason: Promise<Fault | null>
  /** Aborts at the end, whatever its reason. */
  readonly signal: AbortSignal
  lost(fault: Fault): void
}

function untilTheEnd(): Ending {
  const ending = new AbortController()
  const { promise, resolve } = Promise.withResolvers<Fault | null>()
  const end = (reason: Fault | null) => {
    ending.abort()
    resolve(reason)
  }
  process.once('SIGINT', () => end(null))
  process.once('SIGTERM', () => end(null))
  return { reason: promise, signal: ending.signal, lost: end }
}

async function readCardFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Fault('CARD_FILE', `cannot read the card file ${path}`, { cause })
  }
}
