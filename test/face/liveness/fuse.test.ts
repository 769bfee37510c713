import { describe, expect, test } from 'vitest'
import { fuseLiveness } from '../../../src/face/liveness/fuse.ts'
import { type LayerName, type LayerReading, nothingSeen } from '../../../src/face/liveness/layer.ts'
import { passiveReading } from '../../../src/face/liveness/passive-reading.ts'
import { observation } from './observations.ts'

const thresholds = { bonaFide: 0.6, attack: 0.2 }

function says(layer: LayerName, score: number, verdict: LayerReading['verdict']): LayerReading {
  return { layer, score, verdict, detail: {} }
}

describe('the passive layer', () => {
  const frames = (...scores: (number | null)[]) => scores.map((passive) => observation({ passive }))

  test('takes the mean of the frames’ log-odds and leaves out frames that were not asked about', () => {
    const reading = passiveReading(frames(0.9, null, 0.5), thresholds)
    expect(reading.score).toBeCloseTo(0.75, 10)
    expect(reading).toMatchObject({ verdict: 'bonaFide', detail: { frames: 2, lowest: 0.5, highest: 0.9 } })
  })

  test('is not outvoted by one frame in which the network is quite sure', () => {
    expect(passiveReading(frames(0.1, 0.05, 0.1, 1), thresholds).verdict).not.toBe('bonaFide')
    expect(passiveReading(frames(0.9, 0.95, 0.9, 0.9, 0), thresholds).score).toBeGreaterThan(0.5)
  })

  test('is unsure between its thresholds and without a face', () => {
    expect(passiveReading(frames(0.4), thresholds).verdict).toBe('unsure')
    expect(passiveReading(frames(0.1), thresholds).verdict).toBe('attack')
    expect(passiveReading(frames(null), thresholds)).toMatchObject({ verdict: 'unsure', score: null })
  })
})

describe('the layers together', () => {
  test('follow the passive layer when the others saw nothing', () => {
    const quiet = [nothingSeen('motion', 'single-frame'), nothingSeen('prompt', 'not-asked')]
    const verdictOf = (score: number) =>
      fuseLiveness([says('passive', score, 'unsure'), ...quiet], thresholds).verdict
    expect([0.9, 0.4, 0.1].map(verdictOf)).toEqual(['bonaFide', 'unsure', 'attack'])
  })

  test.each(['replay', 'camera', 'prompt', 'light', 'motion', 'texture'] as const)(
    'call it an attack when %s found one, however live the face looks',
    (layer) => {
      const fused = fuseLiveness([says('passive', 0.99, 'bonaFide'), says(layer, 0, 'attack')], thresholds)
      expect(fused).toMatchObject({ verdict: 'attack', score: 0 })
    },
  )

  test('let a passed prompt settle what was unsure, and not what is plainly an attack', () => {
    const prompt = says('prompt', 1, 'bonaFide')
    expect(fuseLiveness([says('passive', 0.4, 'unsure'), prompt], thresholds).verdict).toBe('bonaFide')
    expect(fuseLiveness([says('passive', 0.004, 'attack'), prompt], thresholds).verdict).toBe('attack')
  })

  test.each(['motion', 'texture'] as const)('ask when %s doubts, until the person proved it', (layer) => {
    const doubted = [says('passive', 0.99, 'bonaFide'), says(layer, 0.3, 'unsure')]
    expect(fuseLiveness(doubted, thresholds).verdict).toBe('unsure')
    const proved = [...doubted, says('prompt', 1, 'bonaFide')]
    expect(fuseLiveness(proved, thresholds).verdict).toBe('bonaFide')
    const failed = [...doubted, says('prompt', 0, 'attack')]
    expect(fuseLiveness(failed, thresholds).verdict).toBe('attack')
  })

  test('never call a face live that the passive layer has not seen', () => {
    const fused = fuseLiveness([nothingSeen('passive', 'no-face'), says('prompt', 1, 'bonaFide')], thresholds)
    expect(fused).toMatchObject({ verdict: 'unsure', score: null })
    expect(fuseLiveness([], thresholds).verdict).toBe('unsure')
  })

  test('keep what each layer said, for the record', () => {
    const layers = [says('passive', 0.9, 'bonaFide'), nothingSeen('motion', 'hardly-moved')]
    expect(fuseLiveness(layers, thresholds).layers).toEqual(layers)
  })
})
