import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { openSerialScanner } from '../cards/driver/scanner.ts'
import { asFault } from '../common/fault.ts'
import { startFaceEngine } from '../face/engine.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { verifyLog } from '../ledger/verify.ts'
import { checkCamera } from './camera/camera-health.ts'
import { isBent, systemClock } from './clock.ts'
import { configuredReader } from './configured-reader.ts'
import { stationExists } from './data-folder.ts'
import {
  type SeenBus,
  seeHidDevices,
  seePcscReaders,
  seeSerialPorts,
  seeUsbDevices,
} from './device-health.ts'
import { keyProtection } from './key-protection.ts'
import { readSettings } from './settings.ts'

/** One line of `shidao doctor`. `works: null` means that there is nothing to check yet. */
export interface HealthCheck {
  readonly name: string
  readonly works: boolean | null
  readonly detail: string
  /** What to do, when it does not work. */
  readonly advice: string | null
}

const LEAST_SPACE_BYTES = 1024 ** 3

type Finding = Omit<HealthCheck, 'name'>

/** Looks at everything that a station needs, one by one; a check that fails never stops the others. */
export async function checkHealth(dir: string): Promise<HealthCheck[]> {
  const checks: [string, () => Finding | Promise<Finding>][] = [
    ['node', checkNode],
    [
      'serial',
      () =>
        checkBus(
          seeSerialPorts,
          'plug a reader in; USB readers appear as /dev/ttyUSB0, /dev/ttyACM0 or COM3',
          'install udev (udevadm), or give the port by --port',
        ),
    ],
    [
      'hid',
      () =>
        checkBus(
          seeHidDevices,
          'plug a HID reader in',
          'install libusb-1.0-0 and libudev1; serial readers work without them',
        ),
    ],
    [
      'usb',
      () =>
        checkBus(
          seeUsbDevices,
          'plug a USB reader in',
          'USB cannot be looked at here; serial readers work without it',
        ),
    ],
    [
      'pcsc',
      () =>
        checkBus(
          seePcscReaders,
          'plug a PC/SC reader in',
          'install and start pcscd; ID card readers work without it',
        ),
    ],
    ['reader', () => checkReader(dir)],
    ['scanner', () => checkScanner(dir)],
    ['decoder', () => checkDecoder(dir)],
    ['camera', () => checkCamera(dir)],
    ['models', () => checkModels(dir)],
    ['key', () => checkKey(dir)],
    ['ledger', () => checkLedger(dir)],
    ['clock', checkClock],
    ['space', () => checkSpace(dir)],
  ]
  const found: HealthCheck[] = []
  for (const [name, check] of checks) {
    try {
      found.push({ name, ...(await check()) })
    } catch (thrown) {
      const fault = asFault(thrown)
      found.push({ name, works: false, detail: `${fault.code} ${fault.message}`, advice: 'see the message' })
    }
  }
  return found
}

function checkNode(): Finding {
  return works(`Node ${process.versions.node}, Node-API ${process.versions.napi}`)
}

/** A bus with nothing on it is no failure, nor is one that this machine cannot look at: readers elsewhere still work. */
async function checkBus(see: () => Promise<SeenBus>, empty: string, absent: string): Promise<Finding> {
  const { devices, fault } = await see()
  if (fault !== null) return nothing(`${fault.code} ${fault.message}`, absent)
  if (devices.length === 0) return nothing('none seen', empty)
  const lines = devices.map(
    ({ port, says, profile, verdict }) => `${port} (${says}) ${profile ?? '–'}: ${verdict}`,
  )
  return devices.some(({ answers }) => answers)
    ? works(lines.join('; '))
    : nothing(lines.join('; '), 'none of them answers as a card reader: check power, cable and the profile')
}

/** Opens the reader that the site set up, by port or through a vendor's library, and asks it for its state. */
async function checkReader(dir: string): Promise<Finding> {
  const settings = readSettings(dir)
  if (settings.reader === null && settings.vendorReader === null)
    return nothing('none set up', 'run "shidao card read --port PATH", then "shidao station --port PATH"')
  const configured = configuredReader(settings, {
    simulated: stationExists(dir) && loadStationKey(dir).simulated,
  })
  try {
    const opened = await configured.open()
    if (!opened.ok) {
      const { code, message } = opened.fault
      return broken(
        `${code} ${message}`,
        'stop the station if it runs, plug the reader in, or set up another one',
      )
    }
    const { profile, port, samId } = opened.value.identity
    await opened.value.close()
    return works(`${port} answers as ${profile}${samId === null ? '' : `, SAM ${samId}`}`)
  } finally {
    await configured.close()
  }
}

