import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { clopperPearson } from '../../src/common/proportion.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { ArcfaceRecogniser } from '../../src/face/arcface-recogniser.ts'
import { personOf } from '../../src/face/bench.ts'
import { readGenuinePairs, readImageList } from '../../src/face/bench-files.ts'
import type { DuplicateThreshold, MeasuredPairs } from '../../src/face/duplicate-threshold.ts'
import { decodeImage } from '../../src/face/image.ts'
import { fitImpostorTail, type ImpostorTail, scoreAtRate } from '../../src/face/impostor-tail.ts'
import type { Interval } from '../../src/face/rates.ts'
import type { Template } from '../../src/face/recogniser.ts'
import { measureSearchCost } from './duplicate-search-cost.ts'
import { duplicateSection } from './duplicate-section.ts'
import { remembered } from './remembered-recogniser.ts'

/*
 * node build/models/duplicate-threshold.ts --genuine CSV --root DIR --population LIST --mixed LIST [--cache DIR]
 *
 * Chooses the score from which two identities of a class are taken for one face, and writes
 * src/face/duplicate-threshold.json and the generated section of docs/duplicates.md. Both sides of a pair are read as camera
 * frames are. The default engine only: another one has no threshold, and then nothing is searched.
 */

const TARGET_FMR = 1e-5
/** Share of the pairs that the tail is fitted to; the document shows what others give. */
const TAIL_SHARE = 0.02
const OTHER_SHARES = [0.05, 0.02, 0.01, 0.005]
const LEVELS = [1e-3, 1e-4, TARGET_FMR]
/** A rate is the data's own where so many pairs decide it. */
const DECIDING = 10
const STEPS = 200
const DRAWS = 1000

const { values } = parseArgs({
  options: {
    genuine: { type: 'string' },
    root: { type: 'string' },
    population: { type: 'string' },
    mixed: { type: 'string' },
    cache: { type: 'string' },
  },
})
const { genuine: csv, root, population, mixed } = values
if (csv === undefined || root === undefined || population === undefined || mixed === undefined) {
  throw new Error('wanted: --genuine CSV --root DIR --population LIST --mixed LIST [--cache DIR]')
}
const cache = values.cache ?? mkdtempSync(join(tmpdir(), 'shidao-duplicates-'))

/** Nothing is decided with these. */
const thresholds = { accept: 1, reject: 1, fmr: 0, population: '' }
const opened = await ArcfaceRecogniser.open({ thresholds })
const recogniser = remembered(opened, cache)
const found = new Map<string, Template | null>()
const lists = {
  population: await crossPairs(readImageList(population)),
  mixed: await crossPairs(readImageList(mixed)),
}

const target = levelOf(lists.population, TARGET_FMR)
// The careful end: the interval's upper bound, rounded up.
const threshold = Math.ceil(target.interval95[1] * STEPS) / STEPS
const entry: Omit<DuplicateThreshold, 'targetFmr'> = {
  model: recogniser.model,
  threshold,
  extrapolated: target.from === 'fit',
  population: `East-Asian surnames in the LFW development half: ${lists.population.people} people, ${lists.population.scores.length} impostor pairs`,
  measured: (['population', 'mixed'] as const).map((list) => measured(list, lists[list])),
  genuine: await genuineShare(readGenuinePairs(csv), threshold),
}
await opened.close()

const folder = join(import.meta.dirname, '../..')
const json = JSON.stringify({ targetFmr: TARGET_FMR, models: { [entry.model.sha256]: entry } }, null, 2)
const paired = json.replace(/\[\s+([^\s,[\]{}]+),\s+([^\s,[\]{}]+)\s+\]/g, '[$1, $2]')
writeFileSync(join(folder, 'src/face/duplicate-threshold.json'), `${paired}\n`)
const cost = [60, 300, 1000].map((people) => measureSearchCost(people))
const page = join(folder, 'docs/duplicates.md')
const section = duplicateSection({ ...entry, targetFmr: TARGET_FMR }, { tailShare: TAIL_SHARE, cost })
writeFileSync(page, withSection(readFileSync(page, 'utf8'), section))

/** Cross-person pairs of a list: scores ascending, with the people behind each. */
interface CrossPairs {
  readonly people: number
  /** Pictures of each person in which a face was found. */
  readonly pictures: Float64Array
  readonly scores: Float32Array
  readonly personA: Uint32Array
  readonly personB: Uint32Array
}

async function crossPairs(images: readonly string[]): Promise<CrossPairs> {
  const names = [...new Set(images.map(personOf))]
  const index = new Map(names.map((name, i) => [name, i]))
  const faces: { person: number; embedding: Float32Array }[] = []
  for (const image of images) {
    const template = await templateOf(image)
    if (template !== null) faces.push({ person: index.get(personOf(image))!, embedding: template.embedding })
  }
  const pictures = new Float64Array(names.length)
  for (const { person } of faces) pictures[person]! += 1
  const count = pairsOf(pictures)
  const scores = new Float32Array(count)
  const people = [new Uint32Array(count), new Uint32Array(count)] as const
  let next = 0
  for (const [i, a] of faces.entries()) {
    for (const b of faces.slice(i + 1)) {
      if (a.person === b.person) continue
      scores[next] = dot(a.embedding, b.embedding)
      people[0][next] = a.person
      people[1][next] = b.person
      next++
    }
  }
  const order = new Uint32Array(count).map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  const sorted = <T extends Float32Array | Uint32Array>(values: T): T =>
    values.map((_, i) => values[order[i]!]!) as T
  console.log(images.length, 'pictures', faces.length, 'with a face', count, 'pairs')
  return {
    people: names.length,
    pictures,
    scores: sorted(scores),
    personA: sorted(people[0]),
    personB: sorted(people[1]),
  }
}

