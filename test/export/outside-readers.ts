import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* Readers that aren't ours: what they see is what an office sees. */

/** Why a program can't be used, null when it can. */
export function programAbsent(name: string, versionOption: string): string | null {
  const { error } = spawnSync(name, [versionOption], { stdio: 'ignore', timeout: 60_000 })
  return error === undefined ? null : `no ${name}`
}

/** A PDF's text by poppler, a page an entry, spaces and line ends removed. */
export function pdfText(pdf: Uint8Array): string[] {
  return inFolder('in.pdf', pdf, (folder) => {
    const text = execFileSync('pdftotext', ['-enc', 'UTF-8', join(folder, 'in.pdf'), '-'], {
      encoding: 'utf8',
    })
    return text
      .split('\f')
      .slice(0, -1)
      .map((page) => page.replace(/\s/g, ''))
  })
}

/** A page of a PDF as a picture by poppler, PNG. */
export function pdfPicture(pdf: Uint8Array, page: number): Buffer {
  return inFolder('in.pdf', pdf, (folder) => {
    const pages = ['-f', String(page), '-l', String(page), '-r', '150', '-png', '-singlefile']
    execFileSync('pdftoppm', [...pages, join(folder, 'in.pdf'), join(folder, 'page')])
    return readFileSync(join(folder, 'page.png'))
  })
}

/** Names of the fonts of a PDF, with whether each is embedded. */
export function pdfFonts(pdf: Uint8Array): { readonly name: string; readonly embedded: boolean }[] {
  return inFolder('in.pdf', pdf, (folder) => {
    const lines = execFileSync('pdffonts', [join(folder, 'in.pdf')], { encoding: 'utf8' })
      .trim()
      .split('\n')
    return lines.slice(2).map((line) => {
      const embedded = line.trim().split(/\s+/).at(-5) === 'yes'
      return { name: line.split(/\s+/)[0] ?? '', embedded }
    })
  })
}

/** Every sheet of every workbook by LibreOffice, which starts once: `workbook/sheet` → lines of CSV. */
export function sheetsByLibreOffice(workbooks: ReadonlyMap<string, Uint8Array>): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-reader-'))
  try {
    const inputs = [...workbooks].map(([name, bytes]) => {
      const file = join(folder, `${name}.xlsx`)
      writeFileSync(file, bytes)
      return file
    })
    // Text as shown, UTF-8, every sheet to a file of its own.
    const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
    const profile = `-env:UserInstallation=file://${folder}/profile`
    const words = [profile, '--headless', '--convert-to', filter, '--outdir', folder, ...inputs]
    execFileSync('libreoffice', words, { stdio: 'ignore', timeout: 240_000 })
    const files = readdirSync(folder).filter((name) => name.endsWith('.csv'))
    return new Map(
      files.map((name) => [
        name.slice(0, -'.csv'.length).replace('-', '/'),
        readFileSync(join(folder, name), 'utf8').trim().split('\n'),
      ]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inFolder<T>(name: string, bytes: Uint8Array, read: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'shidao-reader-'))
  try {
    writeFileSync(join(folder, name), bytes)
    return read(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A new key by age-keygen: the file's words, as it wrote them. */
export function ageKeygen(): string {
  return execFileSync('age-keygen', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

/** What age seals for public keys. */
export function ageSeal(content: Uint8Array, recipients: readonly string[]): Buffer {
  return execFileSync(
    'age',
    recipients.flatMap((key) => ['-r', key]),
    { input: content, maxBuffer: 64 * 1024 * 1024 },
  )
}

/** What age opens with a key's file. Throws where it opens nothing. */
export function ageOpen(sealed: Uint8Array, keyFile: string): Buffer {
  return inFolder('auditor.key', new TextEncoder().encode(keyFile), (folder) =>
    execFileSync('age', ['-d', '-i', join(folder, 'auditor.key')], {
      ...{ input: sealed, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 },
    }),
  )
}
