import { expect, it } from 'vitest'
import { uploadChaos } from '../campaigns/upload-chaos.ts'

it('brings every event exactly once through lost, repeated and garbled requests and killed collectors', async () => {
  const figures = await uploadChaos({ stations: 3, events: 300, seed: 7 })
  expect(figures).toMatchObject({ ok: true, different: 0, equalRoots: 3, stored: figures.receipted })
  expect(figures.receipted).toBeGreaterThanOrEqual(900)
  expect(figures.requests['answer-lost']).toBeGreaterThan(0)
})
