import { createHash } from 'node:crypto'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok, type Result } from '../../src/common/result.ts'
import type { DeskWork } from '../../src/station/desk-work.ts'
import type { VisitAct, VisitAnswers, VisitPerson, VisitState } from '../../src/station/visit-work.ts'

/** The PIN that every scripted visit has. */
export const VISIT_PIN = '2468'
export const INSPECTOR_KEY = 'ab'.repeat(32)
const SCENE_TIME = Date.parse('2026-03-16T08:02:00+08:00')
const RECORD = Buffer.from('检查笔录，模拟')

/** A station with a visit service that remembers what it is told. Nobody here exists, and nothing is signed. */
export interface ScriptedVisit {
  readonly asked: DeskWork[]
  readonly answer: (work: DeskWork) => Promise<Result<unknown>>
  /** The next request of this kind is refused with this code, until it is taken out. */
  readonly refuse: Map<VisitAct, string>
  /** What `visit.identify` finds; a promise that never ends keeps the window waiting. */
  identify: () => Promise<Partial<VisitAnswers['visit.identify']>>
  state: VisitState | null
  people: readonly VisitPerson[]
  classes: VisitAnswers['visit.classes']['classes']
  facts: Partial<VisitAnswers['visit.facts']['facts']>
  admitted: Pick<VisitAnswers['visit.admit'], 'standing' | 'since'>
}

const SURNAMES = [...'扎王李张刘陈杨赵黄周吴徐']
export const PEOPLE: readonly VisitPerson[] = SURNAMES.map((name, place) => ({
  person: place.toString(16).repeat(32),
  ...{ name: `${name}**`, number: `632**************${place % 10}` },
  stratum: place % 4 === 2 ? 'on-site' : 'other',
  portrait: (['chip', 'official', 'enrolled', 'none'] as const)[place % 4] ?? 'chip',
  record: (['in', 'in', 'out', 'none'] as const)[place % 4] ?? 'in',
  doubtful: place === 1,
  check: null,
}))

export const OPENED: VisitState = {
  ...{ visit: 'f'.repeat(32), openedAt: SCENE_TIME, standing: 'listed', since: null },
  inspector: { actor: 'e'.repeat(32), publicKey: INSPECTOR_KEY },
  ...{ order: [], power: null, headcount: null, found: [] },
}

export function scriptedVisit(): ScriptedVisit {
  const asked: DeskWork[] = []
  const refuse = new Map<VisitAct, string>()
  const scripted: ScriptedVisit = {
    asked,
    refuse,
    identify: async () => ({}),
    ...{ state: null, people: PEOPLE, facts: {}, admitted: { standing: 'listed', since: null } },
    classes: [
      { id: 'YL-2026-03', title: '养老护理员（初级）第 3 期', isNow: true, visit: null },
      { id: 'MD-2026-01', title: '中式面点师（初级）', isNow: false, visit: 'd'.repeat(32) },
    ],
    async answer(work) {
      asked.push(work)
      const code = refuse.get(work.act as VisitAct)
      if (code !== undefined) return failed(new Fault(code as 'INSPECT_CHECK', 'as the test says'))
      const needsPin = 'pin' in work && work.act !== 'visit.admit'
      if (needsPin && work.pin !== VISIT_PIN) return failed(new Fault('LEDGER_PIN', 'as the test says'))
      return ok(await answerTo(work, scripted))
    },
  }
  return scripted
}

