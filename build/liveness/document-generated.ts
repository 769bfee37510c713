import { LIVENESS_CALIBRATION } from '../../src/face/liveness/calibration.ts'
import { areaText, percent, text } from './figures.ts'
import { hardlyHonest, honest, instruments } from './instruments/clips.ts'
import type { Prompted } from './prompted.ts'
import { EARLY_FRAMES, JUDGES, type Judge, type JudgedClip } from './readings.ts'
import { type Area, areaUnder, quantile, shareOf } from './statistics.ts'

const layers = JUDGES.filter((judge) => judge !== 'fused')
const honestNames = [honest, ...hardlyHonest].map(({ name }) => name)

export function isHonest(instrument: string): boolean {
  return honestNames.includes(instrument)
}

/** Those of which there are clips. */
function measured(names: readonly string[], clips: readonly JudgedClip[]): readonly string[] {
  return names.filter((name) => clips.some(({ instrument }) => instrument === name))
}

/** What the layers together say of generated clips. */
export function togetherTable(clips: readonly JudgedClip[]): string {
  const attackRow = (name: string) => {
    const own = clips.filter(({ instrument }) => instrument === name)
    const share = (verdict: string) => shareOf(own, ({ verdicts }) => verdicts.fused === verdict)
    const early = shareOf(own, (clip) => clip.early === 'bonaFide')
    return `| ${name} | ${own.length} | ${text(share('bonaFide'))} | ${percent(early)} | ${percent(share('unsure'))} | ${percent(share('attack'))} | ${areaText(areaOf('fused', name, clips))} |`
  }
  const honestRow = (name: string) => {
    const own = clips.filter(({ instrument }) => instrument === name)
    const share = (verdict: string) => shareOf(own, ({ verdicts }) => verdicts.fused === verdict)
    const early = shareOf(own, (clip) => clip.early === 'bonaFide')
    return `| **${name}** | ${own.length} | ${percent(share('bonaFide'))} | ${percent(early)} | ${text(share('unsure'))} | ${text(share('attack'))} (BPCER) | |`
  }
  return `| instrument | clips | passes (APCER) | passes within ${EARLY_FRAMES} frames | asked | called an attack | AUC |
| ---------- | ----: | -------------- | ---: | ----: | ---------------- | --- |
${measured(
  instruments.map(({ name }) => name),
  clips,
)
  .map(attackRow)
  .join('\n')}
${measured(honestNames, clips).map(honestRow).join('\n')}`
}

/** What each layer finds alone. */
export function layersTable(clips: readonly JudgedClip[]): string {
  const row = (name: string) => {
    const own = clips.filter(({ instrument }) => instrument === name)
    const cells = layers.map((layer) => text(shareOf(own, ({ verdicts }) => verdicts[layer] === 'attack')))
    return `| ${isHonest(name) ? `**${name}**` : name} | ${cells.join(' | ')} |`
  }
  return `| instrument | ${layers.join(' | ')} |
| ---------- | ${layers.map(() => '---:').join(' | ')} |
${measured([...instruments.map(({ name }) => name), ...honestNames], clips)
  .map(row)
  .join('\n')}`
}

export function passiveAreas(clips: readonly JudgedClip[]): string {
  return `| instrument | passive |
| ---------- | ------- |
${instruments.map(({ name }) => `| ${name} | ${areaText(areaOf('passive', name, clips))} |`).join('\n')}`
}

/** The two measures by which motion and texture only ask. */
export function doubtsTable(clips: readonly JudgedClip[]): string {
  const { relief, texture } = LIVENESS_CALIBRATION
  const row = (name: string) => {
    const own = clips.filter(({ instrument }) => instrument === name)
    const values = (figure: string) =>
      own.map(({ detail }) => detail[figure]).filter((value) => typeof value === 'number')
    const spread = (figure: string) =>
      values(figure).length === 0
        ? '–'
        : [0, 0.5, 1].map((share) => quantile(values(figure), share).toFixed(3)).join(', ')
    const flat = shareOf(
      own,
      ({ detail }) => Number(detail.moved) >= relief.moved && Number(detail.relief) < relief.shown,
    )
    const bands = shareOf(
      own,
      ({ detail }) =>
        Number(detail.band) >= texture.bands.share && Number(detail.bandAmplitude) >= texture.bands.amplitude,
    )
    return `| ${isHonest(name) ? `**${name}**` : name} | ${spread('relief')} | ${text(flat)} | ${spread('band')} | ${text(bands)} |`
  }
  return `| instrument | relief: least, median, most | moved without it | band: least, median, most | bands |
| ---------- | --------------------------- | ---------------- | ------------------------- | ----- |
${measured([...instruments.map(({ name }) => name), ...honestNames], clips)
  .map(row)
  .join('\n')}`
}

export function promptedTable(prompted: readonly Prompted[]): string {
  const row = (who: Prompted['who']) => {
    const own = prompted.filter((one) => one.who === who)
    const share = (state: Prompted['state']) => text(shareOf(own, (one) => one.state === state))
    return `| ${who} | ${own.length} | ${share('done')} | ${share('flat')} | ${share('waiting')} |`
  }
  return `| who | prompts | done | found flat | not done |
| --- | ------: | ---- | ---------- | -------- |
${(['honest', 'paper-mask'] as const).map(row).join('\n')}`
}

function areaOf(judge: Judge, name: string, clips: readonly JudgedClip[]): Area | null {
  const scores = (wanted: string) =>
    clips
      .filter(({ instrument }) => instrument === wanted)
      .map(({ scores }) => scores[judge])
      .filter((score) => score !== null)
  return areaUnder(scores(honest.name), scores(name))
}
