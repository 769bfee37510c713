import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const PAGES = join(ROOT, 'src/inspect')

/** The modules of which a page brings its own, because a browser has no node:crypto. */
const REPLACED = ['sha256', 'ed25519']

/**
 * A page of `src/inspect` as one HTML text: the product's own sources in one readable script, nothing minified, nothing
 * fetched. Same sources, same text.
 */
export async function singlePage(folder: 'page' | 'phone', entry: string): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: {
      alias: REPLACED.map((name) => ({
        find: new RegExp(`^(?:\\./|(?:\\.\\./)+ledger/)${name}\\.ts$`),
        replacement: join(PAGES, 'page', `${name}.ts`),
      })),
    },
    build: {
      write: false,
      minify: false,
      target: ['chrome100', 'firefox100', 'safari15.4'],
      lib: { entry: join(PAGES, folder, entry), formats: ['iife'], name: 'shidaoPage' },
    },
  })
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }]
  const script = output[0].code.replaceAll('</script', '<\\/script')
  const html = await readFile(join(PAGES, folder, 'index.html'), 'utf8')
  return html.replace('// verifier', () => script)
}

/** Writes a page into `dist` and says where and how large. */
export async function writePage(name: string, html: string): Promise<void> {
  const out = join(ROOT, 'dist', name)
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, html)
  process.stdout.write(`${out}  ${Buffer.byteLength(html)} bytes\n`)
}
