import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FaceFound, Recogniser, RgbImage } from '../../src/face/recogniser.ts'
import { decodeFloats, encodeFloats } from '../../src/face/self-test.ts'

/**
 * The same recogniser, which keeps what it found in a picture in a folder and doesn't look twice: six measurements see
 * the same pictures. The folder is keyed by weights, purpose and pixels, not by code: empty it after a change of code.
 */
export function remembered(recogniser: Recogniser, folder: string): Recogniser {
  mkdirSync(folder, { recursive: true })
  const fileOf = (image: RgbImage, purpose: 'frame' | 'portrait' | 'refined') => {
    const key = createHash('sha256')
      .update(`${recogniser.model.sha256} ${purpose} ${image.width}x${image.height}\n`)
      .update(image.data)
      .digest('hex')
    return join(folder, `${key}.json`)
  }
  const { refine } = recogniser
  return {
    engine: recogniser.engine,
    model: recogniser.model,
    thresholds: recogniser.thresholds,
    async analyse(image, purpose) {
      const file = fileOf(image, purpose)
      if (existsSync(file)) return read(file)
      const found = await recogniser.analyse(image, purpose)
      writeFileSync(file, write(found))
      return found
    },
    ...(refine !== undefined && {
      async refine(image: RgbImage, face: FaceFound) {
        const file = fileOf(image, 'refined')
        if (existsSync(file)) return read(file)[0]!.template
        const template = await refine.call(recogniser, image, face)
        writeFileSync(file, write([{ ...face, template }]))
        return template
      },
    }),
    compare: (a, b) => recogniser.compare(a, b),
    close: () => recogniser.close(),
  }
}

function write(found: readonly FaceFound[]): string {
  return JSON.stringify(
    found.map(({ template: { model, embedding }, ...face }) => ({
      ...face,
      template: { model, embedding: encodeFloats(embedding) },
    })),
  )
}

function read(file: string): readonly FaceFound[] {
  const found: (Omit<FaceFound, 'template'> & {
    template: { model: FaceFound['template']['model']; embedding: string }
  })[] = JSON.parse(readFileSync(file, 'utf8'))
  return found.map(({ template, ...face }) => ({
    ...face,
    template: { model: template.model, embedding: decodeFloats(template.embedding) },
  }))
}