async function templateOf(image: string): Promise<Template | null> {
  const known = found.get(image)
  if (known !== undefined) return known
  const decoded = await decodeImage(readFileSync(join(root!, image)))
  const [face] = decoded.ok ? await recogniser.analyse(decoded.value.image, 'frame') : []
  found.set(image, face?.template ?? null)
  return face?.template ?? null
}

/** The score that a share `fmr` of the pairs reaches: counted where enough pairs decide, else by the fitted tail. */
function levelOf(pairs: CrossPairs, fmr: number): MeasuredPairs['levels'][number] {
  const { scores, people } = pairs
  const fromData = scores.length * fmr >= DECIDING
  const tailShare = fromData ? Math.max(2 * fmr, 200 / scores.length) : TAIL_SHARE
  const first = scores.length - Math.ceil(scores.length * tailShare)
  const from = scores[first - 1]!
  const score = fromData
    ? scores[scores.length - Math.ceil(scores.length * fmr)]!
    : scoreAtRate(fitAbove(pairs, first)!, fmr)
  const random = pseudoRandom(20_260_101)
  const weight = new Float64Array(people)
  const drawn: number[] = []
  for (let draw = 0; draw < DRAWS; draw++) {
    weight.fill(0)
    for (let i = 0; i < people; i++) weight[Math.floor(random() * people)]! += 1
    const total = pairsOf(pairs.pictures.map((count, person) => count * weight[person]!))
    const weights = Float64Array.from({ length: scores.length - first }, (_, i) => {
      return weight[pairs.personA[first + i]!]! * weight[pairs.personB[first + i]!]!
    })
    const above = { scores: scores.subarray(first), weights }
    if (fromData) drawn.push(weightedLevel(above, total * fmr) ?? from)
    else {
      const tail = fitImpostorTail(above, from, total)
      if (tail !== null) drawn.push(scoreAtRate(tail, fmr))
    }
  }
  const ascending = Float64Array.from(drawn).sort()
  const at = (share: number) => ascending[Math.floor(share * (ascending.length - 1))] ?? 1
  return {
    fmr,
    score: round(score),
    interval95: [round(at(0.025)), round(at(0.975))],
    from: fromData ? 'data' : 'fit',
  }
}

function fitAbove(pairs: CrossPairs, first: number): ImpostorTail | null {
  const { scores } = pairs
  return fitImpostorTail({ scores: scores.subarray(first) }, scores[first - 1]!, scores.length)
}

/** The highest score that at least `wanted` of the weight reaches. */
function weightedLevel(
  above: { scores: Float32Array; weights: Float64Array },
  wanted: number,
): number | null {
  let sum = 0
  for (let i = above.scores.length - 1; i >= 0; i--) {
    sum += above.weights[i]!
    if (sum >= wanted) return above.scores[i]!
  }
  return null
}

function measured(list: MeasuredPairs['list'], pairs: CrossPairs): MeasuredPairs {
  const { scores, people } = pairs
  const reached = scores.length - scores.findIndex((score) => score >= threshold)
  const hits = scores.at(-1)! >= threshold ? reached : 0
  return {
    list,
    people,
    pairs: scores.length,
    highest: round(scores.at(-1)!),
    endOfData: DECIDING / scores.length,
    atThreshold: { pairs: hits, rate: hits / scores.length, interval95: clopperPearson(hits, scores.length) },
    levels: LEVELS.map((fmr) => levelOf(pairs, fmr)),
    fits: OTHER_SHARES.map((share) => {
      const tail = fitAbove(pairs, scores.length - Math.ceil(scores.length * share))!
      return { share, shape: round(tail.shape), score: round(scoreAtRate(tail, TARGET_FMR)) }
    }),
  }
}

async function genuineShare(listed: readonly (readonly [string, string])[], at: number) {
  const clusters = new Map<string, { hits: number; trials: number }>()
  for (const [a, b] of listed) {
    const [one, other] = [await templateOf(a), await templateOf(b)]
    if (one === null || other === null) continue
    const cluster = clusters.get(personOf(a)) ?? { hits: 0, trials: 0 }
    cluster.trials++
    if (dot(one.embedding, other.embedding) >= at) cluster.hits++
    clusters.set(personOf(a), cluster)
  }
  const people = [...clusters.values()]
  const shareOf = (drawn: readonly { hits: number; trials: number }[]) =>
    drawn.reduce((sum, { hits }) => sum + hits, 0) / drawn.reduce((sum, { trials }) => sum + trials, 0)
  const random = pseudoRandom(20_260_102)
  const draw = () => people.map(() => people[Math.floor(random() * people.length)]!)
  const shares = Float64Array.from({ length: DRAWS }, () => shareOf(draw())).sort()
  const interval95: Interval = [round(shares[24]!), round(shares[974]!)]
  return {
    pairs: people.reduce((sum, { trials }) => sum + trials, 0),
    share: round(shareOf(people)),
    interval95,
  }
}

/** Pairs of pictures of different people. */
function pairsOf(pictures: Float64Array): number {
  const all = pictures.reduce((sum, count) => sum + count, 0)
  return (all * all - pictures.reduce((sum, count) => sum + count * count, 0)) / 2
}

function dot(a: Float32Array, b: Float32Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!
  return product
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

/** Replaces what is between the two marks. */
function withSection(text: string, written: string): string {
  const [begin, end] = ['<!-- threshold: by build/models/duplicate-threshold.ts -->', '<!-- /threshold -->']
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before === -1 || after < before) throw new Error('docs/duplicates.md has no place for the threshold')
  return `${text.slice(0, before + begin.length)}\n${written}\n${text.slice(after)}`
}
