import { civilDate, civilTime } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'
import { type ClassPattern, classPattern } from '../inspect/class-pattern.ts'
import { type VisitFacts, visitFacts } from '../inspect/visit-facts.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'
import { classOf } from './inspect-desk.ts'
import { openForProof } from './log-prove.ts'

const options = {
  class: { type: 'string' },
  data: { type: 'string' },
  at: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `inspect facts`: only reads, also beside a running station. `--at` is an ISO time, else it is now. */
export async function facts(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, options)
  const at = values.at === undefined ? Date.now() : Date.parse(values.at)
  if (Number.isNaN(at)) throw new Fault('USAGE_INSPECT', '--at takes a time such as 2026-03-02T09:00+08:00')
  const answer = visitFacts(readEvents(values.data), classOf(values), at)
  if (answer === null) throw new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger')
  printAnswer(values.json, answer, factLines(answer))
  return EXIT.yes
}

/** `inspect pattern`: only reads. Exit 0 whatever the score: it is no verdict. */
export async function pattern(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, options)
  const answer = classPattern(readEvents(values.data), classOf(values))
  if (answer === null) throw new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger')
  printAnswer(values.json, answer, patternLines(answer))
  return EXIT.yes
}

function readEvents(dir: string | undefined): LedgerEvent[] {
  const ledger = openForProof(dir ?? defaultDataFolder())
  try {
    return [...ledger.events()].map(({ event }) => event)
  } finally {
    ledger.close()
  }
}

function factLines(given: VisitFacts): string[] {
  const { session, filing, receipt, portraits } = given
  return [
    ...(given.simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
    `class ${given.class}  ${given.title}`,
    filing === null
      ? 'filing: none in this ledger'
      : `filing: ${filing.institution}, ${filing.occupation} ${filing.level}, ${filing.from} to ${filing.to}, ${filing.basis}`,
    `room: ${given.room ?? 'none was named'}`,
    session === null
      ? 'no session now'
      : `session ${session.id}, ${civilTime(session.start)}–${civilTime(session.end)}`,
    `expected ${given.expected}, signed in ${given.signedIn}, not signed out ${given.present}, counted in the room ${given.headcount ?? '–'}`,
    `doubtful and undecided ${given.openDoubts}, acts by hand ${given.manualActs}, without a chip or official portrait ${given.enrolledOnSite}`,
    `times that no receipt bounds ${given.untrustedTimes}, clock jumps ${given.clockJumps}`,
    `camera changes ${given.cameraChanges}, reader changes ${given.readerChanges}`,
    receipt === null
      ? 'no receipt: nobody outside has seen this ledger'
      : `last receipt ${civilDate(receipt.time)} ${civilTime(receipt.time)} from ${receipt.witness}, ${receipt.behind} events since`,
    `portraits: chip ${portraits.chip}, official ${portraits.official}, enrolled ${portraits.enrolled}, none ${portraits.none}`,
  ]
}

function patternLines({
  score,
  threshold,
  features,
  limits,
  simulated,
  people,
  sessions,
}: ClassPattern): string[] {
  return [
    ...limits,
    ...(simulated ? ['SIMULATED 模拟: none of this is anybody’s attendance'] : []),
    `${people} people, ${sessions} sessions`,
    score === null
      ? 'too little for a score'
      : `score ${score.toFixed(2)}; worth a visit from ${threshold.toFixed(2)}`,
    ...features.map(({ name, points, explanation }) => `${points.toFixed(2)}  ${name}: ${explanation}`),
  ]
}
