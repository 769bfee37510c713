/*
 * Writes docs/worked-example.md: a simulated class from events to hours to claims to fen, every rule named. With
 * `--check` only says whether it is current. Run by hand after a rule or an engine changed: `npx node build/worked-example.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { classFacts, type PersonFacts, personFacts } from '../src/attendance/claim-facts.ts'
import type { ClaimLine } from '../src/attendance/claims.ts'
import { classClaims, readSources } from '../src/attendance/class-claims.ts'
import type { Reason } from '../src/attendance/reason.ts'
import { defaultPack } from '../src/attendance/shipped-packs.ts'
import { civilDate, civilTime } from '../src/common/civil-time.ts'
import { unwrap } from '../src/common/result.ts'
import { minutesOf } from '../src/export/reason-text.ts'
import type { EventInput, LedgerEvent } from '../src/ledger/event.ts'

const FILE = new URL('../docs/worked-example.md', import.meta.url)
const MINUTE = 60_000
/** 2026-03-02 08:30 in China. */
const MORNING = Date.UTC(2026, 2, 2, 0, 30)
const CLASS = 'worked'
const UNSIGNED = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }

/** Minutes from the first morning: two days, a morning and an afternoon of four lessons each. */
const starts = { am1: 0, pm1: 330, am2: 1440, pm2: 1770 } as const
type SessionId = keyof typeof starts
const sessions = Object.entries(starts).map(([id, minute]) => {
  const start = MORNING + minute * MINUTE
  return { id, start, end: start + 180 * MINUTE }
})

const people = ['模拟甲', '模拟乙', '模拟丙'] as const
const idOf = (name: (typeof people)[number]) => String(people.indexOf(name) + 1).padStart(32, '0')
const nameOf = new Map(people.map((name) => [idOf(name), name]))

/** What is told about people; 模拟丙 is somebody of whom nobody told anything. */
const told: Partial<Record<(typeof people)[number], PersonFacts>> = {
  模拟甲: personFacts.parse({ groups: ['poor-worker'] }),
  模拟乙: personFacts.parse({ groups: [] }),
}

const pack = defaultPack()
const events: LedgerEvent[] = []
record(-180, { type: 'station.key', data: { vkey: 'none', simulated: true, software: 'worked example' } })
record(-170, {
  type: 'class.opened',
  data: {
    class: CLASS,
    title: '模拟班：电工（初级）',
    pack: { id: pack.id, sha256: pack.sha256 },
    sessions,
    act: UNSIGNED,
  },
})
record(-160, {
  type: 'roster.changed',
  data: {
    class: CLASS,
    added: people.map((name) => ({
      person: idOf(name),
      identity: '0'.repeat(64),
      portrait: 'chip' as const,
    })),
    removed: [],
    reason: '开班',
    act: UNSIGNED,
  },
})
record(-150, {
  type: 'class.facts',
  data: {
    class: CLASS,
    facts: classFacts.parse({
      ...{ occupation: '电工', level: 'primary', trainingKind: 'employment', uplift: 'adopted' },
      ...{ practiceSessions: ['pm1', 'pm2'], items: ['living-allowance'], region: '620500' },
    }),
    act: UNSIGNED,
  },
})
record(-140, {
  type: 'person.facts',
  data: {
    class: CLASS,
    people: Object.keys(told).map((name) => ({
      person: idOf(name as (typeof people)[number]),
      record: 'facts',
      commitment: '0'.repeat(64),
    })),
    source: '模拟',
    act: UNSIGNED,
  },
})
// Day one: 甲 as planned, 乙 twenty minutes late and without a sign-out in the afternoon, 丙 absent in the afternoon.
sign('模拟甲', 'am1', 'in', -6)
sign('模拟丙', 'am1', 'in', -2)
sign('模拟乙', 'am1', 'in', 20)
for (const name of people) sign(name, 'am1', 'out', 181)
sign('模拟甲', 'pm1', 'in', -5)
sign('模拟乙', 'pm1', 'in', -4)
sign('模拟甲', 'pm1', 'out', 182)
// Day two: 乙 leaves half an hour early, 丙 is doubtful in the morning and nobody resolves it.
sign('模拟甲', 'am2', 'in', -5)
sign('模拟乙', 'am2', 'in', -3)
sign('模拟丙', 'am2', 'in', -1, 'doubtful')
sign('模拟乙', 'am2', 'out', 150)
sign('模拟甲', 'am2', 'out', 180)
sign('模拟丙', 'am2', 'out', 180)
for (const name of people) sign(name, 'pm2', 'in', -5)
for (const name of people) sign(name, 'pm2', 'out', 181)
record(starts.pm2 + 200, { type: 'session.closed', data: { class: CLASS, session: 'pm2' } })

const sources = readSources(
  events.map((event) => ({ event })),
  ({ person }) => Buffer.from(JSON.stringify(told[nameOf.get(person) ?? '模拟丙'])),
)
const { hours, claims } = unwrap(classClaims(sources, CLASS))

const payable = claims.people.filter(({ reasons }) =>
  reasons.every(({ rule, answer }) => answer === 'yes' || rule === 'simulatedRecords'),
)

const text = `# A worked class (模拟)

_Written by \`npx node build/worked-example.ts\`; don't edit by hand. A test compares._

Limits first. Everybody here is simulated and so is every record: nothing of it may be claimed, and \`fen\` is zero on every line.
\`computedFen\` is what the same records would come to for somebody eligible, from the same code that computes real classes. The events
are written down by this command and are not signed; \`shidao demo\` makes a signed ledger of the same kinds. English words in
\`code\` are those of the ledger and of \`--json\`.

## 1. Rules

The class named the pack \`${pack.id}\` (sha256 \`${pack.sha256}\`) when it opened. Rules about hours:

| rule | value | kind | origin |
|---|---|---|---|
${Object.entries(pack.rules)
  .map(([name, rule]) =>
    row([
      `\`${name}\``,
      JSON.stringify(rule.value),
      rule.kind,
      [rule.document, rule.clause].filter((part) => part !== null).join('; ') || 'no document',
    ]),
  )
  .join('\n')}

