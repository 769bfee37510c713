import { z } from 'zod'
import readers from '../../native-config/readers.json' with { type: 'json' }
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'

/*
 * Readers as data. A reader of a known family is one more entry in native-config/readers.json; every value there says
 * where it comes from.
 */

const baudRate = z.int().min(9_600).max(115_200)

function sourced<T extends z.ZodType>(value: T) {
  return z.strictObject({ value, source: z.string().min(1) })
}

const common = {
  name: z.string().regex(/^[a-z0-9-]+$/),
  /** What a technician reads on the box. */
  title: z.string().min(1),
}

/** USB vendor and product id, four hex digits each, as `lsusb` prints them. */
const usbId = sourced(z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/))

const serialProfile = z.strictObject({
  ...common,
  family: z.literal('sam-serial'),
  baudRate: sourced(baudRate),
  /** Tried in this order when nothing answers at `baudRate`. */
  otherBaudRates: sourced(z.array(baudRate)),
  /** Largest RF frame to set once after opening (61 FF), null: leave it alone. */
  maxRfBytes: sourced(z.int().min(1).max(255)).nullable(),
  /** What it is asked with, where that isn't the standard: see `dialects` in codec/command.ts. */
  dialect: sourced(z.enum(['standard', 'cvr-100au'])).optional(),
  /** Pause between two finds while no card lies there, milliseconds. */
  pollMs: sourced(z.int().min(50).max(5_000)),
})

const usbProfile = z.strictObject({
  ...common,
  /**
   * `hid-dk`: a SAM behind DK's HID framing; `hid-dk-slot`, `hid-huada`, `hid-gwi`: contact slots for social security
   * cards behind the three public HID framings; `hid-generic`: SAM frames in reports of unknown framing; `usb-bulk`:
   * SAM frames in bulk transfers.
   */
  family: z.enum(['hid-dk', 'hid-dk-slot', 'hid-huada', 'hid-gwi', 'hid-generic', 'usb-bulk']),
  usb: z.array(usbId),
  pollMs: sourced(z.int().min(50).max(5_000)),
})

const pcscProfile = z.strictObject({ ...common, family: z.literal('pcsc') })

export const readerProfile = z.discriminatedUnion('family', [serialProfile, usbProfile, pcscProfile])
export type ReaderProfile = z.infer<typeof readerProfile>
export type SerialProfile = z.infer<typeof serialProfile>
export type UsbProfile = z.infer<typeof usbProfile>

export const readerProfiles = z.strictObject({ readers: z.array(readerProfile).min(1) })

export const DEFAULT_PROFILE = 'sam-serial'

/** Every profile, in the order of the file. */
export function listProfiles(): readonly ReaderProfile[] {
  return readerProfiles.parse(readers).readers
}

/** The profile of that name; `USAGE_PROFILE` lists the names there are. */
export function findProfile(name: string): Result<ReaderProfile> {
  const profiles = listProfiles()
  const profile = profiles.find((candidate) => candidate.name === name)
  if (profile !== undefined) return ok(profile)
  const names = profiles.map((known) => known.name).join(', ')
  return failed(new Fault('USAGE_PROFILE', `no reader profile "${name}"; there are: ${names}`))
}

/** `findProfile` for a serial reader; `USAGE_PROFILE` too when the name is of another family. */
export function findSerialProfile(name: string): Result<SerialProfile> {
  const found = findProfile(name)
  if (!found.ok) return found
  if (found.value.family === 'sam-serial') return ok(found.value)
  return failed(new Fault('USAGE_PROFILE', `profile "${name}" is not for a serial port`))
}

/** The profile that claims a device by its USB ids, or null: an unknown reader is set up by name. */
export function profileOfDevice(vendorId: number, productId: number): UsbProfile | null {
  const id = `${hex4(vendorId)}:${hex4(productId)}`
  const claims = (profile: ReaderProfile): profile is UsbProfile =>
    'usb' in profile && profile.usb.some(({ value }) => value === id)
  return listProfiles().find(claims) ?? null
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0')
}
