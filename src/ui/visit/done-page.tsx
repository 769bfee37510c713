import { useState } from 'react'
import type { KeptFile, VisitAnswers } from '../../station/protocol.ts'
import { RowWords } from '../office/choice-list.tsx'
import { useDesk } from '../office/use-desk.ts'
import { Icon } from '../parts/icon.tsx'
import { takeFile } from '../take-file.ts'
import { useWindow } from '../window-context.ts'
import { QrPicture } from './qr-picture.tsx'
import { useDoing } from './use-doing.ts'
import { FootButton, VisitPage } from './visit-page.tsx'

export type Ended = VisitAnswers['visit.close']

/** The visit is closed: its files to take along, and the checkpoint for a photograph. */
export function DonePage({ ended, onLeave }: { readonly ended: Ended; readonly onLeave: () => void }) {
  const { texts } = useWindow()
  const { ask } = useDesk()
  const words = texts.visit.done
  const { code, isWorking, run } = useDoing()
  const [saved, setSaved] = useState<readonly string[]>([])
  const [isMore, setIsMore] = useState(false)
  const save = (file: KeptFile): void =>
    run(async () => {
      await takeFile(ask, file)
      setSaved([...saved, file.name])
    })
  const leadOf = ({ name }: KeptFile) => (saved.includes(name) ? words.saved : words.save)
  const shown = isMore ? ended.files.slice(A_PAGE) : ended.files.slice(0, A_PAGE)
  return (
    <VisitPage
      name="ended"
      title={words.title}
      next={words.next}
      code={code}
      onBack={null}
      isBeside
      foot={
        <>
          <div className="visit-files">
            {shown.map((file) => (
              <button
                key={file.name}
                type="button"
                className={saved.includes(file.name) ? 'button office-row office-good' : 'button office-row'}
                data-file={file.name}
                disabled={isWorking}
                onClick={() => save(file)}
              >
                <Icon name={saved.includes(file.name) ? 'check' : 'store'} />
                <RowWords lead={leadOf(file)} detail={shortName(file.name)} />
              </button>
            ))}
          </div>
          {ended.files.length > A_PAGE && (
            <button
              type="button"
              className="button button-quiet"
              data-visit="more"
              onClick={() => setIsMore(!isMore)}
            >
              {texts.button.more}
            </button>
          )}
          <FootButton name="leave" words={words.leave} onTouch={onLeave} />
        </>
      }
    >
      <QrPicture text={ended.checkpoint} label={words.checkpoint} />
    </VisitPage>
  )
}

/** `….pdf`: the end of a name says what it is. */
function shortName(name: string): string {
  return name.length <= LONGEST ? name : `…${name.slice(-LONGEST)}`
}

const A_PAGE = 2
const LONGEST = 14
