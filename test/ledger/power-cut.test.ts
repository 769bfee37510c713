import { expect, test } from 'vitest'
import { cutPower, powerCutAbsent } from '../campaigns/power-cut.ts'
import { describeIf } from '../support/requires.ts'

/** Each cut is a process of its own: seconds, but minutes on a machine that is busy with something else. */
const LONG = 600_000

// The long run: node test/campaigns/power-cut.ts --cuts 100
describeIf(powerCutAbsent(), 'a power cut at a random step', () => {
  test(
    'loses no acknowledged record and leaves every store fit to open',
    () => {
      const { lost, unopened, folders, acknowledged } = cutPower(10, 7, 'full')
      expect(unopened).toEqual([])
      expect([lost, folders]).toEqual([0, 40])
      expect(acknowledged).toBeGreaterThan(1_000)
    },
    LONG,
  )

  test(
    'loses records with the library’s own setting, so that this test would see it',
    () => {
      const { lost, losing } = cutPower(5, 7, 'normal')
      expect(lost).toBeGreaterThan(0)
      expect(losing).toBeGreaterThan(0)
    },
    LONG,
  )
})
