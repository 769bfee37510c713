import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type FaultedCommand, type FaultKind, faultKinds, type SimulatedFault } from './line-faults.ts'

/** The kinds of reader that there is a simulator of, by the name of the profile that reads them. */
export type SamFamily = 'serial' | 'hid-dk' | 'hid-generic' | 'usb'
export type ChipFamily = 'hid-dk-slot' | 'hid-huada' | 'hid-gwi' | 'pcsc'
export type SimulatorFamily = SamFamily | ChipFamily

interface Family {
  readonly title: string
  /** Profile in native-config/readers.json. */
  readonly profile: string
  readonly faults: readonly FaultKind[]
}

/** What can go wrong with a SAM, whatever line it is on. */
const samFaults = faultKinds

/** What can happen to the input reports of a contact slot, and to its card. */
const reportFaults: readonly FaultKind[] = [
  'delay',
  'split',
  'join',
  'noise',
  'truncated',
  'silent',
  'removal',
  'unplug',
]

export const simulatorFamilies: Readonly<Record<SimulatorFamily, Family>> = {
  serial: { title: 'ID card reader on a serial line', profile: 'sam-serial', faults: samFaults },
  'hid-dk': { title: 'ID card reader, DK HID framing (H1)', profile: 'hid-dk', faults: samFaults },
  'hid-generic': { title: 'ID card reader, HID framing unknown', profile: 'hid-generic', faults: samFaults },
  usb: { title: 'ID card reader, bulk USB 0400:C35A', profile: 'usb-sam', faults: samFaults },
  'hid-dk-slot': { title: 'contact slot, DK HID framing (H1)', profile: 'hid-dk-slot', faults: reportFaults },
  'hid-huada': {
    title: 'contact slot, HuaDa HID feature reports (H2)',
    profile: 'hid-huada',
    // Its answers are fetched report by report and have no checksum: nothing can be split, joined or mixed with noise.
    faults: ['delay', 'silent', 'removal', 'unplug'],
  },
  'hid-gwi': {
    title: 'contact slot, GWI-IC20 HID framing (H3)',
    profile: 'hid-gwi',
    faults: [...reportFaults, 'wrong-checksum'],
  },
  pcsc: {
    title: 'card in the virtual reader of a running pcscd (vsmartcard vpcd)',
    profile: 'pcsc',
    // The line below PC/SC is the driver's.
    faults: ['delay', 'removal'],
  },
}

export function isChipFamily(family: SimulatorFamily): family is ChipFamily {
  return chipFamilies.has(family)
}

const chipFamilies: ReadonlySet<SimulatorFamily> = new Set(['hid-dk-slot', 'hid-huada', 'hid-gwi', 'pcsc'])
const chipCommands: ReadonlySet<FaultedCommand> = new Set(['reset', 'select', 'read'])

/** `CARD_FILE` names the first fault that a family cannot have, and says which ones it can. */
export function checkFaults(family: SimulatorFamily, faults: readonly SimulatedFault[]): Result<void> {
  const known = simulatorFamilies[family].faults
  for (const fault of faults) {
    const refusal = refusalOf(family, known, fault)
    if (refusal !== null) return failed(new Fault('CARD_FILE', refusal))
  }
  return ok(undefined)
}

function refusalOf(
  family: SimulatorFamily,
  known: readonly FaultKind[],
  fault: SimulatedFault,
): string | null {
  if (!known.includes(fault.kind))
    return `a ${family} simulator has no fault "${fault.kind}"; it has: ${known.join(', ')}`
  if (isChipFamily(family) && fault.on !== undefined && !chipCommands.has(fault.on))
    return `faults of a ${family} simulator hit "reset" (power on), "select" or "read", not "${fault.on}"`
  // A report that is half empty in the middle of a frame cannot be told from zeros of the card.
  if (family === 'hid-generic' && fault.kind === 'split' && fault.bytes % GENERIC_REPORT_BYTES !== 0)
    return `a hid-generic simulator splits between reports: bytes must be a multiple of ${GENERIC_REPORT_BYTES}`
  return null
}

const GENERIC_REPORT_BYTES = 64
