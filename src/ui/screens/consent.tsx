import { type NoticeTopic, notices, noticeText } from '../../common/notice.ts'
import { Countdown } from '../parts/countdown.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { ReadAloud } from '../parts/read-aloud.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { useNotice } from '../use-notice-version.ts'
import { useWindow } from '../window-context.ts'

/**
 * The notice and one question, with two answers of the same size and look: refusing costs nothing. Agreeing is only
 * possible to the very text whose hash the station records. The second question, about comparing inside the class, has its
 * no where the first one had its yes: a tap too many agrees to nothing.
 */
export function ConsentScreen() {
  const { snapshot, texts, language, send } = useWindow()
  const recorded = useNotice(snapshot.noticeVersion)
  const notice = (recorded?.notices ?? notices)[language]
  const isSecond = recorded?.purpose === 'duplicates'
  const answer = (granted: boolean) =>
    send({ type: 'consent', granted, ...(isSecond ? { purpose: 'duplicates' } : {}) })
  const agree = recorded && (
    <button
      key="agree"
      type="button"
      className="button answer"
      data-answer="agree"
      onClick={() => answer(true)}
    >
      <Icon name="face" />
      {isSecond ? texts.consent.compare : texts.consent.agree}
    </button>
  )
  const refuse = (
    <button
      key="refuse"
      type="button"
      className="button answer"
      data-answer="refuse"
      onClick={() => answer(false)}
    >
      <Icon name={isSecond ? 'hand' : 'witness'} />
      {isSecond ? texts.consent.dontCompare : texts.consent.refuse}
    </button>
  )
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
        {isSecond ? refuse : agree}
        <ReadAloud text={(recorded?.text ?? noticeText)[language]} language={language} />
        {isSecond ? agree : refuse}
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
