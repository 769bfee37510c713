import { civilDate, civilTime } from '../../common/civil-time.ts'
import type { Finding, OfficeWork } from '../../station/protocol.ts'
import type { StageName } from '../i18n/office/texts.ts'
import type { Desk, Field, Option } from './act.ts'

/* The station's lists as the office reads them, see `officeList`. Names and numbers come masked. */

export interface Session {
  readonly id: string
  readonly start: number
  readonly end: number
}

export interface ClassItem {
  readonly id: string
  readonly title: string
  readonly stage: StageName
  readonly people: number
  readonly sessions: readonly Session[]
  readonly filing: { readonly from: string; readonly to: string } | null
}

interface Masked {
  readonly person: string
  readonly name: string | null
  readonly number: string | null
}

export interface PersonItem extends Masked {
  readonly seated: boolean
  readonly enrolledOnSite: boolean
  readonly reconciled: string | null
  readonly faceConsent: boolean | null
}

export interface DoubtItem extends Masked {
  readonly record: number
  readonly session: string
  readonly direction: 'in' | 'out'
  readonly at: number
  readonly dueAt: number
  readonly overdue: boolean
  readonly findings: readonly Finding[]
}

export interface RecordItem extends Masked {
  readonly record: number
  readonly direction: 'in' | 'out'
  readonly at: number
  readonly counts: boolean
}

export interface CheckItem {
  readonly session: string
  readonly state: 'pending' | 'kept' | 'broken'
  readonly called: readonly { readonly event: number; readonly at: number }[]
  readonly answers: readonly (Masked & {
    readonly call: number
    readonly result: 'seen' | 'not-seen' | 'cannot-verify'
  })[]
}

export interface ManualUse {
  readonly used: number
  readonly allowed: number | null
  readonly alarm: boolean
}

export interface MonthItem {
  readonly month: string
  readonly doubts: number
  readonly ahead: number
  readonly closed: { readonly at: number; readonly changed: boolean } | null
}

export interface FaceCount {
  readonly people: number
  readonly filingAt: number
}

export interface Lists {
  readonly classes: { readonly classes: readonly ClassItem[] }
  readonly people: { readonly people: readonly PersonItem[] }
  readonly doubts: { readonly doubts: readonly DoubtItem[] }
  readonly checks: { readonly checks: readonly CheckItem[] }
  readonly records: { readonly records: readonly RecordItem[] }
  readonly manual: ManualUse
  readonly faces: FaceCount
  readonly months: { readonly months: readonly MonthItem[] }
}

/** Asks for one list; rejects with an `OfficeRefusal`. */
export async function list<K extends keyof Lists>(
  ask: Desk['ask'],
  of: K,
  classId: string | null = null,
  session?: string,
): Promise<Lists[K]> {
  const work: OfficeWork = { act: 'list', of, class: classId, ...(session === undefined ? {} : { session }) }
  return (await ask(work)) as Lists[K]
}

/** `扎** 632**************1`; somebody whose record was erased is a dash. */
export function whoIs({ name, number }: Masked): string {
  return name === null ? '—' : `${name} ${number ?? ''}`.trim()
}

/** Who sits in the class now. */
export function personField({ texts, ask }: Desk, classId: string, name = 'person'): Field {
  const options = async (): Promise<Option[]> => {
    const { people } = await list(ask, 'people', classId)
    return people.filter(({ seated }) => seated).map((one) => ({ value: one.person, shown: whoIs(one) }))
  }
  return { kind: 'choice', name, ask: texts.ask.person, options }
}

/** The class's sessions, those nearest to now first. */
export function sessionField({ texts }: Desk, { sessions }: ClassItem): Field {
  const now = Date.now()
  const nearest = [...sessions].sort((a, b) => Math.abs(a.start - now) - Math.abs(b.start - now))
  const options = nearest.map(({ id, start, end }) => ({
    value: id,
    shown: `${civilDate(start)} ${civilTime(start)}–${civilTime(end)}`,
  }))
  return { kind: 'choice', name: 'session', ask: texts.ask.session, options: async () => options }
}
