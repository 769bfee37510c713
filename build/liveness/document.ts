import { LIVENESS_CALIBRATION } from '../../src/face/liveness/calibration.ts'
import type { FusionWeights } from '../../src/face/liveness/fuse.ts'
import { MATT_PAPER, ROOM_MARGIN } from './choose-thresholds.ts'
import { FIRST_REPORTED } from './collect.ts'
import type { DevelopmentFile } from './development-set.ts'
import {
  doubtsTable,
  isHonest,
  layersTable,
  passiveAreas,
  promptedTable,
  togetherTable,
} from './document-generated.ts'
import { realSection, textureRows } from './document-real.ts'
import { percent, text } from './figures.ts'
import { JUDGED_WEIGHTS } from './fit-weights.ts'
import { FRAMES_OF_CLIP, hardlyHonest, honest, instruments } from './instruments/clips.ts'
import type { Prompted } from './prompted.ts'
import { EARLY_FRAMES, type JudgedClip } from './readings.ts'
import { shareOf } from './statistics.ts'

/** docs/liveness.md: limits first, then real pictures, then generated clips. */
export function livenessDocument({
  clips,
  prompted,
  real,
}: {
  readonly clips: readonly JudgedClip[]
  /** Null where nobody was prompted in this run. */
  readonly prompted: readonly Prompted[] | null
  readonly real: readonly DevelopmentFile[] | null
}): string {
  const reported = clips.filter(({ half, instrument }) => half === 'reported-on' || isInjected(instrument))
  const people = new Set(reported.filter(({ half }) => half === 'reported-on').map(({ person }) => person))
    .size
  return `# Liveness: what the layers find, and what gets through

_Written by \`node build/liveness/measure.ts\`; don't edit by hand._

${limits(people, reported, real)}

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

- Passive, fused and pattern limits: on half of the real honest files (above). While the texture measure was designed, the strengths of
  **all** real files were looked at, and six decibels were added to the colour limits after that look.
- The room's motion (doubt from ${LIVENESS_CALIBRATION.followingDoubt}): on honest generated clips of the other half of the people, ${ROOM_MARGIN} added. Attacks of that half were looked at.
- Relief (below ${relief.shown}): halfway between ${MATT_PAPER.join(', ')} and honest clips of the other half. The one real film of a person
  was looked at too, whose frames are in both halves. Bands (from ${texture.bands.share}): twice the most of those honest clips. Both measures were
  designed on that half alone; its clips of monitors all had the same bands then, since then length and speed differ.
- The older limits of the motion layer and the passive thresholds were set when both halves of people were in sight (older seeds), so
  the people aren't new to them; only the seeds are.
- An earlier run reported clips of the same people from other seeds: that paper masks and still monitors passed was known, and is why
  relief and bands were looked for. After an earlier look one instrument was made harder (the monitor stands still), and for this
  run one was added that bands can't find.
- Weights of the layers: see below.

A person makes more difference than an instrument: the network likes or dislikes the photograph that everything of one person
is made from.

### Together

A look at the door may end after half a second, so the first ${EARLY_FRAMES} frames are judged by themselves too: whatever needs
movement finds less in them.

${togetherTable(reported)}

### Each layer alone

Attacks found (judged \`attack\`), and honest clips wrongly called one. A layer that says \`unsure\` finds nothing
(but a doubt of motion or texture keeps a clip from passing: somebody is asked). An injected film's passive layer, motion and
texture are an honest person's.

${layersTable(reported)}

AUC against honest clips:

${passiveAreas(reported)}

### Relief and bands

Relief: the sine of the turn that nose, brows and chin show in the picture itself, beyond what any smooth sheet could. Who goes at
least ${relief.moved} eye distances and shows less than ${relief.shown} is asked. Bands: the share of all changes of brightness beside the head that one
wandering wave explains; from ${texture.bands.share} and ${(100 * texture.bands.amplitude).toFixed(1)} % of the brightness on somebody is asked. Neither is ever called an attack by itself.

${doubtsTable(reported)}

### Prompted

Of the same people: a head that does what is asked, turning and nodding by 26°, and the paper mask on somebody else's head that
does the same. Found flat is an attack; who doesn't do it goes to the doubtful lane.

${prompted === null ? 'Not measured in this run.' : promptedTable(prompted)}

### The weights of the layers

Fitted by logistic regression with a ridge towards the judged weights, on ${fit.clips} generated clips and ${fit.pictures} real pictures of the halves that are
chosen on (real and generated, attacks and people weighing the same; strength and losses by leaving out one person after the other):

| weights | bias | passive | motion | texture | log loss | attacks that pass | people called an attack |
| ------- | ---: | ------: | -----: | ------: | -------: | ----------------: | ----------------------: |
${weightsRow('judged', JUDGED_WEIGHTS)}
${weightsRow('fitted', fit.weights)}

Fitted weights are taken when their verdicts let fewer of these attacks pass and call no more people one. **${isSame(LIVENESS_CALIBRATION.weights, JUDGED_WEIGHTS) ? 'They did not, so the judged weights stay' : 'They did, and are used'}.** A
regression learns from generated people that a doubt is an attack, because they hardly ever give a reason to doubt; real ones
will, and are to be asked first.

## The instruments

All are made from the photographs of the package @vladmandic/face-api while measuring and never stored.

${[honest, ...hardlyHonest, ...instruments].map(({ name, description }) => `- **${name}**: ${description}.`).join('\n')}
`
}