async function answerTo(work: DeskWork, scripted: ScriptedVisit): Promise<unknown> {
  const { state } = scripted
  const change = (more: Partial<VisitState>): void => {
    if (scripted.state !== null) scripted.state = { ...scripted.state, ...more }
  }
  switch (work.act) {
    case 'visit.classes':
      return { classes: scripted.classes }
    case 'visit.facts':
      return factsOf(scripted)
    case 'visit.admit':
      return {
        ...{ visit: OPENED.visit, statement: JSON.stringify({ type: 'visit.opened', class: work.class }) },
        list: { number: 7, authority: `authority.example+0123abcd+${'A'.repeat(44)}` },
        ...scripted.admitted,
      }
    case 'visit.open':
      scripted.state = OPENED
      return { visit: OPENED, event: 901 }
    case 'visit.commit':
      return { commitment: 'c0ffee42'.repeat(8), n: scripted.people.length, strata: [] }
    case 'visit.draw': {
      const order = scripted.people.slice(0, work.k).map(({ person }) => person)
      change({ order, power: { 5: 0.6 } })
      return { k: work.k, order }
    }
    case 'visit.headcount':
      change({ headcount: work.count })
      return { event: 903 }
    case 'visit.identify':
      return {
        ...{ ticket: '7'.repeat(32), person: scripted.people[0]?.person ?? null, name: '扎**' },
        ...{ number: '632**************0', record: 'exists', face: null, simulated: true },
        ...(await scripted.identify()),
      }
    case 'visit.check':
      scripted.people = scripted.people.map((one) =>
        one.person === work.person ? { ...one, check: { result: work.result, by: work.by } } : one,
      )
      return { event: 904 }
    case 'visit.find':
      change({
        found: [...(state?.found ?? []), { person: work.person, record: work.record, by: work.by }],
      })
      return { event: 905 }
    case 'visit.finish':
      return { statement: JSON.stringify({ type: 'visit.closed', class: work.class }), outcome: {} }
    case 'visit.close':
      scripted.state = null
      return {
        ...{ visit: OPENED.visit, event: 906, outcome: {} },
        checkpoint: `shidao.example/${'a'.repeat(16)}\n906\n${'A'.repeat(43)}=\n\n— shidao ${'B'.repeat(96)}\n`,
        files: ['检查文件.shidao-visit', '检查笔录-2026-03-16.pdf', '抽样.shidao-draw'].map((name) => ({
          name,
          ...{ bytes: RECORD.length, sha256: createHash('sha256').update(RECORD).digest('hex') },
        })),
      }
    case 'files.read':
      return { base64: RECORD.subarray(work.offset).toString('base64'), total: RECORD.length }
    default:
      return {}
  }
}

function factsOf({ state, people, facts }: ScriptedVisit): VisitAnswers['visit.facts'] {
  const portraits = { chip: 30, official: 6, enrolled: 5, none: 1 }
  return {
    facts: {
      ...{ class: 'YL-2026-03', title: '养老护理员（初级）第 3 期', room: '实训楼 302', simulated: true },
      filing: {
        ...{ institution: 'CX-0471', occupation: '4-10-01-05', level: '5', basis: 'approval' },
        ...{ from: '2026-03-02', to: '2026-04-10' },
      },
      session: { id: '2026-03-16T08:30', start: SCENE_TIME, end: SCENE_TIME + 3 * 3600_000 },
      ...{ expected: 42, signedIn: 40, present: 38, headcount: state?.headcount ?? null },
      ...{ openDoubts: 3, manualActs: 12, enrolledOnSite: 5, untrustedTimes: 7, clockJumps: 1 },
      ...{ cameraChanges: 1, readerChanges: 2, findings: { open: 2, overdue: 1 } },
      receipt: { witness: 'collector.example.cn', time: SCENE_TIME - 7200_000, size: 880, behind: 128 },
      portraits,
      ...facts,
    },
    pattern: {
      ...{ score: 61, threshold: 50 },
      features: [
        { name: 'even-gaps', points: 31, explanation: 'the gaps vary by 9 %' },
        { name: 'cards-in-seconds', points: 30, explanation: '70 % came within 3 s' },
      ],
    },
    people,
    powers: [1, 3, 5, 10, 12].map((k) => ({ k, power: { 1: found(k, 1), 5: found(k, 5) } })),
    visit: state,
    checkpoint: '',
  }
}

/** Chance that k of these people hold at least one of so many false seats: hypergeometric, nobody is drawn twice. */
function found(k: number, falseSeats: number): number {
  const n = PEOPLE.length
  let missed = 1
  for (let drawn = 0; drawn < k; drawn += 1) missed *= Math.max(0, n - falseSeats - drawn) / (n - drawn)
  return 1 - missed
}
