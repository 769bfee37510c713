import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { createStationKey } from '../../src/ledger/station-key.ts'
import { keepLiveTemplate, keptLiveTemplate } from '../../src/station/duplicates/live-template.ts'
import { scorePairs } from '../../src/station/duplicates/search.ts'

export interface SearchCost {
  readonly people: number
  readonly pairs: number
  /** Reading and unsealing all templates, ms. */
  readonly openMs: number
  /** Comparing every pair, ms. */
  readonly compareMs: number
}

/** A class of made-up templates in a side-record file of its own, searched once after one run to warm up. */
export function measureSearchCost(people: number): SearchCost {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-search-'))
  const model = { name: 'made up', sha256: '0'.repeat(64) }
  const side = SideRecords.open(dir, createStationKey(dir, { simulated: true }))
  try {
    const random = pseudoRandom(people)
    const ids = Array.from({ length: people }, (_, i) => createHash('md5').update(`${i}`).digest('hex'))
    for (const id of ids) {
      const drawn = Float32Array.from({ length: 512 }, () => random() - 0.5)
      const length = Math.hypot(...drawn)
      keepLiveTemplate(side, id, { model, embedding: drawn.map((value) => value / length) })
    }
    const search = () => {
      const start = performance.now()
      const enrolled = ids.map((person) => ({ person, template: keptLiveTemplate(side, person, model)! }))
      const opened = performance.now()
      const pairs = scorePairs(enrolled, { model }).length
      return { people, pairs, openMs: opened - start, compareMs: performance.now() - opened }
    }
    search()
    return search()
  } finally {
    side.close()
    rmSync(dir, { recursive: true })
  }
}
