import { civilDate } from '../../common/civil-time.ts'
import { fill } from '../i18n/languages.ts'
import type { OverviewName } from '../i18n/office/texts.ts'
import { useWindow } from '../window-context.ts'
import type { Desk } from './act.ts'
import { RowWords } from './choice-list.tsx'
import { type CheckItem, type ClassItem, list, type PersonItem, whoIs } from './lists.ts'
import { monthWords } from './month-acts.ts'
import { FaultLine, OfficePage } from './office-page.tsx'
import { Paged } from './paged.tsx'
import { useAsked } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

interface Line {
  readonly lead: string
  readonly detail?: string
  readonly tone?: 'good' | 'bad'
}

interface View {
  readonly next: string
  readonly lines: readonly Line[]
}

/** Something to read: nothing on it is an act. */
export function Overview(overview: {
  readonly name: OverviewName
  readonly item: ClassItem
  readonly onBack: () => void
}) {
  const { name, item, onBack } = overview
  const { texts, snapshot } = useWindow()
  const desk = useDesk()
  const waiting = snapshot.upload.waiting
  const { value, code } = useAsked(() => VIEWS[name](desk, item, waiting), `${name} ${item.id}`)
  const rows = (value?.lines ?? []).map(({ lead, detail, tone }) => (
    <p key={`${lead} ${detail}`} className={`office-fact office-${tone ?? 'plain'}`}>
      <RowWords lead={lead} detail={detail} />
    </p>
  ))
  return (
    <OfficePage
      name={name}
      title={texts.office.overviews[name]}
      next={value?.next ?? texts.office.field.loading}
      onBack={onBack}
    >
      {code === null ? <Paged rows={rows} /> : <FaultLine code={code} />}
    </OfficePage>
  )
}

/** Who agreed to the face check, who refused, and whose reference was taken here. */
async function peopleView({ texts, ask }: Desk, { id }: ClassItem): Promise<View> {
  const words = texts.people
  const [{ people }, faces] = await Promise.all([list(ask, 'people', id), list(ask, 'faces')])
  const seated = people.filter((one) => one.seated)
  const count = (consent: boolean | null) => seated.filter((one) => one.faceConsent === consent).length
  const answers = { agreed: count(true), refused: count(false), unasked: count(null) }
  const total = fill(words.faces, { count: faces.people, limit: faces.filingAt })
  return {
    next: fill(words.counts, answers),
    lines: [
      { lead: total, ...(faces.people >= faces.filingAt ? { tone: 'bad' } : {}) },
      ...people.map((one): Line => {
        const differs = one.reconciled === 'nonmatch' ? ({ tone: 'bad' } as const) : {}
        return { lead: whoIs(one), detail: standing(one, words), ...differs }
      }),
    ],
  }
}

function standing(one: PersonItem, words: Desk['texts']['people']): string {
  if (!one.seated) return words.left
  const consent = one.faceConsent === null ? words.unasked : one.faceConsent ? words.agreed : words.refused
  if (!one.enrolledOnSite) return consent
  if (one.reconciled === 'nonmatch') return `${consent} · ${words.differs}`
  return `${consent} · ${one.reconciled === null ? words.enrolled : words.compared}`
}

/** Each check that was committed, how often it was called and whom the calls found. */
async function checksView({ texts, ask, isChecking }: Desk, { id, sessions }: ClassItem): Promise<View> {
  const { checks } = await list(ask, 'checks', id)
  const line = ({ session, state, called, answers }: CheckItem): Line => {
    const start = sessions.find((one) => one.id === session)?.start
    const seen = new Set(answers.flatMap(({ result, person }) => (result === 'seen' ? [person] : []))).size
    return {
      lead: `${start === undefined ? session : civilDate(start)} · ${texts.checks[state]}`,
      detail: fill(texts.checks.called, { calls: called.length, seen }),
      ...(state === 'broken' ? { tone: 'bad' } : state === 'kept' ? { tone: 'good' } : {}),
    }
  }
  const quiet = checks.length === 0 ? texts.checks.none : texts.field.emptyNext
  return { next: isChecking ? texts.checks.running : quiet, lines: checks.map(line) }
}

/** What has to be clear before the month's figures are worth anything. */
async function monthView({ texts, ask }: Desk, { id, sessions }: ClassItem, waiting: number): Promise<View> {
  const words = texts.month
  const [{ doubts }, { checks }, manual, { months }] = await Promise.all([
    list(ask, 'doubts', id),
    list(ask, 'checks', id),
    list(ask, 'manual', id),
    list(ask, 'months', id),
  ])
  const month = civilDate(Date.now()).slice(0, 7)
  const ahead = sessions.filter(
    ({ start, end }) => civilDate(start).startsWith(month) && end > Date.now(),
  ).length
  const broken = checks.filter(({ state }) => state === 'broken').length
  const counted = (sentence: string, count: number): Line => ({
    lead: fill(sentence, { count }),
    tone: count > 0 ? 'bad' : 'good',
  })
  const lines: Line[] = [
    counted(words.doubts, doubts.length),
    counted(words.sessions, ahead),
    {
      lead: fill(words.manual, { used: manual.used, allowed: manual.allowed ?? words.noCap }),
      tone: manual.alarm ? 'bad' : 'good',
    },
    counted(words.checks, broken),
    counted(words.waiting, waiting),
  ]
  const isReady = lines.every(({ tone }) => tone === 'good')
  const closings = months.map((item): Line => {
    const { shown, detail, tone } = monthWords(words, item)
    return { lead: `${item.month} · ${shown}`, detail, ...(tone === undefined ? {} : { tone }) }
  })
  return { next: isReady ? words.ready : words.notReady, lines: [...lines, ...closings] }
}

const VIEWS: Readonly<Record<OverviewName, (desk: Desk, item: ClassItem, waiting: number) => Promise<View>>> =
  { people: peopleView, checks: checksView, month: monthView }
