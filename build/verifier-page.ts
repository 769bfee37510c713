import { fileURLToPath } from 'node:url'
import { singlePage, writePage } from './single-page.ts'

/** The verifier page as one HTML text: the same verification as `shidao verify`. */
export function verifierPage(): Promise<string> {
  return singlePage('page', 'page.ts')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writePage('verifier.html', await verifierPage())
