import { Fault } from '../../../common/fault.ts'
import { type ShareInterval, wilsonInterval } from '../../../common/proportion.ts'
import { failed, ok, type Result } from '../../../common/result.ts'
import { ATTACK_INSTRUMENTS, type AttackInstrument, type Presented } from './instruments.ts'
import { type JudgedBy, type Presentation, type RedteamLog, sameJudge } from './log.ts'

/** `share` is null without a trial. */
export interface CountedShare {
  readonly hits: number
  readonly of: number
  readonly share: number | null
  /** Wilson, 95 %. Takes presentations as independent, which those of one person or device are not. */
  readonly interval95: ShareInterval
}

/** What came of the presentations of one kind. Shares are of those in which a face was found. */
export interface Outcomes {
  readonly presentations: number
  /** No face was found: no response, which is neither a pass nor a find (APNRR, BPNRR of ISO/IEC 30107-3). */
  readonly noFace: number
  /** Different people who were shown, by the operator's marks. */
  readonly people: number
  readonly passes: CountedShare
  readonly asked: CountedShare
  readonly calledAttack: CountedShare
  /** Fused score at or above `bonaFide`, whatever a layer's doubt or find made of the verdict. */
  readonly atThreshold: CountedShare
}

export interface InstrumentRates extends Outcomes {
  readonly instrument: AttackInstrument
  /** The passes among its presentations with each device. */
  readonly devices: readonly { readonly device: string | null; readonly passes: CountedShare }[]
}

export type RedteamWarning =
  | { readonly code: 'few'; readonly presented: Presented; readonly of: number }
  | { readonly code: 'none'; readonly presented: Presented }
  | { readonly code: 'few-people'; readonly people: number }
  | { readonly code: 'pictures'; readonly count: number }

/** ISO/IEC 30107-3: APCER by instrument, the worst species for all of them, BPCER. */
export interface RedteamRates {
  readonly threshold: number
  /** `calledAttack` is the BPCER. */
  readonly bonaFide: Outcomes
  /** `passes` is the APCER. Only of instruments that were presented. */
  readonly instruments: readonly InstrumentRates[]
  /** The device of an instrument that most passed with; of equals the one with fewer presentations. Null without attacks. */
  readonly worst: {
    readonly instrument: AttackInstrument
    readonly device: string | null
    readonly passes: CountedShare
  } | null
  readonly warnings: readonly RedteamWarning[]
}

/** An error rate of this much can be claimed from `LEAST_PRESENTATIONS` on: with fewer, not even none of them shows it. */
export const RATE_TO_SHOW = 0.05
export const LEAST_PRESENTATIONS = leastToShow(RATE_TO_SHOW)

/** Fewer people than this say little about others: a judgement. */
const LEAST_PEOPLE = 10

/** The presentations of one test or of several that were judged alike. */
export interface JudgedPresentations {
  readonly judgedBy: JudgedBy
  readonly presentations: readonly Presentation[]
}

/** Counts them. */
export function redteamRates({ presentations, judgedBy }: JudgedPresentations): RedteamRates {
  const threshold = judgedBy.calibration.bonaFide
  const of = (presented: Presentation['presented']) =>
    presentations.filter((one) => one.presented === presented)
  const bonaFide = outcomesOf(of('bona-fide'), threshold)
  const instruments = ATTACK_INSTRUMENTS.filter((instrument) => of(instrument).length > 0).map(
    (instrument) => ({
      instrument,
      ...outcomesOf(of(instrument), threshold),
      devices: devicesOf(of(instrument)),
    }),
  )
  const warnings = [...warningsOf(bonaFide, instruments), ...pictureWarning(presentations)]
  return { threshold, bonaFide, instruments, worst: worstOf(instruments), warnings }
}

/**
 * The presentations of several logs together. `FACE_REDTEAM_MIXED` when they were judged by different programs, weights or thresholds,
 * `FACE_REDTEAM_TWICE` when one film is in two of them, or twice in one.
 */
export function sumLogs(logs: readonly [RedteamLog, ...RedteamLog[]]): Result<JudgedPresentations> {
  const [{ judgedBy }] = logs
  if (!logs.every((log) => sameJudge(log.judgedBy, judgedBy))) {
    return failed(
      new Fault(
        'FACE_REDTEAM_MIXED',
        'the logs are of different programs, weights or thresholds: judge the films again',
      ),
    )
  }
  const presentations = logs.flatMap((log) => log.presentations)
  const seen = new Set<string>()
  for (const { sha256 } of presentations) {
    if (seen.has(sha256)) {
      return failed(
        new Fault('FACE_REDTEAM_TWICE', `the film ${sha256.slice(0, 12)}… is in these logs twice`),
      )
    }
    seen.add(sha256)
  }
  return ok({ judgedBy, presentations })
}

function outcomesOf(presentations: readonly Presentation[], threshold: number): Outcomes {
  const seen = presentations.filter(({ verdict }) => verdict !== 'no-face')
  const share = (isHit: (one: Presentation) => boolean) => counted(seen.filter(isHit).length, seen.length)
  return {
    presentations: presentations.length,
    noFace: presentations.length - seen.length,
    people: new Set(presentations.flatMap(({ person }) => (person === null ? [] : [person]))).size,
    passes: share(({ verdict }) => verdict === 'bonaFide'),
    asked: share(({ verdict }) => verdict === 'unsure'),
    calledAttack: share(({ verdict }) => verdict === 'attack'),
    atThreshold: share(({ score }) => score !== null && score >= threshold),
  }
}

function devicesOf(presentations: readonly Presentation[]): InstrumentRates['devices'] {
  const groups = Map.groupBy(presentations, ({ device }) => device)
  return [...groups].map(([device, ones]) => {
    const seen = ones.filter(({ verdict }) => verdict !== 'no-face')
    return {
      device,
      passes: counted(seen.filter(({ verdict }) => verdict === 'bonaFide').length, seen.length),
    }
  })
}

function worstOf(instruments: readonly InstrumentRates[]): RedteamRates['worst'] {
  const species = instruments.flatMap(({ instrument, devices }) =>
    devices.flatMap((one) => (one.passes.share === null ? [] : [{ instrument, ...one }])),
  )
  const byShare = species.toSorted(
    (a, b) => b.passes.share! - a.passes.share! || b.passes.interval95[1] - a.passes.interval95[1],
  )
  return byShare[0] ?? null
}

function warningsOf(bonaFide: Outcomes, instruments: readonly InstrumentRates[]): RedteamWarning[] {
  const warnings = fewWarning('bona-fide', bonaFide)
  for (const rates of instruments) warnings.push(...fewWarning(rates.instrument, rates))
  const { people } = bonaFide
  if (people < LEAST_PEOPLE) warnings.push({ code: 'few-people', people })
  return warnings
}

function fewWarning(presented: Presented, { passes: { of } }: Outcomes): RedteamWarning[] {
  if (of === 0) return [{ code: 'none', presented }]
  return of < LEAST_PRESENTATIONS ? [{ code: 'few', presented, of }] : []
}

function pictureWarning(presentations: readonly Presentation[]): RedteamWarning[] {
  const count = presentations.filter(({ frames }) => frames === 1).length
  return count === 0 ? [] : [{ code: 'pictures', count }]
}

function counted(hits: number, of: number): CountedShare {
  return { hits, of, share: of === 0 ? null : hits / of, interval95: wilsonInterval(hits, of) }
}

function leastToShow(rate: number): number {
  let trials = 1
  while (wilsonInterval(0, trials)[1] > rate) trials++
  return trials
}
