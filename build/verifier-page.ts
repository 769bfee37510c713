import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const PAGE = join(ROOT, 'src/inspect/page')

/** The modules of which the page brings its own, because a browser has no node:crypto. */
const REPLACED = ['sha256', 'ed25519']

/**
 * The verifier page as one HTML text: the sources of the station's own verification in one readable script, nothing
 * minified, nothing fetched. Same sources, same text.
 */
export async function verifierPage(): Promise<string> {
  const built = await build({
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    resolve: {
      alias: REPLACED.map((name) => ({
        find: new RegExp(`^(?:\\./|\\.\\./ledger/)${name}\\.ts$`),
        replacement: join(PAGE, `${name}.ts`),
      })),
    },
    build: {
      write: false,
      minify: false,
      target: ['chrome100', 'firefox100', 'safari15.4'],
      lib: { entry: join(PAGE, 'page.ts'), formats: ['iife'], name: 'shidaoVerifier' },
    },
  })
  const [{ output }] = built as unknown as [{ output: [{ code: string }] }]
  const script = output[0].code.replaceAll('</script', '<\\/script')
  const html = await readFile(join(PAGE, 'index.html'), 'utf8')
  return html.replace('// verifier', () => script)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = join(ROOT, 'dist/verifier.html')
  const html = await verifierPage()
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, html)
  process.stdout.write(`${out}  ${Buffer.byteLength(html)} bytes\n`)
}
