import { type FormEvent, useState } from 'react'
import { askCode, readVisitCode } from '../../common/visit-codes.ts'
import type { InspectorProof } from '../../station/protocol.ts'
import { useWindow } from '../window-context.ts'
import { type BroughtKey, readBrought } from './brought.ts'
import { FileButton } from './file-button.tsx'
import { QrPicture } from './qr-picture.tsx'
import { ScanCode } from './scan-code.tsx'
import { VisitPage } from './visit-page.tsx'

/** The inspector's own signature: their phone reads the statement and shows its answer, or their key's file signs here. */
export function SignPage(page: {
  readonly title: string
  readonly statement: string
  /** Whose signature it has to be. */
  readonly publicKey: string
  readonly brought: BroughtKey | null
  readonly code: string | null
  readonly onKey: (key: BroughtKey | null) => void
  readonly onComplain: (code: string | null) => void
  readonly onProof: (proof: InspectorProof) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.sign
  const key = page.brought?.publicKey === page.publicKey ? page.brought : null

  const takeCode = (text: string): void => {
    const read = readVisitCode(text)
    if (read?.kind !== 'signed') page.onComplain('VISIT_CODE_OTHER')
    else if (read.publicKey !== page.publicKey) page.onComplain('INSPECT_INSPECTOR_OTHER')
    else page.onProof({ kind: 'signature', signature: read.signature })
  }
  const takeFile = async (files: readonly File[]): Promise<void> => {
    const [read] = await readBrought(files)
    if (read?.kind !== 'key') return page.onComplain('INSPECT_KEY_FORMAT')
    if (read.key.publicKey !== page.publicKey) return page.onComplain('INSPECT_INSPECTOR_OTHER')
    page.onComplain(null)
    page.onKey(read.key)
  }
  return (
    <VisitPage
      name="sign"
      title={page.title}
      next={key === null ? words.phoneNext : words.keyNext}
      code={page.code}
      onBack={page.onBack}
      isBeside
      foot={
        key === null ? (
          <>
            <ScanCode onCode={takeCode} wants="signed" />
            <FileButton name="key" words={words.chooseKey} onFiles={(files) => void takeFile(files)} />
          </>
        ) : (
          <>
            <KeyPin onPin={(pin) => page.onProof({ kind: 'key', file: key.file, pin })} />
            <button type="button" className="button" data-visit="phone" onClick={() => page.onKey(null)}>
              {words.usePhone}
            </button>
          </>
        )
      }
    >
      <QrPicture text={askCode(page.statement)} label={words.statement} />
    </VisitPage>
  )
}

/** A key's PIN may have letters. It is handed over and forgotten. */
function KeyPin({ onPin }: { readonly onPin: (pin: string) => void }) {
  const { texts } = useWindow()
  const [pin, setPin] = useState('')
  const hand = (event: FormEvent): void => {
    event.preventDefault()
    if (pin.length < SHORTEST) return
    setPin('')
    onPin(pin)
  }
  return (
    <form className="office-line visit-scan" onSubmit={hand}>
      <input
        className="office-input"
        type="password"
        name="key-pin"
        aria-label={texts.visit.sign.keyPin}
        placeholder={texts.visit.sign.keyPin}
        value={pin}
        maxLength={64}
        autoComplete="off"
        onChange={({ target }) => setPin(target.value)}
      />
      <button type="submit" className="button" data-visit="go" disabled={pin.length < SHORTEST}>
        {texts.visit.go}
      </button>
    </form>
  )
}

/** Of the protocol's key proof. */
const SHORTEST = 8
