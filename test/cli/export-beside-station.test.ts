import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import { serveChannel } from '../../src/station/channel-server.ts'
import { isOfficeWork } from '../../src/station/desk-work.ts'
import { stationSocketPath } from '../../src/station/socket-path.ts'
import { deskOf } from '../desk/export-rig.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'

const run = promisify(execFile)

/** A station that answers on the socket of its folder, as the one that `shidao station` starts. */
async function serving(): Promise<StationStory> {
  const story = stationStory({ simulated: true })
  story.sign(story.people[0], 'in', -5)
  story.sign(story.people[0], 'out', 181)
  const door = scriptedDesk()
  const desk = deskOf(story)
  door.office = async (work) =>
    isOfficeWork(work) ? failed(new Fault('STATION_NOT_NOW', 'exports only')) : desk(work)
  const channel = await serveChannel({ desk: door, socketPath: stationSocketPath(story.data.dir) })
  onTestFinished(() => channel.close())
  return story
}

function exportInto(story: StationStory, out: string, ...words: string[]) {
  const where = ['--out', out, '--data', story.data.dir, '--json']
  return run(process.execPath, ['src/cli/shidao.js', 'export', ...words, ...where])
}

test('beside a running station the command gives the file that the station made and recorded', async () => {
  const story = await serving()
  const out = join(story.data.dir, 'table.pdf')
  const words = ['--class', 'c1', '--kind', 'hours', '--format', 'pdf', '--progress']
  const { stdout, stderr } = await exportInto(story, out, ...words)
  const sha256 = createHash('sha256').update(readFileSync(out)).digest('hex')
  const answer = JSON.parse(stdout)
  expect(answer).toMatchObject({ kind: 'hours', format: 'pdf', file: out, sha256, simulated: true })
  expect(stderr).toContain('export: 2 of 2')
  const [recorded] = story.data.ledger.events(answer.event)
  expect(recorded?.event).toMatchObject({ type: 'export', data: { class: 'c1', kind: 'hours', sha256 } })
  expect(recorded?.event.data).not.toHaveProperty('act')
})

test('beside a running station a bundle and a period of all classes leave too', async () => {
  const story = await serving()
  const bundle = join(story.data.dir, 'class.zip')
  await exportInto(story, bundle, '--class', 'c1', '--kind', 'bundle')
  const month = join(story.data.dir, 'month.csv')
  await exportInto(story, month, '--kind', 'monthly', '--period', '2026-03', '--format', 'csv')
  const events = [...story.data.ledger.events()].map(({ event }) => event)
  const left = events.flatMap((event) => (event.type === 'export' ? [event.data] : []))
  expect(left).toMatchObject([
    { class: 'c1', kind: 'bundle', format: 'zip' },
    { class: '*', kind: 'monthly', format: 'csv' },
  ])
})

test('what the station could not make is one coded line and no file', async () => {
  const story = await serving()
  const out = join(story.data.dir, 'table.csv')
  const failing = exportInto(story, out, '--class', 'nobody', '--kind', 'roster', '--format', 'csv')
  await expect(failing).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^ROSTER_CLASS_UNKNOWN [^\n]*\n$/),
  })
  expect(existsSync(out)).toBe(false)
})
