import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { FIND, maxRfBytes, SAM_NUMBER, type SamCommand, STATUS } from '../codec/command.ts'
import { formatSamNumber } from '../codec/sam-number.ts'
import { RefusalFault } from '../codec/status.ts'
import { DEFAULT_PROFILE, findProfile, type ReaderProfile } from '../profiles.ts'
import type { CardReader } from '../reader.ts'
import { openSerial } from '../transport/serial.ts'
import type { SerialLine } from '../transport/transport.ts'
import { SamLine } from './sam-line.ts'
import { SamReader } from './sam-reader.ts'

export interface SerialReaderOptions {
  /** `/dev/ttyUSB0`, `COM3`, the path of a PTY. */
  readonly port: string
  /** Name of an entry of native-config/readers.json. */
  readonly profile?: string
  /** Time to get a first sign of life, milliseconds. */
  readonly timeoutMs?: number
}

/**
 * Opens a port and greets the SAM behind it: self-test, management number, and, when nothing answers, other speeds.
 * A SAM that knows neither command but answers a find is taken too.
 *
 * Faults: `USAGE_PROFILE`, `PORT_…`, `CARD_READER_SILENT`, `CARD_SAM_NOT_AUTHORISED`.
 */
export async function openSerialReader(options: SerialReaderOptions): Promise<Result<CardReader>> {
  const profile = findProfile(options.profile ?? DEFAULT_PROFILE)
  if (!profile.ok) return profile
  const opened = await openSerial(options.port, profile.value.baudRate.value)
  if (!opened.ok) return opened
  const deadline = performance.now() + (options.timeoutMs ?? 6_000)
  const greeted = await greet(opened.value, profile.value, deadline)
  if (!greeted.ok) await opened.value.close()
  return greeted
}

async function greet(
  port: SerialLine,
  profile: ReaderProfile,
  deadline: number,
): Promise<Result<CardReader>> {
  const line = new SamLine(port)
  const baudRate = await findSpeed(line, port, profile, deadline)
  if (!baudRate.ok) return baudRate
  const ask = (command: SamCommand) => line.exchange(command, { deadline, baudRate: baudRate.value })

  if (profile.maxRfBytes !== null) await ask(maxRfBytes(profile.maxRfBytes.value))
  const number = await ask(SAM_NUMBER)
  if (!number.ok && number.fault.code === 'CARD_SAM_NOT_AUTHORISED') return number
  const samId = number.ok ? formatSamNumber(number.value.data) : null
  const identity = { profile: profile.name, port: port.path, samId }
  return ok(new SamReader(identity, line, { baudRate: baudRate.value, pollMs: profile.pollMs.value }))
}

/** The speed at which any good frame comes back. */
async function findSpeed(
  line: SamLine,
  port: SerialLine,
  profile: ReaderProfile,
  deadline: number,
): Promise<Result<number>> {
  const usual = profile.baudRate.value
  do {
    for (const command of [STATUS, FIND]) {
      const answer = await line.exchange(command, { deadline, baudRate: usual })
      if (line.lost !== null) return failed(line.lost)
      if (!answer.ok && isUnauthorised(answer.fault)) return answer
      if (line.goodFrames > 0) return ok(usual)
    }
    for (const baudRate of profile.otherBaudRates.value) {
      await port.setBaudRate(baudRate)
      await line.exchange({ ...STATUS, timeoutMs: SEARCH_MS }, { deadline, baudRate })
      if (line.goodFrames > 0) return ok(baudRate)
    }
    await port.setBaudRate(usual)
  } while (performance.now() < deadline)
  return failed(
    new Fault('CARD_READER_SILENT', `nothing on ${port.path} answers as a card reader, at any speed`),
  )
}

/** At a wrong speed nothing comes; at the right one a self-test takes far less. */
const SEARCH_MS = 250

function isUnauthorised(fault: Fault): boolean {
  return fault instanceof RefusalFault && fault.code === 'CARD_SAM_NOT_AUTHORISED'
}
