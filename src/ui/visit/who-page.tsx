import { readVisitCode } from '../../common/visit-codes.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { type Brought, readBrought } from './brought.ts'
import { FileButton } from './file-button.tsx'
import { ScanCode } from './scan-code.tsx'
import { FootButton, VisitPage } from './visit-page.tsx'

/** Who inspects: files from a stick, each said in words, and a phone's code, which goes on at once. */
export function WhoPage(page: {
  readonly files: readonly Brought[]
  readonly code: string | null
  readonly onFiles: (files: readonly Brought[]) => void
  readonly onKnown: (publicKey: string) => void
  readonly onComplain: (code: string) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.who
  const key = page.files.find((one) => one.kind === 'key')
  const take = (text: string): void => {
    const read = readVisitCode(text)
    if (read?.kind === 'inspector') page.onKnown(read.publicKey)
    else page.onComplain('VISIT_CODE_OTHER')
  }
  return (
    <VisitPage
      name="who"
      title={words.title}
      next={words.next}
      code={page.code}
      onBack={page.onBack}
      isBeside
      aside={
        <FileButton
          name="files"
          words={words.files}
          many
          onFiles={async (chosen) =>
            page.onFiles([...page.files, ...(await readBrought(chosen))].slice(-MOST))
          }
        />
      }
    >
      <p className="visit-line">
        <Icon name="scanner" />
        <span>{words.phone}</span>
      </p>
      <ScanCode onCode={take} wants="inspector" />
      <ul className="visit-brought">
        {page.files.map((one) => (
          <li
            key={`${one.kind} ${one.name}`}
            className={one.kind === 'other' ? 'visit-flag visit-bad' : 'visit-flag'}
          >
            {words.brought[one.kind]}
          </li>
        ))}
      </ul>
      {key?.kind === 'key' && (
        <FootButton
          name="go"
          words={fill(words.key, { key: key.key.publicKey.slice(0, 8) })}
          onTouch={() => page.onKnown(key.key.publicKey)}
          isMain
        />
      )}
    </VisitPage>
  )
}

/** A key, a list, its authority and a checkpoint: whoever brings more means the newest. */
const MOST = 4
