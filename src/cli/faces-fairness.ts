import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { birthOf, parseCitizenNumber, sexOf } from '../cards/codec/citizen-number.ts'
import { ethnicityName } from '../cards/codec/ethnicity.ts'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { fairnessReport, type TemplateComparison } from '../inspect/fairness.ts'
import { fairnessDocument } from '../inspect/fairness-document.ts'
import type { PersonAttributes } from '../inspect/fairness-groups.ts'
import { pairName } from '../inspect/fairness-trials.ts'
import { keptCardFacts } from '../station/card-facts.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { keptLiveTemplate } from '../station/duplicates/live-template.ts'
import { scorePairs } from '../station/duplicates/search.ts'
import { Recorder } from '../station/recorder.ts'
import { personIdentity } from '../station/setup.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { secret } from './staff.ts'

export const usage =
  'shidao faces fairness --by ACTOR [--out FILE.md] [--data DIR] [--json]   errors of the face check by groups of people; a supervisor’s PIN is asked for, or SHIDAO_PIN'

/**
 * Counts the face check's errors by groups. Identity records are opened for it, so a supervisor signs and the act is an event
 * with the sha256 of what was given out, as with exports: the JSON, or the file of `--out`.
 */
export async function fairness(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    by: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { by, out } = values
  if (by === undefined || positionals.length > 0)
    throw new Fault('USAGE_FACES', 'faces fairness takes --by ACTOR')
  if (out !== undefined && statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Fault('EXPORT_WRITE', `${out} is a folder; --out takes a file`)
  }
  const data = openStation(values.data ?? defaultDataFolder(), { clock: systemClock() })
  try {
    const signer = { actor: by, pin: await secret('SHIDAO_PIN', 'PIN: ') }
    const staff = new Staff(data)
    // Before anything is opened: a stranger sees nothing, however little it is.
    unwrap(staff.sign({ act: 'authenticate' }, [signer], 'supervisor'))
    const roll = new ClassRoll()
    const recorder = new Recorder(data, roll)
    const events = [...data.ledger.events()].map(({ event }) => event)
    const models = new Map(
      events.flatMap((event) =>
        (event.type === 'attendance' || event.type === 'refusal') && event.data.face !== null
          ? [[event.data.face.model.sha256, event.data.face.model] as const]
          : [],
      ),
    )
    const comparisons = [...models.values()].flatMap((model) => compareInClasses(data, roll, model))
    const report = fairnessReport({
      events,
      attributesOf: (person) => attributesOf(data, person),
      comparisons,
    })
    const json = `${JSON.stringify(report, null, 2)}\n`
    const document = fairnessDocument(report, { origin: data.ledger.origin, sha256: hashOf(json) })
    const given = out === undefined && values.json ? json : document
    const counted = {
      sha256: hashOf(given),
      people: report.overall.nonMatch?.people ?? 0,
      checks: report.overall.nonMatch?.checks ?? 0,
      pairs: report.overall.match?.pairs ?? 0,
    }
    const record = () => {
      const act = unwrap(staff.sign({ act: 'fairness.report', ...counted }, [signer], 'supervisor'))
      recorder.append({ type: 'fairness.report', data: { ...counted, act } })
    }
    if (out === undefined) record()
    else writeWholeFile(out, Buffer.from(document), record)
    printAnswer(
      values.json,
      report,
      out === undefined ? [document.trimEnd()] : [`${out}  sha256 ${counted.sha256}`],
    )
    return EXIT.yes
  } finally {
    data.close()
  }
}

/** Pairs of people of one class who agreed to comparing; a pair that sits in two classes counts once. */
function compareInClasses(
  data: StationData,
  roll: ClassRoll,
  model: { readonly name: string; readonly sha256: string },
): TemplateComparison[] {
  const pairs = roll.classIds().flatMap((classId) => {
    const people = roll.seated(classId).flatMap((person) => {
      if (!roll.mayFindDuplicates(classId, person)) return []
      const template = keptLiveTemplate(data.side, person, model)
      return template === null ? [] : [{ person, template }]
    })
    return scorePairs(people, { model })
  })
  const once = new Map(pairs.map((pair) => [pairName(pair.people), { ...pair, model: model.sha256 }]))
  return [...once.values()]
}

/** What the sealed records say; null for what nobody kept. */
function attributesOf(data: StationData, person: string): PersonAttributes {
  const number = parseCitizenNumber(personIdentity(data, person)?.number ?? '')
  const facts = keptCardFacts(data.side, person)
  return {
    birth: number && birthOf(number),
    sex: number && (sexOf(number) === '1' ? 'male' : 'female'),
    ethnicity: facts?.ethnicity == null ? null : (ethnicityName(facts.ethnicity) ?? null),
    cardIssued: facts?.validFrom ?? null,
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
