import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { dialects, type SamCommand, type SamDialect, type SamDialectName } from '../codec/command.ts'
import { DEFAULT_PROFILE, findSerialProfile, type SerialProfile } from '../profiles.ts'
import { whilePresent } from '../transport/presence.ts'
import { openSerial } from '../transport/serial.ts'
import type { SerialLine } from '../transport/transport.ts'
import { pluggedInto } from '../transport/usb-socket.ts'
import { greetSam } from './sam-greeting.ts'
import { SamLine } from './sam-line.ts'
import { SamReader } from './sam-reader.ts'

export interface SerialReaderOptions {
  /** `/dev/ttyUSB0`, `COM3`, the path of a PTY. */
  readonly port: string
  /** Name of an entry of native-config/readers.json. */
  readonly profile?: string
  /** What to ask the reader with; the profile says it if left out. */
  readonly dialect?: SamDialectName
  /** Time to get a first sign of life, milliseconds. */
  readonly timeoutMs?: number
}

/**
 * Opens a port and greets the SAM behind it: self-test, management number, and, when nothing answers, other speeds.
 * A SAM that knows neither command but answers a find is taken too.
 *
 * Faults: `USAGE_PROFILE`, `PORT_…`, `CARD_READER_SILENT`, `CARD_SAM_NOT_AUTHORISED`, `CARD_SAM_SELF_TEST`.
 */
export async function openSerialReader(options: SerialReaderOptions): Promise<Result<SamReader>> {
  const profile = findSerialProfile(options.profile ?? DEFAULT_PROFILE)
  if (!profile.ok) return profile
  const opened = await openSerial(options.port, profile.value.baudRate.value)
  if (!opened.ok) return opened
  const deadline = performance.now() + (options.timeoutMs ?? 6_000)
  const dialect = dialects[options.dialect ?? dialectOf(profile.value)]
  const reader = await meet(opened.value, profile.value, dialect, deadline)
  if (!reader.ok) await opened.value.close()
  return reader
}

async function meet(
  port: SerialLine,
  profile: SerialProfile,
  dialect: SamDialect,
  deadline: number,
): Promise<Result<SamReader>> {
  const line = new SamLine(whilePresent(port), { checksums: dialect.checksums })
  const polite = hurried(dialect, (deadline - performance.now()) / GREETING_SHARE)
  const found = await findSpeed(line, port, profile, polite, deadline)
  if (!found.ok) return found
  const { baudRate, saidBy } = found.value
  const greeted = await greetSam(line, {
    dialect: polite,
    selfTest: saidBy === polite.status,
    maxRfBytes: profile.maxRfBytes?.value ?? null,
    limits: { deadline, baudRate },
  })
  if (!greeted.ok) return greeted
  const { samId } = greeted.value
  const identity = { profile: profile.name, port: port.path, samId, ...pluggedInto(port.path) }
  return ok(new SamReader(identity, line, { baudRate, pollMs: profile.pollMs.value, dialect }))
}

/** The speed at which any good frame comes back, and the command that brought it. */
async function findSpeed(
  line: SamLine,
  port: SerialLine,
  profile: SerialProfile,
  { status, find }: SamDialect,
  deadline: number,
): Promise<Result<{ baudRate: number; saidBy: SamCommand }>> {
  const usual = profile.baudRate.value
  const answers = async (command: SamCommand, baudRate: number) => {
    await line.exchange(command, { deadline, baudRate })
    return line.goodFrames > 0
  }
  do {
    for (const command of [status, find]) {
      if (await answers(command, usual)) return ok({ baudRate: usual, saidBy: command })
      if (line.lost !== null) return failed(line.lost)
    }
    for (const baudRate of profile.otherBaudRates.value) {
      if (!(await runsAt(port, baudRate))) continue
      if (await answers({ ...status, timeoutMs: SEARCH_MS }, baudRate))
        return ok({ baudRate, saidBy: status })
    }
    await runsAt(port, usual)
  } while (performance.now() < deadline)
  return failed(
    new Fault('CARD_READER_SILENT', `nothing on ${port.path} answers as a card reader, at any speed`),
  )
}

/** A SAM that leaves a question of the greeting unanswered may cost this share of the time, not all of it. */
const GREETING_SHARE = 4

function hurried(dialect: SamDialect, longestMs: number): SamDialect {
  const within = (command: SamCommand): SamCommand => ({
    ...command,
    timeoutMs: Math.min(command.timeoutMs, longestMs),
  })
  const { status, samNumber } = dialect
  return { ...dialect, status: within(status), samNumber: samNumber && within(samNumber) }
}

/** At a wrong speed nothing comes; at the right one a self-test takes far less. */
const SEARCH_MS = 250

/** Some converters lack a speed; the search goes on with the others. */
async function runsAt(port: SerialLine, baudRate: number): Promise<boolean> {
  try {
    await port.setBaudRate(baudRate)
    return true
  } catch {
    return false
  }
}

function dialectOf(profile: SerialProfile): SamDialectName {
  return profile.dialect?.value ?? 'standard'
}
