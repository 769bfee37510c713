import type { Presented } from '../face/liveness/redteam/instruments.ts'
import {
  type CountedShare,
  LEAST_PRESENTATIONS,
  RATE_TO_SHOW,
  type RedteamRates,
  type RedteamWarning,
} from '../face/liveness/redteam/rates.ts'
import { GUIDANCE, NOTES } from './redteam-words.ts'

/** The rates as lines for people: a row an instrument, the worst, what the figures don't bear. */
export function redteamLines({ bonaFide, instruments, worst, warnings, threshold }: RedteamRates): string[] {
  const rows = [
    [
      '',
      'n',
      '无脸 no face',
      '放过 passes (APCER)',
      '追问 asked',
      '识破 called an attack',
      `score ≥ ${threshold}`,
    ],
    ...instruments.map((rates) => [
      GUIDANCE[rates.instrument].name,
      String(rates.presentations),
      String(rates.noFace),
      ...[rates.passes, rates.asked, rates.calledAttack, rates.atThreshold].map(shown),
    ]),
  ]
  const honest = [
    [
      '',
      'n',
      '无脸 no face',
      '通过 passes',
      '追问 asked',
      '误判 called an attack (BPCER)',
      `score < ${threshold}`,
    ],
    [
      GUIDANCE['bona-fide'].name,
      String(bonaFide.presentations),
      String(bonaFide.noFace),
      ...[bonaFide.passes, bonaFide.asked, bonaFide.calledAttack, others(bonaFide.atThreshold)].map(shown),
    ],
  ]
  const worstLine =
    worst === null
      ? []
      : [
          `最差 worst: ${GUIDANCE[worst.instrument].name}${worst.device === null ? '' : `, ${worst.device}`}: APCER ${shown(worst.passes)}`,
        ]
  return [
    ...(instruments.length === 0 ? [] : [...table(rows), ...worstLine, '']),
    ...table(honest),
    '',
    ...warnings.map((warning) => `! ${warningLine(warning)}`),
    NOTES.limits,
  ]
}

/** One warning as a sentence. */
export function warningLine(warning: RedteamWarning): string {
  const rate = `${100 * RATE_TO_SHOW} %`
  switch (warning.code) {
    case 'none':
      return `${nameOf(warning.presented)}: nothing was presented, nothing is known`
    case 'few':
      return `${nameOf(warning.presented)}: ${warning.of} are too few; below ${LEAST_PRESENTATIONS} not even "none" shows ${rate}`
    case 'few-people':
      if (warning.people === 0) return 'who was shown as themselves is not said: give each person a mark'
      return `only ${warning.people} different people were shown as themselves: this says little about others`
    case 'pictures':
      return `${warning.count} single pictures: only the passive layer and texture can judge those`
  }
}

function nameOf(presented: Presented): string {
  return GUIDANCE[presented].name
}

function others({ hits, of, interval95: [low, high] }: CountedShare): CountedShare {
  const rest = of - hits
  return {
    ...{ hits: rest, of, share: of === 0 ? null : rest / of },
    interval95: of === 0 ? [0, 1] : [1 - high, 1 - low],
  }
}

/** `1/12 = 8.3 % (1.5–35.4)` */
function shown({ hits, of, share, interval95 }: CountedShare): string {
  if (share === null) return '–'
  const [low, high] = interval95.map((bound) => (100 * bound).toFixed(1))
  return `${hits}/${of} = ${(100 * share).toFixed(1)} % (${low}–${high})`
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => cells(row[column]!))))
  return rows.map((row) =>
    row
      .map((text, column) => text + ' '.repeat(widths[column]! - cells(text)))
      .join('  ')
      .trimEnd(),
  )
}

/** Columns of a terminal: a Chinese sign takes two. */
function cells(text: string): number {
  return [...text].reduce((sum, sign) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(sign) ? 2 : 1), 0)
}
