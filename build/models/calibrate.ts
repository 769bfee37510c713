import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { type BenchScores, type PortraitCondition, scorePairs } from '../../src/face/bench.ts'
import { readGenuinePairs, readImageList } from '../../src/face/bench-files.ts'
import type {
  EngineCalibration,
  MeasuredAt,
  MeasuredCondition,
} from '../../src/face/calibrated-thresholds.ts'
import { FaceApiRecogniser } from '../../src/face/face-api-recogniser.ts'
import {
  falseMatchRate,
  measureRates,
  type Rates,
  shareAtLeast,
  tarInterval,
  thresholdAt,
} from '../../src/face/rates.ts'
import type { Recogniser, Thresholds } from '../../src/face/recogniser.ts'
import { accuracyDocument, comparisonTable } from './accuracy-document.ts'
import { remembered } from './remembered-recogniser.ts'

/*
 * node build/models/calibrate.ts --genuine CSV --root DIR --population LIST --mixed LIST [--cache DIR] [--sample N]
 *
 * Measures every engine on two lists of pictures, the kiosk's population and a mixed one, chooses its thresholds on the
 * population, and writes src/face/calibration.json, docs/face-accuracy.md and the table in README.md.
 * --sample measures engines other than the default one on the first N pictures of the mixed list: they are slow.
 * With --cache a run that was cut off goes on where it was; empty the folder after a change of code.
 */

/** Share of impostors that may be taken for the person, one frame, in the population itself. */
const TARGET_FMR = 1e-3
/**
 * Share of impostors that may stay at or above `reject`, as doubtful cases for people to look at. Chosen from the
 * impostors' side because the genuine side's low tail hangs on a few pictures: see the document.
 */
const TARGET_DOUBTFUL = 0.05
/** Thresholds are whole parts of this: fine enough for an engine whose scores lie close together. */
const STEPS = 200
const CONDITIONS: readonly PortraitCondition[] = ['orig', 'id75', 'id1k']

/** One engine on one list of pictures in one portrait condition. */
export interface Measurement extends MeasuredCondition {
  readonly rates: Rates
  readonly people: number
  readonly n: { readonly genuine: number; readonly impostor: number }
  readonly failures: BenchScores['failures']
}

/** An engine with everything measured of it. */
export interface MeasuredEngine extends EngineCalibration {
  readonly measured: readonly Measurement[]
}

const { values } = parseArgs({
  options: {
    genuine: { type: 'string' },
    root: { type: 'string' },
    population: { type: 'string' },
    mixed: { type: 'string' },
    cache: { type: 'string' },
    sample: { type: 'string' },
  },
})
const { genuine: csv, root, population, mixed } = values
if (csv === undefined || root === undefined || population === undefined || mixed === undefined) {
  throw new Error('wanted: --genuine CSV --root DIR --population LIST --mixed LIST [--cache DIR]')
}
const cache = values.cache ?? mkdtempSync(join(tmpdir(), 'shidao-calibrate-'))
const lists = { population: readImageList(population), mixed: readImageList(mixed) }
const sample = values.sample === undefined ? lists.mixed.length : Number(values.sample)
if (!(sample > 0)) throw new Error('--sample takes a number from 1')
const genuine = readGenuinePairs(csv)

/** Nothing is compared with these: they only let weights that have no thresholds yet be opened. */
const thresholds: Thresholds = { accept: 1, reject: 1, fmr: 0, population: '' }
const portraitist = await ArcfaceRecogniser.open({ thresholds })
const engines: MeasuredEngine[] = [
  await measure(portraitist, null),
  // The package's FaceMatcher takes a Euclidean distance of up to 0.6 for the same person.
  await measure(await FaceApiRecogniser.open({ thresholds }), 1 - 0.6),
]
await portraitist.close()

const folder = join(import.meta.dirname, '../..')
const readme = join(folder, 'README.md')
// Pairs of numbers on one line, as the formatter wants them.
const json = JSON.stringify(calibrationFile(), null, 2).replace(
  /\[\s+([^\s,[\]]+),\s+([^\s,[\]]+)\s+\]/g,
  '[$1, $2]',
)
writeFileSync(join(folder, 'src/face/calibration.json'), `${json}\n`)
writeFileSync(join(folder, 'docs/face-accuracy.md'), accuracyDocument(engines, TARGET_FMR))
writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), comparisonTable(engines)))

