import { civilDate } from '../../common/civil-time.ts'
import type { ExportFormat, ExportKind } from '../i18n/office/texts.ts'
import {
  type Act,
  answerTo,
  type Desk,
  type Field,
  type Given,
  type Option,
  type OptionIcon,
  oneOf,
} from './act.ts'
import { auditorFields, sealOf } from './auditor-key.ts'
import { ExportProgress } from './export-progress.tsx'
import { type ClassItem, personField } from './lists.ts'

/** What leaves the station as a file: which kind, about whom or when, in which format, with or without names. */
export function exportClass(desk: Desk, { id }: ClassItem): Act {
  const { ask, export: words } = desk.texts
  const kinds = KINDS.map(([value, icon]): Option => {
    const { name, detail } = words.kinds[value]
    return { value, shown: name, detail, icon }
  })
  const formats = FORMATS.map((value): Option => ({ value, shown: words.formats[value] }))
  const editions: Option[] = [
    { value: 'full', shown: words.full, detail: words.fullFor, icon: 'person' },
    { value: 'masked', shown: words.masked, detail: words.maskedFor, icon: 'erase' },
  ]
  const choice = (name: string, question: string, options: readonly Option[]): Field => ({
    ...{ kind: 'choice', name, ask: question, options: async () => options },
  })
  return {
    name: 'export.start',
    signers: 1,
    fields: (given) => {
      const kind = answerTo(given, 'kind')
      return [
        choice('kind', ask.exportKind, kinds),
        ...(kind === 'hours' ? [whose(desk, id)] : []),
        ...(isPeriod(kind) ? [periodField(ask.period, kind)] : []),
        ...(kind === 'bundle'
          ? auditorFields(desk, given)
          : [choice('format', ask.format, formats), choice('edition', ask.edition, editions)]),
      ]
    },
    work: (given, signers) => ({
      act: 'export.start',
      class: id,
      kind: answerTo(given, 'kind'),
      format: formatOf(given),
      masked: answerTo(given, 'edition') === 'masked',
      person: answerTo(given, 'person') || null,
      period: answerTo(given, 'period') || null,
      seal: answerTo(given, 'kind') === 'bundle' ? sealOf(given) : null,
      by: oneOf(signers),
    }),
    Outcome: ExportProgress,
  }
}

function whose(desk: Desk, classId: string): Field {
  const { ask, export: words } = desk.texts
  const people = personField(desk, classId)
  const options = async (): Promise<readonly Option[]> => [
    { value: '', shown: words.everybody, icon: 'people' },
    ...(people.kind === 'choice' ? await people.options() : []),
  ]
  return { kind: 'choice', name: 'person', ask: ask.whose, options }
}

/** The period that goes on, and the one before it. */
function periodField(question: string, kind: string): Field {
  const now = civilDate(Date.now())
  const suggestions = [monthsBefore(now, kind === 'monthly' ? 1 : kind === 'quarterly' ? 3 : 12), now]
  return {
    ...{ kind: 'text', name: 'period', ask: question },
    suggestions: suggestions.map((day) => periodOf(kind, day)),
  }
}

function periodOf(kind: string, day: string): string {
  const year = day.slice(0, 4)
  if (kind === 'monthly') return day.slice(0, 7)
  return kind === 'annual' ? year : `${year}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

function monthsBefore(day: string, count: number): string {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - count
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`
}

function isPeriod(kind: string): boolean {
  return kind === 'monthly' || kind === 'quarterly' || kind === 'annual'
}

function formatOf(given: Given): ExportFormat | 'zip' {
  if (answerTo(given, 'kind') === 'bundle') return 'zip'
  return FORMATS.find((format) => format === answerTo(given, 'format')) ?? 'xlsx'
}

/** Those that are asked for most come first. */
const KINDS: readonly (readonly [ExportKind, OptionIcon])[] = [
  ['attendance', 'table'],
  ['signin', 'in'],
  ['hours', 'clock'],
  ['monthly', 'calendar'],
  ['claims', 'money'],
  ['bundle', 'archive'],
  ['allowance', 'money'],
  ['roster', 'people'],
  ['teacher', 'school'],
  ['quarterly', 'calendar'],
  ['annual', 'calendar'],
]
const FORMATS: readonly ExportFormat[] = ['xlsx', 'pdf', 'csv', 'json']
