import { simulatedClock } from '../../src/station/clock.ts'
import { createStation } from '../../src/station/data-folder.ts'

/** Births a simulated station in an empty folder and leaves it. */
export function create(dir: string): void {
  createStation(dir, { simulated: true, clock: simulatedClock(0) }).close()
}
