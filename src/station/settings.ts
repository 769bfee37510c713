import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { portraitDecoderSettings, vendorReaderSettings } from '../cards/vendor/vendor-settings.ts'
import { Fault } from '../common/fault.ts'
import { defaultDoorPolicy } from './door-policy.ts'

const milliseconds = z.int().min(0)
const door = z.strictObject({
  openBeforeMs: milliseconds,
  openAfterMs: milliseconds,
  signOutBeforeEndMs: milliseconds,
  lookMs: milliseconds,
  livenessMs: milliseconds,
  promptMs: milliseconds,
  nobodyMs: milliseconds,
  answerMs: milliseconds,
  verdictMs: milliseconds,
  mismatchesBeforeDoubtful: z.int().min(0),
})

/** `station.json` in the data folder: what the site chose. Nothing secret. */
const settings = z.strictObject({
  /** The class at this door; null takes the one that was opened last. */
  class: z.string().min(1).nullable().default(null),
  /** The face engine, as a supervisor chose it (`shidao face choose`); null takes the default one. */
  engine: z.string().min(1).nullable().default(null),
  reader: z
    .strictObject({ port: z.string().min(1), profile: z.string().min(1).nullable() })
    .nullable()
    .default(null),
  /** Instead of `reader`: a vendor's library in a process of its own. */
  vendorReader: vendorReaderSettings.nullable().default(null),
  /** A licensed decoder for the portrait in the chip; without it the chip's portrait is of no use. */
  portraitDecoder: portraitDecoderSettings.nullable().default(null),
  /** A serial scanner for codes beside the reader; one that types like a keyboard needs no setting. */
  scanner: z
    .strictObject({ port: z.string().min(1), baudRate: z.int().min(1_200).max(921_600).default(9_600) })
    .nullable()
    .default(null),
  /** Who says whose an electronic social security card is; without it such codes are unknown ones and go nowhere. */
  electronicCard: z
    .strictObject({ url: z.url(), timeoutMs: milliseconds.max(10_000).default(5_000) })
    .nullable()
    .default(null),
  collector: z
    .strictObject({ url: z.url(), vkey: z.string().min(1) })
    .nullable()
    .default(null),
  /**
   * Keep the camera frames that a decision rests on, sealed, so that it can be repeated: at most this much, at most
   * so long. Off by default; on, the notice says so, and only who agreed to that notice is kept.
   */
  keepFrames: z
    .strictObject({
      megabytes: z.int().min(1).max(100_000).default(500),
      days: z.int().min(1).max(366).default(30),
    })
    .nullable()
    .default(null),
  /** Ask people whether their face may be compared inside their class to find one face under several names. */
  findDuplicates: z.boolean().default(false),
  /**
   * Keep the issue date and the ethnicity of read cards, sealed, for the fairness report. On, the notice says so, and only
   * who agreed to that notice is kept.
   */
  cardFacts: z.boolean().default(false),
  /**
   * Judge whether a living person stands before the camera; null turns that off, and every record says so. `light` adds
   * the screen's coloured light for whoever the other layers are unsure of; it wants a room without sun on the face.
   */
  liveness: z
    .strictObject({ light: z.boolean().default(false) })
    .nullable()
    .default({ light: false }),
  /** `gm` adds a second tree with SM3, signed with SM2; the ledger itself stays as it is. */
  suite: z.enum(['std', 'gm']).default('std'),
  door: door.partial().default({}),
  /** How the class is run beside the door. The site's own choices, none of them set by a regulation. */
  office: z
    .strictObject({
      /** Two people decide a doubtful record within this time; after it only two supervisors accept it. */
      doubtDeadlineDays: z.int().min(1).max(366).default(3),
      /** Moments in a session at which everybody who signed in has to be seen again. */
      randomChecks: z.int().min(0).max(10).default(0),
      checkWindowMinutes: z.int().min(1).max(120).default(10),
      /** From this time on in one class, somebody without a card is let through by a supervisor only. */
      cardMissingSupervisorFrom: z.int().min(1).max(100).default(3),
    })
    .prefault({}),
})
export type Settings = z.infer<typeof settings>

/** The site's choices, defaults where it made none. `STATION_SETTINGS` names the field that is wrong. */
export function readSettings(dir: string): Settings {
  const file = join(dir, 'station.json')
  if (!existsSync(file)) return settings.parse({})
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Fault('STATION_SETTINGS', 'station.json is not JSON', { cause })
  }
  const parsed = settings.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Fault('STATION_SETTINGS', `station.json: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** What the settings would be with this change; nothing is written. */
export function changedSettings(dir: string, change: Partial<Settings>): Settings {
  return settings.parse({ ...readSettings(dir), ...change })
}

export function writeSettings(dir: string, change: Partial<Settings>): Settings {
  const next = changedSettings(dir, change)
  const file = join(dir, 'station.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return next
}

export function doorPolicy(chosen: Settings): typeof defaultDoorPolicy {
  const given = Object.entries(chosen.door).filter(([, value]) => value !== undefined)
  return { ...defaultDoorPolicy, ...Object.fromEntries(given) }
}
