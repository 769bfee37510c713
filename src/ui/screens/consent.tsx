import { type NoticeTopic, notices, noticeText } from '../../common/notice.ts'
import { Countdown } from '../parts/countdown.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { ReadAloud } from '../parts/read-aloud.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { useNotice } from '../use-notice-version.ts'
import { useWindow } from '../window-context.ts'

/**
 * The notice and one question, with two answers of the same size and look: refusing costs nothing. Agreeing is only
 * possible to the very text whose hash the station records.
 */
export function ConsentScreen() {
  const { snapshot, texts, language, send } = useWindow()
  const recorded = useNotice(snapshot.noticeVersion)
  const notice = (recorded?.notices ?? notices)[language]
  const answer = (granted: boolean) => send({ type: 'consent', granted })
  return (
    <main className="consent" data-screen="consent">
      <h1>{notice.title}</h1>
      {recorded === null ? (
        <p className="notice-changed" role="alert">
          <Icon name="alert" />
          {texts.consent.changed}
        </p>
      ) : (
        <ul className="notice">
          {notice.points.map(({ topic, heading, text }) => (
            <li key={topic}>
              <Icon name={TOPIC_ICONS[topic]} />
              <p>
                <strong>{heading}</strong> {text}
              </p>
            </li>
          ))}
        </ul>
      )}
      <RefusalLine />
      <div className="answers">
        {recorded && (
          <button type="button" className="button answer" data-answer="agree" onClick={() => answer(true)}>
            <Icon name="face" />
            {texts.consent.agree}
          </button>
        )}
        <ReadAloud text={(recorded?.text ?? noticeText)[language]} language={language} />
        <button type="button" className="button answer" data-answer="refuse" onClick={() => answer(false)}>
          <Icon name="witness" />
          {texts.consent.refuse}
        </button>
      </div>
      <Countdown />
    </main>
  )
}

const TOPIC_ICONS: Readonly<Record<NoticeTopic, IconName>> = {
  who: 'school',
  why: 'purpose',
  how: 'camera',
  retention: 'store',
  rights: 'rights',
  refusal: 'hand',
}
