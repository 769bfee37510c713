import { LIVENESS_CALIBRATION } from '../../src/face/liveness/calibration.ts'
import { ROOM_MARGIN } from './choose-thresholds.ts'
import { FIRST_REPORTED } from './collect.ts'
import type { DevelopmentFile } from './development-set.ts'
import { realSection, textureRows } from './document-real.ts'
import { areaText, percent, text } from './figures.ts'
import { FRAMES_OF_CLIP, honest, instruments } from './instruments/clips.ts'
import { JUDGES, type Judge, type JudgedClip } from './readings.ts'
import { type Area, areaUnder, shareOf } from './statistics.ts'

/** docs/liveness.md: limits first, then real pictures, then generated clips. */
export function livenessDocument(
  clips: readonly JudgedClip[],
  real: readonly DevelopmentFile[] | null,
): string {
  const reported = clips.filter(({ half, instrument }) => half === 'reported-on' || isInjected(instrument))
  const people = new Set(reported.filter(({ half }) => half === 'reported-on').map(({ person }) => person))
    .size
  return `# Liveness: what the layers find, and what gets through

_Written by \`node build/liveness/measure.ts\`; don't edit by hand._

${limits(people, reported)}

## Verdicts and words

\`bonaFide\`: goes on. \`unsure\`: the person is asked to prove themselves (prompt, coloured light). \`attack\`: the doubtful lane, a
human decides. Nobody is refused by liveness alone.

- **passes** (APCER, ISO/IEC 30107-3): attacks judged \`bonaFide\`, which nobody asks anything more.
- **called an attack** (BPCER): honest clips judged \`attack\`. **asked**: honest clips judged \`unsure\`.
- **AUC**: the chance that an honest clip's score is above an attack's.
- Intervals are 95 %: Wilson for shares, clips drawn anew for AUC. They take clips as independent, which clips of one person
  are not: with ${people} people the truth may lie outside.

Thresholds of the fused score: \`bonaFide\` from ${LIVENESS_CALIBRATION.fused.bonaFide}, \`attack\` below ${LIVENESS_CALIBRATION.fused.attack} (network
${LIVENESS_CALIBRATION.model.name} ${LIVENESS_CALIBRATION.model.sha256.slice(0, 12)}…). Chosen on ${LIVENESS_CALIBRATION.chosenOn}.

## Real pictures

${real === null ? 'Not measured in this run: the development set was not there.' : realSection(real)}

### Texture alone

Strength of the strongest periodic pattern in the face, decibels over patterns as fine; films by their median frame.

| kind | pattern in brightness: least, median, most | judged an attack | doubted | attack, reported half |
| ---- | ------------------------------------------ | ---------------- | ------- | --------------------- |
${real === null ? '' : textureRows(real)}

Limits (attack / doubt): brightness ${texture.luma.attack} / ${texture.luma.doubt} dB, colour ${texture.colour.attack} / ${texture.colour.doubt} dB. A display or a print so fine that the camera averages it
has no pattern; then this layer has no score, and never counts for a person.

## Generated clips

**Finding these proves little: they are simulations of our own making.** ${FRAMES_OF_CLIP} frames of 640 × 480 at ten a second. Attacks and honest
clips below are of the ${people} people of the reported half alone, made from seeds (clip numbers from ${FIRST_REPORTED}) that nobody looked at while
something was chosen; injected films, by which nothing is chosen, are of everybody. What was chosen how:

- Passive, fused and texture limits: on half of the real honest files (above). While the texture measure was designed, the strengths of
  **all** real files were looked at, and six decibels were added to the colour limits after that look.
- The room's motion (doubt from ${LIVENESS_CALIBRATION.followingDoubt}): on honest generated clips of the other half of the people, ${ROOM_MARGIN} added. Attacks of that half were looked at.
- The older limits of the motion layer and the passive thresholds were set when both halves of people were in sight (older seeds), so
  the people aren't new to them; only the seeds are.
- After a first look at the reported clips one instrument was made harder: the monitor stands still now (it had been swaying in a hand,
  which gave it away). No threshold was changed after that look.
- Weights of the fusion are a judgement, not fitted.

A person makes more difference than an instrument: the network likes or dislikes the photograph that everything of one person
is made from.

### Together

| instrument | clips | passes (APCER) | asked | called an attack | AUC |
| ---------- | ----: | -------------- | ----: | ---------------- | --- |
${instruments.map(({ name }) => fusedRow(name, reported)).join('\n')}
${fusedHonestRow(reported)}

### Each layer alone

Attacks found (judged \`attack\`), and honest clips wrongly called one. A layer that says \`unsure\` finds nothing
(but a doubt of motion or texture keeps a clip from passing: somebody is asked). –: not looked at; an injected film's texture is an
honest person's.

| instrument | ${layers.join(' | ')} |
| ---------- | ${layers.map(() => '---:').join(' | ')} |
${[...instruments, honest].map(({ name }) => layerRow(name, reported)).join('\n')}

AUC against honest clips:

| instrument | passive |
| ---------- | ------- |
${instruments.map(({ name }) => `| ${name} | ${areaText(areaOf('passive', name, reported))} |`).join('\n')}

## The instruments

All are made from the photographs of the package @vladmandic/face-api while measuring and never stored.

${[honest, ...instruments].map(({ name, description }) => `- **${name}**: ${description}.`).join('\n')}
`
}

