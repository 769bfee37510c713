import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { type BenchScores, type PortraitCondition, scorePairs } from '../../src/face/bench.ts'
import { readGenuinePairs, readImageList } from '../../src/face/bench-files.ts'
import {
  falseMatchRate,
  type Interval,
  measureRates,
  type Rates,
  shareAtLeast,
  tarInterval,
  thresholdAt,
} from '../../src/face/rates.ts'
import { accuracyDocument } from './accuracy-document.ts'

/*
 * node build/models/calibrate.ts --genuine CSV --root DIR --population LIST --mixed LIST
 *
 * Measures the default engine on two lists of pictures, the kiosk's population and a mixed one, chooses the thresholds
 * on the population, and writes src/face/calibration.json and docs/face-accuracy.md.
 */

/** Share of impostors that may be taken for the person, one frame, in the population itself. */
const TARGET_FMR = 1e-3
/**
 * Share of impostors that may stay at or above `reject`, as doubtful cases for people to look at. Chosen from the
 * impostors' side because the genuine side's low tail hangs on a few pictures: see the document.
 */
const TARGET_DOUBTFUL = 0.05
const CONDITIONS: readonly PortraitCondition[] = ['orig', 'id75', 'id1k']

/** One list of pictures in one portrait condition. */
export interface Measurement {
  readonly list: 'mixed' | 'population'
  readonly condition: PortraitCondition
  readonly rates: Rates
  readonly people: number
  readonly n: { readonly genuine: number; readonly impostor: number }
  readonly failures: BenchScores['failures']
}

const { values } = parseArgs({
  options: {
    genuine: { type: 'string' },
    root: { type: 'string' },
    population: { type: 'string' },
    mixed: { type: 'string' },
  },
})
const { genuine: csv, root, population, mixed } = values
if (csv === undefined || root === undefined || population === undefined || mixed === undefined) {
  throw new Error('wanted: --genuine CSV --root DIR --population LIST --mixed LIST')
}

const recogniser = await ArcfaceRecogniser.open()
const genuine = readGenuinePairs(csv)
const inPopulation = new Map<PortraitCondition, BenchScores>()
const mixedImpostors = new Map<PortraitCondition, Float32Array>()
const measurements: Measurement[] = []
for (const [list, file] of [
  ['population', population],
  ['mixed', mixed],
] as const) {
  for (const condition of CONDITIONS) {
    const images = readImageList(file)
    const input = { images, genuine, root, portrait: condition }
    const scores = await scorePairs(recogniser, recogniser, input, () => undefined)
    if (list === 'population') inPopulation.set(condition, scores)
    else mixedImpostors.set(condition, scores.impostor.scores.toSorted())
    const n = { genuine: scores.genuine.scores.length, impostor: scores.impostor.scores.length }
    const rates = measureRates(scores)
    measurements.push({ list, condition, rates, people: scores.people, n, failures: scores.failures })
    console.log(list, condition, JSON.stringify({ ...rates, n, failures: scores.failures }))
  }
}

const calibration = calibrate()
const folder = join(import.meta.dirname, '../..')
writeFileSync(
  join(folder, 'src/face/calibration.json'),
  `${JSON.stringify({ arcface: calibration }, null, 2)}\n`,
)
writeFileSync(join(folder, 'docs/face-accuracy.md'), accuracyDocument(calibration, measurements))
await recogniser.close()

export type Calibration = ReturnType<typeof calibrate>

/** Thresholds on the population: `accept` must hold the false match rate in every condition. */
function calibrate() {
  const original = inPopulation.get('orig')!
  const card = inPopulation.get('id1k')!
  const everyCondition = [...inPopulation.values()]
  const holding = (far: number) =>
    Math.ceil(
      Math.max(...everyCondition.map(({ impostor }) => thresholdAt(impostor.scores.toSorted(), far) ?? 1)) *
        100,
    ) / 100
  const accept = holding(TARGET_FMR)
  const reject = holding(TARGET_DOUBTFUL)
  const genuineOnOriginal = original.genuine.scores.toSorted()
  const genuineOnCard = card.genuine.scores.toSorted()
  const onOriginal = falseMatchRate(original, accept)
  const onCard = falseMatchRate(card, accept)
  return {
    model: recogniser.model,
    accept,
    reject,
    fmr: TARGET_FMR,
    population: `East-Asian surnames in the LFW development half: ${original.people} people, ${original.impostor.scores.length} impostor pairs`,
    measured: {
      fmrAtAccept: { orig: onOriginal.rate, id1k: onCard.rate },
      fmrInterval95: { orig: ends(onOriginal.interval95), id1k: ends(onCard.interval95) },
      tarAtAccept: {
        orig: shareAtLeast(genuineOnOriginal, accept),
        id1k: shareAtLeast(genuineOnCard, accept),
      },
      fnmrAtReject: {
        orig: 1 - shareAtLeast(genuineOnOriginal, reject),
        id1k: 1 - shareAtLeast(genuineOnCard, reject),
      },
      fnmrAtRejectInterval95: { id1k: missed(tarInterval(card, reject)) },
      fmrAtAcceptMixed: { orig: shareAtLeast(mixedImpostors.get('orig')!, accept) },
      fmrAtReject: { id1k: falseMatchRate(card, reject).rate },
    },
  }
}

function missed([low, high]: Interval) {
  return { low: 1 - high, high: 1 - low }
}

function ends([low, high]: Interval) {
  return { low, high }
}
