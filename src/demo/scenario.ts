import type { Verdict } from '../station/protocol.ts'
import type { PersonKey } from './people.ts'

/** The simulated day, in China's civil time. */
export const DAY = '2026-03-02'
export const CLASS_ID = 'DEMO-2026-01'
export const CLASS_TITLE = '模拟班：中式面点师（初级）'

/** Milliseconds since epoch of a time of day (`HH:MM`) on the simulated day. */
export function at(time: string): number {
  return Date.parse(`${DAY}T${time}:00+08:00`)
}

export const sessions = [
  { id: `${DAY}-上午`, start: at('08:30'), end: at('11:30') },
  { id: `${DAY}-下午`, start: at('14:00'), end: at('17:00') },
] as const

/** What happens on the line or to the card while it is read. */
export type CardTrouble = 'none' | 'line-noise' | 'bad-check-digit' | 'no-portrait'

/** What the card is laid on: an ID card reader on a serial line or behind HID framing, or a HID contact slot. */
export type ReaderName = 'serial' | 'hid' | 'slot'

/** One person at the door. */
export interface Step {
  readonly name: string
  readonly time: string
  /** Whose card lies on the reader; in a slot it is the social security card. */
  readonly card: PersonKey
  readonly reader: ReaderName
  /** Who stands before the camera. */
  readonly face: PersonKey | 'nobody'
  readonly trouble: CardTrouble
  /** Instead of the person, the film of their last visit is shown again. */
  readonly replayed: boolean
  /** What the person answers when the window asks for consent. */
  readonly consent: boolean
  readonly expected: { readonly verdict: Verdict; readonly reason: string | null }
}

function step(
  name: string,
  time: string,
  card: PersonKey,
  verdict: Verdict,
  reason: string | null = null,
  change: Partial<Pick<Step, 'face' | 'trouble' | 'consent' | 'reader' | 'replayed'>> = {},
): Step {
  return {
    name,
    time,
    card,
    reader: change.reader ?? 'serial',
    face: change.face ?? card,
    trouble: change.trouble ?? (card === '丁' ? 'no-portrait' : 'none'),
    replayed: change.replayed ?? false,
    consent: change.consent ?? card !== '戊',
    expected: { verdict, reason },
  }
}

/** Everybody passes in the usual way: 丙's card has expired, 戊 refused the face check and is witnessed. */
function everybody(when: string, minutes: readonly string[], keys: readonly PersonKey[]): Step[] {
  return keys.map((key, place) => {
    const time = minutes[place] ?? minutes.at(-1) ?? '00:00'
    if (key === '丙') return step(when, time, key, 'doubtful', 'card-expired')
    if (key === '戊') return step(when, time, key, 'witnessed', 'consent-refused')
    return step(when, time, key, 'verified')
  })
}

/** Morning arrivals, with everything that goes wrong at a door. */
export const morningIn: readonly Step[] = [
  step('signs in', '08:10', '甲', 'verified'),
  step('same card twice', '08:11', '甲', 'already', 'already-signed'),
  step('borrowed card', '08:12', '乙', 'refused', 'face-mismatch', { face: '庚' }),
  step('line noise', '08:13', '乙', 'verified', null, { trouble: 'line-noise' }),
  step('expired card', '08:14', '丙', 'doubtful', 'card-expired'),
]

/** Goes on while the collector cannot be reached. */
export const morningInOffline: readonly Step[] = [
  step('no portrait, enrolled under two signers', '08:16', '丁', 'verified'),
  step('consent refused, equal lane', '08:18', '戊', 'witnessed', 'consent-refused'),
  step('nobody before the camera', '08:19', '己', 'refused', 'no-person', { face: 'nobody' }),
  step('comes back and signs in', '08:20', '己', 'verified'),
  step('not on the roster', '08:21', '庚', 'refused', 'not-on-roster'),
  step('bad check digit in the number', '08:22', '甲', 'refused', 'CARD_RECORD_NUMBER', {
    trouble: 'bad-check-digit',
  }),
  ...everybody(
    'signs out',
    ['11:31', '11:32', '11:33', '11:34', '11:35', '11:36'],
    ['甲', '乙', '丙', '丁', '戊', '己'],
  ),
]

/** After lunch a HID reader stands at the door; the last one out brings a social security card. 己 leaves, and a friend
 * shows a film of 己 to the camera. */
export const afternoon: readonly Step[] = [
  ...everybody(
    'signs in over HID',
    ['13:41', '13:42', '13:43', '13:44', '13:45', '13:46'],
    ['甲', '乙', '丙', '丁', '戊', '己'],
  ).map(overHid),
  ...everybody('signs out over HID', ['17:01', '17:02', '17:03', '17:04'], ['甲', '乙', '丙', '戊']).map(
    overHid,
  ),
  step('sign-out by a film of the afternoon', '17:05', '己', 'doubtful', 'liveness-attack', {
    reader: 'hid',
    replayed: true,
  }),
  step('signs out by social security card', '17:06', '丁', 'verified', null, { reader: 'slot' }),
]

function overHid(step: Step): Step {
  return { ...step, reader: 'hid' }
}

const HOUR_MS = 3600_000

/** Credited time that the day must give, by person. */
export const expectedMs: Readonly<Partial<Record<PersonKey, number>>> = {
  甲: 6 * HOUR_MS,
  乙: 6 * HOUR_MS,
  丙: 0,
  丁: 6 * HOUR_MS,
  戊: 6 * HOUR_MS,
  己: 3 * HOUR_MS,
}