function limits(
  people: number,
  clips: readonly JudgedClip[],
  real: readonly DevelopmentFile[] | null,
): string {
  const attacks = clips.filter(({ instrument }) => !isHonest(instrument))
  const early = shareOf(attacks, (clip) => clip.early === 'bonaFide')
  const askedOf = (name: string) =>
    percent(
      shareOf(
        clips.filter(({ instrument }) => instrument === name),
        ({ verdicts }) => verdicts.fused === 'unsure',
      ),
    )
  const askedOfPress = percent(
    shareOf(
      (real ?? []).filter(({ kind }) => kind === 'press'),
      ({ judged }) => judged.verdict === 'unsure',
    ),
  )
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
  ${text(asked)} are asked, not found; what a prompt then does to them is not in these figures, but for what stands under “Prompted”.
${fewClips(clips)}- **A short look sees less**: judged by its first ${EARLY_FRAMES} frames (0.6 s), ${text(early)} of the generated attacks pass.
- **Asking costs honest people a movement.** Asked are: ${askedOf('honest')} of lively generated people, ${askedOf('honest-quiet')} of quiet ones, ${askedOfPress} of press photographs
  (no film, so neither motion nor bands), the one real film of a person, and ${askedOf('honest-lamp')} of people under a lamp that
  flickers as a display does, where everybody has to be expected: such a room has to have another lamp, or the camera its 50 Hz setting.
- No printed photograph, no phone, no tablet and no mask was shown to a camera of ours. Prints, screens and masks here are
  arithmetic on photographs; real paper and glass look different, better or worse for the layers. Moiré here follows from a model of
  lens, aperture and the rows that cheap cameras skip; whoever films a sharp display with a camera that averages gets none.
- **What physics leaves**: a sharp display without moiré and flicker that fills the picture and stands still (screen-steady) shows a
  person in a room, and no layer that only watches tells it from one. Prompts and coloured light are what stands against it.
- A paper mask is noticed because it moves and has no nose. Real masks crease, have noses folded or are cast in three dimensions: the
  last pass this, and whoever wears paper and keeps quite still is not noticed by it, until a prompt asks for a turn.
- Bands need a backlight that is dimmed by switching; many new displays have none, and the model of them here is ours. The one
  real film of a display fills the picture, where they can't be looked for.
- Tried and left out, on the half that is chosen on: a closed sharp contour around eyes or face (make-up, fringes and collars have it too:
  press photographs reach the masks' values), a raised black of the printed face against pupils and hair (overlaps wholly), the
  landmarks' own parallax (their network draws depth into flat paper), spectra of the face averaged over frames (the real film of a
  person has patterns as strong as weak moiré).
- A held picture is noticed because its background moves along with its face. Who holds it quite still, or cuts the face out, isn't noticed
  by that; thick hair before a plain wall moves along too, so this only ever leads to a question. Rooms of the honest clips stand
  stiller than real ones: how often real people are asked for it is not known. The only real film of a person is asked for it, because
  its camera was held in a hand and the room moves in it: the station's camera has to stand still.
- Stripes, beards, veils, spectacle frames and hard compression have patterns too: the press photographs below are the only measure of it.
  Frames compressed below JPEG quality 60 of a featureless face can show the compression's own.
- Movement of lids and mouth was not made a layer: the generated people don't blink, one real film doesn't measure it, and
  who plays a film plays the blinks too. Nobody is asked for not moving.
- ${people} people are in the generated clips, from a few photographs in one style; all their motion is ours. No threshold of prompts,
  light or replay was measured on real people here.
- Real attacks: the pictures and two films of the development set, of three people, two instruments. Far too few for a claim
  by ISO/IEC 30107-3, and none is made.
- A film of the right person, played for the first time through a device that passes for a camera, is to these layers what
  it shows: a person. Only the camera's identity, prompts and coloured light stand against it. The same holds for three-dimensional
  masks and for films made to measure (deepfakes): not measured.
- Prompts, coloured light and camera identity are not in these figures: nobody was asked, and no screen shone on a face.`
}

const { texture, relief, fit } = LIVENESS_CALIBRATION

/** A run that was broken off says so. */
function fewClips(clips: readonly JudgedClip[]): string {
  const few = instruments
    .map(({ name }) => ({ name, count: clips.filter(({ instrument }) => instrument === name).length }))
    .filter(({ count }) => count < LEAST_CLIPS)
  if (few.length === 0) return ''
  const names = few.map(({ name, count }) => `${name} (${count})`).join(', ')
  return `- **This run was broken off**: fewer than ${LEAST_CLIPS} clips of ${names}.\n`
}

const LEAST_CLIPS = 30

function isInjected(name: string): boolean {
  return instruments.some((instrument) => instrument.name === name && instrument.kind === 'injected')
}

function weightsRow(name: 'judged' | 'fitted', { bias, passive, motion, texture }: FusionWeights): string {
  const { attacks, passing, honest: people, calledAttack } = fit.outcome[name]
  return `| ${name} | ${bias} | ${passive} | ${motion} | ${texture} | ${fit.loss[name].toFixed(3)} | ${passing} of ${attacks} | ${calledAttack} of ${people} |`
}

function isSame(a: FusionWeights, b: FusionWeights): boolean {
  return a.bias === b.bias && a.passive === b.passive && a.motion === b.motion && a.texture === b.texture
}
