import { useState } from 'react'
import type { VisitAnswers } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { type Brought, type BroughtKey, isKeyLine } from './brought.ts'
import { ChoosePin } from './pin-page.tsx'
import { ScanCode } from './scan-code.tsx'
import { SignPage } from './sign-page.tsx'
import { useDoing } from './use-doing.ts'
import type { FactsAnswer } from './use-facts.ts'
import { FootButton, VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'
import { WhoPage } from './who-page.tsx'

type Step = 'who' | 'authority' | 'pin' | 'standing' | 'sign'

/** Who the inspector is, the visit's PIN, what the station says to both, and the signature that begins the visit. */
export function Opening(opening: {
  readonly classId: string
  readonly facts: FactsAnswer
  readonly brought: BroughtKey | null
  readonly onKey: (key: BroughtKey | null) => void
  readonly onOpened: () => void
  readonly onBack: () => void
}) {
  const { classId } = opening
  const { texts } = useWindow()
  const { ask, hold } = useSeat()
  const { code, run, complain } = useDoing()
  const [step, setStep] = useState<Step>('who')
  const [files, setFiles] = useState<readonly Brought[]>([])
  const [publicKey, setPublicKey] = useState<string | null>(null)
  const [admitted, setAdmitted] = useState<VisitAnswers['visit.admit'] | null>(null)
  const [pin, setPin] = useState('')

  const to = (next: Step): void => {
    complain(null)
    setStep(next)
  }
  const known = (key: string): void => {
    setPublicKey(key)
    to(textOf(files, 'list') !== null && textOf(files, 'authority') === null ? 'authority' : 'pin')
  }
  const admit = (chosen: string): void => {
    if (publicKey === null) return
    const [note, authority] = [textOf(files, 'list'), textOf(files, 'authority')]
    run(async () => {
      setStep('who')
      const list = note === null || authority === null ? null : { note, authority }
      const seen = textOf(files, 'checkpoint')
      const asked = { act: 'visit.admit', class: classId, publicKey, pin: chosen, list, seen } as const
      setAdmitted(await ask(asked))
      setPin(chosen)
      setStep('standing')
    })
  }

  if (step === 'authority') {
    const take = (text: string): void => {
      if (isKeyLine(text)) {
        setFiles([...files, { name: texts.visit.who.scan, kind: 'authority', text }])
        to('pin')
      } else complain('INSPECT_AUTHORITY')
    }
    const { authority, authorityNext } = texts.visit.who
    return (
      <VisitPage name="authority" title={authority} next={authorityNext} code={code} onBack={() => to('who')}>
        <ScanCode onCode={take} />
      </VisitPage>
    )
  }
  if (step === 'pin') return <ChoosePin onPin={admit} onBack={() => to('who')} />
  if (step === 'standing' && admitted !== null) {
    return <StandingPage admitted={admitted} onGo={() => to('sign')} onBack={() => to('who')} />
  }
  if (step === 'sign' && admitted !== null && publicKey !== null) {
    return (
      <SignPage
        title={texts.visit.sign.opening}
        statement={admitted.statement}
        publicKey={publicKey}
        brought={opening.brought}
        code={code}
        onKey={opening.onKey}
        onComplain={complain}
        onProof={(proof) =>
          run(async () => {
            await ask({ act: 'visit.open', class: classId, proof })
            hold(pin)
            opening.onOpened()
          })
        }
        onBack={() => to('standing')}
      />
    )
  }
  return (
    <WhoPage
      files={files}
      code={code}
      onFiles={(chosen) => {
        complain(null)
        setFiles(chosen)
        const key = chosen.find((one) => one.kind === 'key')
        if (key?.kind === 'key') opening.onKey(key.key)
      }}
      onKnown={known}
      onComplain={complain}
      onBack={opening.onBack}
    />
  )
}

/** How firmly it is known that this is an inspector, and what became of the log since they were last here. */
function StandingPage(page: {
  readonly admitted: VisitAnswers['visit.admit']
  readonly onGo: () => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { standing, since, opening, standingNext, list } = texts.visit.sign
  const { admitted } = page
  const isFirm = admitted.standing === 'listed'
  return (
    <VisitPage
      name="standing"
      title={opening}
      next={standingNext}
      onBack={page.onBack}
      foot={<FootButton name="go" words={texts.visit.go} onTouch={page.onGo} isMain />}
    >
      <p
        className={isFirm ? 'visit-say visit-good' : 'visit-say visit-warning'}
        data-standing={admitted.standing}
      >
        <Icon name={isFirm ? 'check' : 'alert'} />
        <span>{standing[admitted.standing]}</span>
      </p>
      {admitted.list !== null && (
        <p className="visit-line">
          {fill(list, {
            number: admitted.list.number,
            authority: admitted.list.authority.split('+')[0] ?? '',
          })}
        </p>
      )}
      {admitted.since !== null && (
        <p
          className={`visit-say ${admitted.since.finding === 'consistent' ? 'visit-good' : 'visit-alarm'}`}
          role={admitted.since.finding === 'consistent' ? undefined : 'alert'}
          data-since={admitted.since.finding}
        >
          <Icon name={admitted.since.finding === 'consistent' ? 'check' : 'alert'} />
          <span>{fill(since[admitted.since.finding], { size: admitted.since.size })}</span>
        </p>
      )}
    </VisitPage>
  )
}

function textOf(files: readonly Brought[], kind: 'list' | 'authority' | 'checkpoint'): string | null {
  const file = files.findLast((one) => one.kind === kind)
  return file === undefined || file.kind === 'key' ? null : file.text
}
