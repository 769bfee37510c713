import { useEffect, useState } from 'react'
import type { ExportAnswers } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { takeFile } from '../take-file.ts'
import { useWindow } from '../window-context.ts'
import type { OutcomeParts } from './act.ts'
import { RowWords } from './choice-list.tsx'
import { FaultLine, OfficePage } from './office-page.tsx'
import { codeOf } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

type State = ExportAnswers['export.state']

/** How far an export is; then where its file lies, and a way to take it along. */
export function ExportProgress({ title, entered, onAgain, onLeave }: OutcomeParts) {
  const { texts } = useWindow()
  const words = texts.office.export
  const { job } = entered as ExportAnswers['export.start']
  const { state, code } = useJob(job)
  const ended = state?.file ?? null
  const next = code !== null ? words.failed : ended === null ? words.running : words.done
  return (
    <OfficePage name="exporting" title={title} next={next} onBack={onLeave}>
      {code !== null && <FaultLine code={code} />}
      {code === null && state !== null && ended === null && <Bar state={state} />}
      {state !== null && ended !== null && (
        <>
          <p className="office-fact office-good" data-part="file">
            <RowWords lead={ended.name} detail={fill(words.folder, { folder: state.folder })} />
          </p>
          <Taking file={ended} />
        </>
      )}
      {(code !== null || ended !== null) && (
        <button type="button" className="button office-other" data-office="again" onClick={onAgain}>
          {texts.office.done.again}
        </button>
      )}
    </OfficePage>
  )
}

/** A bar of what is done; one that only moves while nobody knows how much there is. */
function Bar({ state: { done, total } }: { readonly state: State }) {
  const { texts } = useWindow()
  const known = total > 0 ? { value: done, max: total } : {}
  return (
    <div className="office-progress">
      <progress aria-label={texts.office.export.running} {...known} />
      {total > 0 && <p data-part="progress">{fill(texts.office.export.of, { done, total })}</p>}
    </div>
  )
}

/** The file's bytes come in pieces and go to wherever this browser keeps what is saved. */
function Taking({ file }: { readonly file: NonNullable<State['file']> }) {
  const { texts } = useWindow()
  const words = texts.office.export
  const desk = useDesk()
  const [share, setShare] = useState<number | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const take = async (): Promise<void> => {
    setCode(null)
    setShare(0)
    try {
      await takeFile(desk.ask, file, setShare)
    } catch (thrown) {
      setCode(codeOf(thrown))
    }
    setShare(null)
  }
  return (
    <>
      {code !== null && <FaultLine code={code} />}
      <button
        type="button"
        className="button office-take"
        data-office="take"
        disabled={share !== null}
        onClick={() => void take()}
      >
        <Icon name="download" />
        {share === null ? words.take : `${words.take} ${Math.floor(share * 100)} %`}
      </button>
    </>
  )
}

/** Asks for the job's state until it ended. */
function useJob(job: number): { readonly state: State | null; readonly code: string | null } {
  const desk = useDesk()
  const [state, setState] = useState<State | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const { ask } = desk
  // biome-ignore lint/correctness/useExhaustiveDependencies: one row of questions a job
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const look = async (): Promise<void> => {
      try {
        const now = (await ask({ act: 'export.state', job })) as State
        if (isGone) return
        setState(now)
        setCode(now.code)
        if (now.state === 'running') timer = setTimeout(() => void look(), POLL_MS)
      } catch (thrown) {
        if (!isGone) setCode(codeOf(thrown))
      }
    }
    void look()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [job])
  return { state, code }
}

const POLL_MS = 400
