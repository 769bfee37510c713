import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LivenessNetwork } from '../../src/face/liveness/passive.ts'
import { chooseThresholds } from './choose-thresholds.ts'
import { collectClips, FIRST_REPORTED } from './collect.ts'
import { judgeDevelopmentSet } from './development-set.ts'
import { livenessDocument } from './document.ts'
import { judgePrompted } from './prompted.ts'
import { judgeClip } from './readings.ts'

/*
 * node build/liveness/measure.ts [--cache DIR] [--data DIR]          makes the clips, judges them, writes docs/liveness.md
 * node build/liveness/measure.ts --choose --data DIR                  chooses the thresholds first (calibration.json)
 *
 * --data is a folder with spoof/{live,print,replay} and faces/, real pictures that are no part of the project; without it
 * the document says that they were not measured. --cache keeps what was seen in the clips, to go on after a break; delete
 * it after a change of the instruments, the networks or the observations.
 */

const root = join(import.meta.dirname, '../..')
const dataFolder = option('--data')
const real =
  dataFolder === null
    ? null
    : await judgeDevelopmentSet(join(dataFolder, 'spoof'), {
        list: join(dataFolder, 'faces/images-dev.txt'),
        images: join(dataFolder, 'faces/images'),
      })
if (process.argv.includes('--choose')) {
  if (real === null) throw new Error('--choose needs real pictures: --data DIR')
  const clips = await collectClips({
    cacheFolder: option('--cache'),
    wanted: ({ first }) => first < FIRST_REPORTED,
  })
  const network = await LivenessNetwork.openUncalibrated()
  const calibration = { model: network.identity, ...chooseThresholds(real, clips) }
  const file = join(root, 'src/face/liveness/calibration.json')
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`)
  await network.close()
  console.log('thresholds chosen; run again without --choose to report')
} else {
  const clips = await collectClips({ cacheFolder: option('--cache') })
  writeFileSync(
    join(root, 'docs/liveness.md'),
    livenessDocument({ clips: clips.map(judgeClip), prompted: await judgePrompted(), real }),
  )
}

function option(name: string): string | null {
  const index = process.argv.indexOf(name)
  return index < 0 ? null : (process.argv[index + 1] ?? null)
}