function limits(people: number, clips: readonly JudgedClip[]): string {
  const attacks = clips.filter(({ instrument }) => instrument !== 'honest')
  const passes = shareOf(attacks, ({ verdicts }) => verdicts.fused === 'bonaFide')
  const asked = shareOf(attacks, ({ verdicts }) => verdicts.fused === 'unsure')
  const passing = instruments
    .map(({ name }) => name)
    .filter((name) => {
      const own = clips.filter(({ instrument }) => instrument === name)
      return own.filter(({ verdicts }) => verdicts.fused === 'bonaFide').length > own.length / 20
    })
  return `## What these figures are not

- ${
    passing.length === 0
      ? 'No generated instrument passes more often than one clip in twenty.'
      : `**Some get through.** Of these generated instruments more than one clip in twenty passes without a question:
  ${passing.join(', ')}. The goal of at most 5 % is missed for them.`
  } All together: ${text(passes)}.
  ${text(asked)} are asked, not found: what a prompt then does to them is not in these figures.
- No printed photograph, no phone, no tablet and no mask was shown to a camera of ours. Prints, screens and masks here are
  arithmetic on photographs; real paper and glass look different, better or worse for the layers. Moiré here follows from a model of
  lens, aperture and the rows that cheap cameras skip; whoever films a sharp display with a camera that averages gets none.
- **What physics leaves**: a sharp display without moiré that fills the picture and stands still shows a person in a room, and no
  layer that only watches tells it from one. A paper mask moves before a real room with real eyes in it: nothing here looks for it.
  Prompts and coloured light are what stands against both.
- A held picture is noticed because its background moves along with its face. Who holds it quite still, or cuts the face out, isn't noticed
  by that; thick hair before a plain wall moves along too, so this only ever leads to a question. Rooms of the honest clips stand
  stiller than real ones: how often real people are asked for it is not known. The only real film of a person is asked for it, because
  its camera was held in a hand and the room moves in it: the station's camera has to stand still.
- Stripes, beards, veils, spectacle frames and hard compression have patterns too: the press photographs below are the only measure of it.
  Frames compressed below JPEG quality 60 of a featureless face can show the compression's own.
- Movement of lids and mouth was not made a layer: the generated people don't blink, one real film doesn't measure it, and
  who plays a film plays the blinks too.
- ${people} people are in the generated clips, from a few photographs in one style; all their motion is ours. No threshold of prompts,
  light or replay was measured on real people here.
- Real attacks: the pictures and two films of the development set, of three people, two instruments. Far too few for a claim
  by ISO/IEC 30107-3, and none is made.
- A film of the right person, played for the first time through a device that passes for a camera, is to these layers what
  it shows: a person. Only the camera's identity, prompts and coloured light stand against it. The same holds for three-dimensional
  masks and for films made to measure (deepfakes): not measured.
- Prompts, coloured light and camera identity are not in these figures: nobody was asked, and no screen shone on a face.`
}

const { texture } = LIVENESS_CALIBRATION
const layers = JUDGES.filter((judge) => judge !== 'fused')

function isInjected(name: string): boolean {
  return instruments.some((instrument) => instrument.name === name && instrument.kind === 'injected')
}

function fusedRow(name: string, clips: readonly JudgedClip[]): string {
  const own = clips.filter(({ instrument }) => instrument === name)
  const share = (verdict: string) => shareOf(own, ({ verdicts }) => verdicts.fused === verdict)
  return `| ${name} | ${own.length} | ${text(share('bonaFide'))} | ${percent(share('unsure'))} | ${percent(share('attack'))} | ${areaText(areaOf('fused', name, clips))} |`
}

function fusedHonestRow(clips: readonly JudgedClip[]): string {
  const own = clips.filter(({ instrument }) => instrument === 'honest')
  const share = (verdict: string) => shareOf(own, ({ verdicts }) => verdicts.fused === verdict)
  return `| **honest** | ${own.length} | ${percent(share('bonaFide'))} | ${percent(share('unsure'))} | ${text(share('attack'))} (BPCER) | |`
}

function layerRow(name: string, clips: readonly JudgedClip[]): string {
  const own = clips.filter(({ instrument }) => instrument === name)
  const cells = layers.map((layer) => {
    if (layer === 'texture' && isInjected(name)) return '–'
    return text(shareOf(own, ({ verdicts }) => verdicts[layer] === 'attack'))
  })
  return `| ${name === 'honest' ? '**honest**' : name} | ${cells.join(' | ')} |`
}

function areaOf(judge: Judge, name: string, clips: readonly JudgedClip[]): Area | null {
  const scores = (wanted: string) =>
    clips
      .filter(({ instrument }) => instrument === wanted)
      .map(({ scores }) => scores[judge])
      .filter((score) => score !== null)
  return areaUnder(scores('honest'), scores(name))
}