## 2. Events

${sessions.map(({ id, start, end }) => `- \`${id}\`: ${civilDate(start)} ${civilTime(start)}–${civilTime(end)}`).join('\n')}

| record | time | person | session | direction | outcome |
|---|---|---|---|---|---|
${events.flatMap(attendanceRow).join('\n')}

## 3. Hours

A lesson is ${pack.rules.lessonMinutes.value} minutes. Milliseconds are added up whole and rounded once.

${hours.people.map(personSection).join('\n\n')}

## 4. Claims

The county adopted the uplift; ${people[0]} is known to be of a group that the allowance is for, ${people[1]} to be of none, and of
${people[2]} nothing was told. An answer that needs what nobody told is \`unknown\`, never a guess.

${claims.people.map(claimSection).join('\n\n')}

## 5. Total

\`totalFen\` is ${claims.totalFen}, because the class is simulated. Of the lines that no rule but \`simulatedRecords\` refuses (${payable
  .map(({ person }) => nameOf.get(person))
  .join(
    ', ',
  )}), \`computedFen\` is ${payable.reduce((sum, { computedFen }) => sum + (computedFen ?? 0), 0)} fen.

## The same of a real class

\`\`\`
shidao hours  --class ID --json
shidao claims --class ID --json
shidao export --class ID --kind claims --format xlsx --out claims.xlsx
shidao key auditor --out auditor.key                        # once, by the auditor; the station gets the age1… line
shidao export --class ID --kind bundle --out class.zip --auditor age1…
shidao verify class.zip --key VKEY                          # anybody: hours and report, names masked
shidao verify class.zip --key VKEY --open auditor.key       # the auditor: names, facts, every claim to the fen
\`\`\`
`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    process.stderr.write('docs/worked-example.md is out of date: run npx node build/worked-example.ts\n')
    process.exitCode = 1
  }
} else {
  writeFileSync(FILE, text)
}

function personSection({
  person,
  lessons,
  creditedMs,
  counted,
  sessions: own,
}: (typeof hours.people)[number]): string {
  const days = (counted?.days ?? []).map(
    ({ date, countedMs }) => `${date}: ${minutesOf(countedMs)} min counted`,
  )
  const rows = own.map(({ id, state, creditedMs: ms, reasons }) =>
    row([`\`${id}\``, `\`${state}\``, minutesOf(ms), reasons.map(reasonLine).join('<br>') || '–']),
  )
  return `### ${nameOf.get(person)}: ${lessons} lessons (${minutesOf(creditedMs)} min)

| session | state | minutes | why |
|---|---|---|---|
${rows.join('\n')}

Days: ${days.join(', ') || 'none'}.`
}

function reasonLine({ rule, clause, inputs }: Reason): string {
  const given = Object.entries(inputs).map(([name, value]) => `${name} ${shown(name, value)}`)
  return `\`${rule}\` (${given.join(', ')}) [${clause}]`
}

/** Instants as times of day, so that a reader can compare them with the records. */
function shown(name: string, value: string | number | boolean | null): string {
  if (typeof value !== 'number') return String(value ?? '?')
  if (value > 1e12) return civilTime(value)
  return name.endsWith('Ms') ? `${minutesOf(value)} min` : String(value)
}

function claimSection(line: ClaimLine): string {
  const rows = line.reasons.map(({ rule, answer, inputs, clause, change }) => {
    const given = Object.entries(inputs).map(([name, value]) => `${name} ${value ?? '?'}`)
    return row([
      `\`${rule}\``,
      answer,
      given.join(', '),
      clause,
      change === null ? '–' : `${change.zh}（${change.en}）`,
    ])
  })
  return `### ${nameOf.get(line.person)}: \`${line.item}\`

Eligible: **${line.eligible}**. ${line.quantity ?? '?'} × ${line.unit ?? '?'}, \`computedFen\` ${line.computedFen ?? 'unknown'}, \`fen\` ${line.fen ?? 'unknown'}, paid to the ${line.payee ?? '?'}.

| rule | answer | inputs | origin | what would have to change |
|---|---|---|---|---|
${rows.join('\n')}`
}

function attendanceRow({ index, time, type, data }: LedgerEvent): string[] {
  if (type !== 'attendance') return []
  const when = `${civilDate(time.wall)} ${civilTime(time.wall)}`
  return [row([index, when, nameOf.get(data.person) ?? '?', data.session, data.direction, data.outcome])]
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
}

function sign(
  name: (typeof people)[number],
  session: SessionId,
  direction: 'in' | 'out',
  minute: number,
  outcome: 'verified' | 'doubtful' = 'verified',
): void {
  record(starts[session] + minute, {
    type: 'attendance',
    data: {
      ...{ class: CLASS, session, person: idOf(name), direction, outcome },
      ...{ reason: outcome === 'doubtful' ? 'face-unsure' : null, portrait: 'chip', face: null },
      ...{ act: null, reader: null, simulated: true },
    },
  })
}

/** The next event, so many minutes after the first morning's start. */
function record(minute: number, input: EventInput): void {
  const wall = MORNING + minute * MINUTE
  const time = { wall, boot: 'worked', boottime: wall - MORNING + 1e9, trust: 'simulated' as const }
  const index = events.length
  const head = { v: 1 as const, origin: 'shidao/station/0000000000000000', index, salt: '0'.repeat(32), time }
  events.push({ ...head, ...input } as LedgerEvent)
}
