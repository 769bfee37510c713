import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type InlineConfig } from 'vite'

const PARTS = ['ui/index.html', 'electron/main.js', 'electron/preload.cjs']

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** What the window is made of; the layer rules keep every other folder out of it. */
const SOURCES = [
  'src/ui',
  'src/common',
  'src/station/protocol.ts',
  'src/station/socket-path.ts',
  'electron',
  'build/bundle.ts',
  'package-lock.json',
]

/**
 * Makes `out/ui` (the page), `out/electron/main.js` (ESM) and `out/electron/preload.cjs` from the sources, unless they
 * were made of exactly these sources before. Returns whether it built. `out` is `dist` unless said otherwise.
 *
 * The parts are made aside and moved into place, so that somebody who reads `out` meanwhile never sees half a build.
 * Everything but `electron` and Node's own modules is inside the bundles: a sandboxed preload can't load files, and
 * Electron's main process must not meet a native module built for the Node of the station.
 */
export async function bundleWindow(options: { out?: string; onStart?: () => void } = {}): Promise<boolean> {
  const out = resolve(options.out ?? join(ROOT, 'dist'))
  const stamp = join(out, 'window.sha256')
  const digest = await digestOfSources()
  const parts = [stamp, ...PARTS.map((part) => join(out, part))]
  const isWhole = parts.every((path) => existsSync(path))
  if (isWhole && (await readFile(stamp, 'utf8')) === digest) return false
  options.onStart?.()
  const aside = join(out, `.making-${process.pid}`)
  const { NODE_ENV } = process.env
  // React's development form otherwise, when a test runner has set another.
  process.env.NODE_ENV = 'production'
  try {
    await build(page(join(aside, 'ui')))
    await build(program('main.ts', 'es', 'main.js', join(aside, 'electron')))
    await build(program('preload.ts', 'cjs', 'preload.cjs', join(aside, 'electron')))
    await rm(stamp, { force: true })
    for (const part of ['ui', 'electron']) {
      await rm(join(out, part), { recursive: true, force: true })
      await rename(join(aside, part), join(out, part))
    }
    await writeFile(stamp, digest)
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
    await rm(aside, { recursive: true, force: true })
  }
  return true
}

/** The page, by its own `src/ui/vite.config.ts` where there is one. */
function page(outDir: string): InlineConfig {
  return {
    root: join(ROOT, 'src/ui'),
    // Writes nothing beside the sources: they may belong to somebody else.
    configLoader: 'runner',
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  }
}

/** One file for Electron: for its Node (`es`) or for a sandboxed preload (`cjs`). */
function program(entry: string, format: 'es' | 'cjs', fileName: string, outDir: string): InlineConfig {
  return {
    root: ROOT,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: join(ROOT, 'electron', entry),
      outDir,
      emptyOutDir: false,
      // Node 20.18 is the oldest that any Electron we run under brings (33, in the tests).
      target: 'node20.18',
      rolldownOptions: {
        external: ['electron', ...OPTIONAL, ...builtinModules, /^node:/],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  }
}

/** Native accelerators that `ws` tries to load and does without. */
const OPTIONAL = ['bufferutil', 'utf-8-validate']

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const path of await filesOf(join(ROOT, source))) {
      hash.update(`${relative(ROOT, path)}\0`)
      hash.update(
        createHash('sha256')
          .update(await readFile(path))
          .digest(),
      )
    }
  }
  return hash.digest('hex')
}

async function filesOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null)
  if (entries === null) return [path]
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name)).sort()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await bundleWindow()
  process.stdout.write(
    built ? 'dist/ui and dist/electron are built\n' : 'dist/ui and dist/electron are up to date\n',
  )
}