/** Without a threshold of the library's own, the default is what mixed pictures would have given. */
async function measure(recogniser: Recogniser, libraryDefault: number | null): Promise<MeasuredEngine> {
  const remembering = remembered(recogniser, cache)
  const score = async (list: Measurement['list'], near: number | null) => {
    const scored: { list: Measurement['list']; portrait: PortraitCondition; scores: BenchScores }[] = []
    for (const portrait of CONDITIONS) {
      const isSampled = list === 'mixed' && recogniser !== portraitist
      const images = isSampled ? lists.mixed.slice(0, sample) : lists[list]
      const input = { images, genuine, root: root!, portrait, near }
      const scores = await scorePairs(remembering, portraitist, input, () => undefined)
      scored.push({ list, portrait, scores })
      console.log(recogniser.engine, list, portrait, near, JSON.stringify(scores.failures))
    }
    return scored
  }
  const inPopulationAt = async (near: number | null) =>
    (await score('population', near)).map(({ scores }) => scores)
  // Scores near `accept` are looked at twice, so it takes an `accept` to measure one: the second is that of the first's.
  const accept = holding(await inPopulationAt(holding(await inPopulationAt(null), TARGET_FMR)), TARGET_FMR)
  const scored = [...(await score('population', accept)), ...(await score('mixed', accept))]
  const inPopulation = scored.filter(({ list }) => list === 'population').map(({ scores }) => scores)
  const reject = holding(inPopulation, TARGET_DOUBTFUL)
  const [original] = inPopulation
  const mixedOriginal = scored.find(({ list, portrait }) => list === 'mixed' && portrait === 'orig')!
  const byDefault = libraryDefault ?? holding([mixedOriginal.scores], TARGET_FMR)
  return {
    engine: recogniser.engine,
    model: recogniser.model,
    accept,
    reject,
    population: `East-Asian surnames in the LFW development half: ${original!.people} people, ${original!.impostor.scores.length} impostor pairs`,
    measured: scored.map(({ list, portrait, scores }) => ({
      list,
      portrait,
      atAccept: measureAt(scores, accept),
      atReject: measureAt(scores, reject),
      atDefault: measureAt(scores, byDefault),
      rates: measureRates(scores),
      people: scores.people,
      n: { genuine: scores.genuine.scores.length, impostor: scores.impostor.scores.length },
      failures: scores.failures,
    })),
  }
}

/** Lowest threshold, in steps of 1/`STEPS`, that keeps impostors at or below `far` in every portrait condition. */
function holding(conditions: readonly BenchScores[], far: number): number {
  const lowest = conditions.map(({ impostor }) => thresholdAt(impostor.scores.toSorted(), far) ?? 1)
  return Math.ceil(Math.max(...lowest) * STEPS) / STEPS
}

function measureAt(scores: BenchScores, threshold: number): MeasuredAt {
  const { rate, interval95 } = falseMatchRate(scores, threshold)
  return {
    threshold,
    tar: {
      rate: shareAtLeast(scores.genuine.scores.toSorted(), threshold),
      interval95: tarInterval(scores, threshold),
    },
    fmr: { rate, interval95 },
  }
}

function calibrationFile() {
  const entries = engines.map(({ engine, model, accept, reject, population: people, measured }) => {
    const kept = measured.map(({ list, portrait, atAccept, atReject, atDefault }) => {
      return { list, portrait, atAccept, atReject, atDefault }
    })
    return [model.sha256, { engine, model, accept, reject, population: people, measured: kept }] as const
  })
  return { fmr: TARGET_FMR, engines: Object.fromEntries(entries) }
}

/** Replaces what is between the two marks in README.md. */
function withTable(text: string, table: string): string {
  const [begin, end] = ['<!-- engines: by build/models/calibrate.ts -->', '<!-- /engines -->']
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before === -1 || after < before) throw new Error('README.md has no place for the table of engines')
  return `${text.slice(0, before + begin.length)}\n${table}\n${text.slice(after)}`
}
