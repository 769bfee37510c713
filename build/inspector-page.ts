import { fileURLToPath } from 'node:url'
import { singlePage, writePage } from './single-page.ts'

/** The page of an inspector's phone as one HTML text: keeps their key, signs the opening and the end of a visit. */
export function inspectorPage(): Promise<string> {
  return singlePage('phone', 'phone.ts')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writePage('inspector.html', await inspectorPage())
