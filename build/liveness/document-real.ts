import type { DevelopmentFile } from './development-set.ts'
import { areaText, text } from './figures.ts'
import { areaUnder, quantile, shareOf } from './statistics.ts'

/** What the layers together say of the real files. */
export function realSection(files: readonly DevelopmentFile[]): string {
  const kinds = [
    ['replay', 'attack: a phone video played on a screen, frames and the film'],
    ['print', 'attack: a poster and a phone, one picture each'],
    ['live', 'bona fide: one person’s film and its frames, one other picture'],
    ['press', 'bona fide: press photographs of other people (no kiosk’s camera)'],
  ] as const
  const rows = kinds.map(([kind, what]) => {
    const [all, fresh] = [
      files.filter((file) => file.kind === kind),
      files.filter((file) => file.kind === kind && file.half === 'reported-on'),
    ]
    const share = (of: readonly DevelopmentFile[], verdict: string) =>
      shareOf(of, ({ judged }) => judged.verdict === verdict)
    return `| ${kind} | ${what} | ${all.length} | ${text(share(all, 'bonaFide'))} | ${text(share(all, 'unsure'))} | ${text(share(all, 'attack'))} | ${share(fresh, 'bonaFide').hits} / ${share(fresh, 'unsure').hits} / ${share(fresh, 'attack').hits} |`
  })
  const scores = (wanted: readonly string[]) =>
    files
      .filter(({ kind }) => wanted.includes(kind))
      .map(({ judged }) => judged.score)
      .filter((score) => score !== null)
  const attacks = scores(['replay', 'print'])
  const isAttack = ({ kind }: DevelopmentFile) => kind === 'replay' || kind === 'print'
  const apcer = shareOf(files.filter(isAttack), ({ judged }) => judged.verdict === 'bonaFide')
  const bpcer = shareOf(
    files.filter(({ kind }) => kind === 'live'),
    ({ judged }) => judged.verdict === 'attack',
  )
  const strict = shareOf(
    files.filter(({ kind }) => kind === 'live'),
    ({ judged }) => judged.verdict !== 'bonaFide',
  )
  return `Single pictures get the passive layer and texture, films all layers. In the last column, of the half that no threshold was chosen on:
bona fide / unsure / attack. Halves of one film are not independent.

| kind | what | files | judged bona fide | unsure | judged an attack | reported half |
| ---- | ---- | ----: | ---------------- | ------ | ---------------- | ------------- |
${rows.join('\n')}

- APCER ${text(apcer)}; BPCER ${text(bpcer)}, and ${text(strict)} when who is merely asked counts as an error.
- AUC against live: ${areaText(areaUnder(scores(['live']), attacks))}; against press photographs: ${areaText(areaUnder(scores(['press']), attacks))}.`
}

/** What texture alone says of them: one row of a table for each kind. */
export function textureRows(files: readonly DevelopmentFile[]): string {
  return (['replay', 'print', 'live', 'press'] as const)
    .map((kind) => {
      const own = files.filter((file) => file.kind === kind)
      const readings = own.flatMap(({ half, judged }) =>
        judged.layers
          .filter(({ layer }) => layer === 'texture')
          .map(({ verdict, score, detail }) => ({ half, verdict, score, strength: Number(detail.luma) })),
      )
      const strengths = readings.map(({ strength }) => strength).filter(Number.isFinite)
      const at = (share: number) => (strengths.length === 0 ? '–' : quantile(strengths, share).toFixed(1))
      const fresh = readings.filter(({ half }) => half === 'reported-on')
      const isAttack = ({ verdict }: (typeof readings)[number]) => verdict === 'attack'
      const doubted = shareOf(readings, ({ verdict, score }) => verdict === 'unsure' && score !== null)
      return `| ${kind} | ${at(0)}, ${at(0.5)}, ${at(1)} | ${text(shareOf(readings, isAttack))} | ${text(doubted)} | ${text(shareOf(fresh, isAttack))} |`
    })
    .join('\n')
}
