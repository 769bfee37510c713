import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DemoDocument } from '../demo/conclusion.ts'
import { runDemo } from '../demo/run.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'

export const usage =
  'shidao demo [--data DIR] [--engine NAME|DIR] [--json]      the whole job on simulated hardware, real models, real collector'

/** Exit 0 only if every expectation held. Without `--data` it makes a new folder and says where. */
export async function run(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    data: { type: 'string' },
    engine: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const dir = values.data === undefined ? mkdtempSync(join(tmpdir(), 'shidao-demo-')) : resolve(values.data)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  say(
    `模拟演示 demonstration: simulated reader, camera, clock and people; everything else is real. Data: ${dir}`,
  )
  const engine = values.engine === undefined ? {} : { engine: values.engine }
  const document = await runDemo(dir, say, engine)
  printAnswer(values.json, document, table(document))
  return document.ok ? EXIT.yes : EXIT.no
}

function table({ cases, hours, receipt, tamper, files, unmet, people, ok }: DemoDocument): string[] {
  const rows = cases.map((one) => {
    const stages = Object.entries(one.stagesMs).map(([stage, ms]) => `${stage} ${Math.round(ms)}`)
    return `${one.got === one.expected ? '✓' : '✗'} ${one.got.padEnd(34)} ${one.name.padEnd(44)} ${stages.join(' · ')} ms`
  })
  const credit = hours.people.map(
    ({ person, creditedMs, lessons }) =>
      `  ${people[person] ?? person}  ${(creditedMs / 3600_000).toFixed(2)} h  ${lessons} 课时`,
  )
  return [
    '',
    ...rows,
    '',
    `hours (模拟, never a claim), pack ${hours.pack.id}`,
    ...credit,
    '',
    `receipt: size ${receipt.size}, root ${receipt.root}, witness ${receipt.witness}`,
    `tamper: one byte of event ${tamper.index} changed in a copy → ${tamper.problem?.code} at ${tamper.problem?.index}`,
    ...files.map((file) => `file: ${file}`),
    '',
    ...unmet.map((line) => `✗ ${line}`),
    ok ? 'every expectation held' : 'NOT every expectation held',
  ]
}