/** Opens the port of the scanner that the site set up. A scanner speaks only when it reads: more cannot be asked. */
async function checkScanner(dir: string): Promise<Finding> {
  const { scanner } = readSettings(dir)
  if (scanner === null) {
    return nothing(
      'none set up; one that types like a keyboard needs no setting',
      'set scanner in station.json',
    )
  }
  const opened = await openSerialScanner(scanner)
  if (!opened.ok) {
    const { code, message } = opened.fault
    return broken(`${code} ${message}`, scannerAdvice[code] ?? 'unplug the scanner and plug it in again')
  }
  await opened.value.close()
  return works(
    `${scanner.port} can be opened at ${scanner.baudRate} baud; scan a code at the station to try it`,
  )
}

const scannerAdvice: Readonly<Record<string, string>> = {
  PORT_NOT_FOUND: 'plug the scanner in, and set it to "USB virtual COM port" with a code of its manual',
  PORT_BUSY: 'stop the station if it runs, or the other program that has the port',
  PORT_DENIED: 'on Linux: add this user to the group dialout and log in again',
}

function checkDecoder(dir: string): Finding {
  const { portraitDecoder } = readSettings(dir)
  if (portraitDecoder === null) return nothing('none: portraits come from the roster or are enrolled', null)
  return existsSync(portraitDecoder.library)
    ? works(`${portraitDecoder.kind}, ${portraitDecoder.library}`)
    : broken(`${portraitDecoder.library} is not there`, 'correct portraitDecoder in station.json')
}

/** Of the engine that the site chose. */
async function checkModels(dir: string): Promise<Finding> {
  const chosen = readSettings(dir).engine
  const engine = await startFaceEngine(chosen === null ? {} : { engine: chosen })
  await engine.close()
  const { models, selfTestMs } = engine.info
  return works(
    `${models.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`).join(', ')}; self-test ${Math.round(selfTestMs)} ms`,
  )
}

function checkKey(dir: string): Finding {
  if (!stationExists(dir)) return nothing('no station here yet', '"shidao staff add" births one')
  const { ownerOnly, says, secondTree } = keyProtection(dir)
  if (!ownerOnly) return broken('station.key can be read by others', `chmod 600 ${join(dir, 'station.key')}`)
  const { vkey, keys } = loadStationKey(dir)
  const changes = keys.rotations.length === 0 ? '' : `, changed ${keys.rotations.length} times`
  return works(
    `fingerprint ${keyFingerprint(vkey)}${changes}; ${says}${secondTree === null ? '' : `; second tree: ${secondTree}`}`,
  )
}

function checkLedger(dir: string): Finding {
  if (!stationExists(dir)) return nothing('no ledger here yet', null)
  const { ok, size, problem } = verifyLog(dir, {})
  return ok
    ? works(`${size} events, every body re-hashed`)
    : broken(
        `${problem?.code} at ${problem?.index}: ${problem?.detail}`,
        'stop using it, keep the folder as it is, call the inspector',
      )
}

function checkClock(): Finding {
  const clock = systemClock()
  const { boot, boottime } = clock.now()
  const deviation = clock.deviation()
  if (isBent(deviation)) {
    const seconds = Math.round(deviation / 1000)
    return broken(
      `this process is shown a time ${seconds} s from the kernel’s`,
      'look for what fakes the clock',
    )
  }
  return boot.startsWith('uptime-')
    ? broken('no kernel boot id here: durations rest on the wall clock', 'keep NTP on')
    : works(`boot ${boot}, up ${Math.round(boottime / 60_000)} min; only a receipt confirms the wall clock`)
}

function checkSpace(dir: string): Finding {
  const { bavail, bsize } = statfsSync(stationExists(dir) ? dir : '.')
  const detail = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`
  return bavail * bsize >= LEAST_SPACE_BYTES ? works(detail) : broken(detail, 'free at least 1 GiB')
}

function works(detail: string): Finding {
  return { works: true, detail, advice: null }
}

function broken(detail: string, advice: string): Finding {
  return { works: false, detail, advice }
}

function nothing(detail: string, advice: string | null): Finding {
  return { works: null, detail, advice }
}
