/*
 * The notice that a person reads (or hears) before they decide about the face check.
 * Order No. 19 of 2025 of the Cyberspace Administration and the Ministry of Public Security
 * (《人脸识别技术应用安全管理办法》), article 5: handler, contact, purpose, method, retention, necessity,
 * impact, rights; article 6: separate consent that can be withdrawn; article 10: another way of equal standing.
 *
 * Pure data, shared by the station, which records the sha256 of the Chinese text with every consent, and the
 * window, which shows it only while that hash is the one of its own text. Changing one character is a new version.
 * The handler's name and telephone number are on the sign beside the kiosk, which the institution has to put up.
 * The Tibetan text needs review by a native reader before use.
 */

export type NoticeLanguage = 'zh-CN' | 'bo' | 'en'

/** What each point of the notice is about, in the order they are shown. */
export type NoticeTopic = 'who' | 'why' | 'how' | 'retention' | 'rights' | 'refusal'

export interface NoticePoint {
  readonly topic: NoticeTopic
  readonly heading: string
  readonly text: string
}

export interface Notice {
  readonly title: string
  readonly points: readonly NoticePoint[]
}

export const notices: Readonly<Record<NoticeLanguage, Notice>> = {
  'zh-CN': {
    title: '用人脸签到，先问您同不同意',
    points: [
      { topic: 'who', heading: '谁在用', text: '您的培训机构，名称和电话见本机旁的告示。' },
      { topic: 'why', heading: '做什么', text: '只用来核对来上课的是您本人，防止冒名顶替。' },
      {
        topic: 'how',
        heading: '怎么做',
        text: '拍脸和证件照片比对。比不上由人工核实，不会直接扣学时。',
      },
      { topic: 'retention', heading: '存多久', text: '只存在本机，不上网。本班公示异议期满后删除。' },
      { topic: 'rights', heading: '您的权利', text: '随时可以查看、更正、删除、撤回，找工作人员就行。' },
      { topic: 'refusal', heading: '不同意', text: '由监督员看证件给您签到，学时和补贴都一样。' },
    ],
  },
  bo: {
    title: 'གདོང་པར་སྤྱོད་པར་མོས་མཐུན་ཡིན་ནམ།',
    points: [
      { topic: 'who', heading: 'སུས།', text: 'སྦྱོང་བརྡར་ལས་ཁུངས། མིང་དང་ཁ་པར་འགྲམ་གྱི་བརྡ་བྱང་ལ་གཟིགས།' },
      { topic: 'why', heading: 'དམིགས་ཡུལ།', text: 'སློབ་ཁྲིད་ལ་ཡོང་མཁན་ཁྱེད་རང་ཡིན་མིན་ཁོ་ན་བལྟ།' },
      { topic: 'how', heading: 'བྱེད་ཐབས།', text: 'གདོང་པར་དང་ལག་ཁྱེར་གྱི་པར་བསྡུར། མ་མཐུན་ན་མིས་ཞིབ་བཤེར་བྱེད།' },
      { topic: 'retention', heading: 'ཉར་ཡུན།', text: 'དྲ་རྒྱར་མི་གཏོང་། འཕྲུལ་ཆས་འདིར་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།' },
      { topic: 'rights', heading: 'ཁེ་དབང་།', text: 'ལྟ་བ། བཅོས་པ། སུབ་པ། ཕྱིར་འཐེན་བྱེད་ན་ལས་བྱེད་པར་ཤོད།' },
      { topic: 'refusal', heading: 'མི་མོས་ན།', text: 'ལྟ་སྐུལ་པས་ལག་ཁྱེར་ལ་བལྟས་ནས་འགོད། རོགས་དངུལ་གཅིག་མཚུངས།' },
    ],
  },
  en: {
    title: 'May we check your face to sign you in?',
    points: [
      { topic: 'who', heading: 'Who', text: 'Your training school: see the sign here.' },
      { topic: 'why', heading: 'Why', text: 'Only to check that it is really you.' },
      {
        topic: 'how',
        heading: 'How',
        text: 'Your face is compared with your card photo. If in doubt, a person decides.',
      },
      {
        topic: 'retention',
        heading: 'Kept',
        text: 'On this machine, never online. Deleted when objections to this class close.',
      },
      {
        topic: 'rights',
        heading: 'Rights',
        text: 'See, correct, delete, withdraw: ask the staff.',
      },
      { topic: 'refusal', heading: 'If no', text: 'A supervisor checks your card. Same hours and pay.' },
    ],
  },
}

/** The notice where the site keeps the camera's frames (`keepFrames`): the same, but for what is kept. */
export const noticesWithFrames = withPoint(notices, 'retention', {
  'zh-CN': '签到画面也留，只存本机，公示期满后删除。',
  bo: 'དྲ་རྒྱར་མི་གཏོང་། འཕྲུལ་ཆས་འདིར་ཉར། མིང་འགོད་སྐབས་ཀྱི་པར་ཡང་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།',
  en: 'Pictures too, on this machine. Deleted when objections to this class close.',
})

/**
 * The same where issue date and ethnicity of cards are kept for the fairness report (`cardFacts`). What is kept is said in
 * the point that has room for it on the smallest screen.
 */
const fairness: Readonly<Record<NoticeLanguage, string>> = {
  'zh-CN': '只核对是您本人，并统计机器是否一样准。',
  bo: 'ཁྱེད་རང་ཡིན་མིན་བལྟ། འདྲ་མཉམ་རྩིས་པར་ལག་ཁྱེར་ཚེས་གྲངས་དང་མི་རིགས་ཉར།',
  en: 'To check that it is you, and alike for everybody.',
}
export const noticesWithCardFacts = withPoint(withPoint(notices, 'why', fairness), 'retention', {
  'zh-CN': '证件日期和民族也记，只存本机，公示期满删。',
  bo: 'དྲ་རྒྱར་མི་གཏོང་། འཕྲུལ་ཆས་འདིར་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།',
  en: 'Card date and ethnicity too: on this machine, until objections close.',
})
export const noticesWithFramesAndCardFacts = withPoint(
  withPoint(noticesWithFrames, 'why', fairness),
  'retention',
  {
    'zh-CN': '画面、证件日期和民族只存本机，公示期满删。',
    bo: 'དྲ་རྒྱར་མི་གཏོང་། འཕྲུལ་ཆས་འདིར་ཉར། མིང་འགོད་སྐབས་ཀྱི་པར་ཡང་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།',
    en: 'Pictures, card date, ethnicity: on this machine, until objections close.',
  },
)

/**
 * The notice of the second question: one face under several names (`findDuplicates`). A consent of its own, apart from the
 * one to the face check.
 */
export const duplicateNotices: Readonly<Record<NoticeLanguage, Notice>> = {
  'zh-CN': {
    title: '再问一件事：班里能不能比对人脸',
    points: [
      { topic: 'why', heading: '做什么', text: '查同一张脸有没有用几个人的名字。' },
      { topic: 'how', heading: '怎么做', text: '只和本班同意的人比，像的由两人核实。' },
      { topic: 'retention', heading: '存什么', text: '脸算出的数字，加密存本机，公示期满删除。' },
      { topic: 'rights', heading: '您的权利', text: '随时可以单独撤回这一项，马上删除。' },
      { topic: 'refusal', heading: '不同意', text: '不影响签到、学时和补贴。不选就是不同意。' },
    ],
  },
  bo: {
    title: 'འཛིན་གྲྭའི་ནང་གདོང་བསྡུར་བར་མོས་མཐུན་ཡིན་ནམ།',
    points: [
      { topic: 'why', heading: 'དམིགས་ཡུལ།', text: 'གདོང་གཅིག་གིས་མིང་མང་པོ་སྤྱོད་པ་ཡོད་མེད་བལྟ།' },
      { topic: 'how', heading: 'བྱེད་ཐབས།', text: 'འཛིན་གྲྭ་འདིའི་མོས་མཐུན་བྱེད་མཁན་དང་ཁོ་ན་བསྡུར། མི་གཉིས་ཀྱིས་ཐག་གཅོད།' },
      {
        topic: 'retention',
        heading: 'ཉར་ཡུན།',
        text: 'གདོང་གི་ཨང་གྲངས་གསང་སྡོམ་བྱས་ནས་འཕྲུལ་ཆས་འདིར་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།',
      },
      { topic: 'rights', heading: 'ཁེ་དབང་།', text: 'དུས་ནམ་ཡང་འདི་ཁོ་ན་ཕྱིར་འཐེན་ཆོག ལས་བྱེད་པར་ཤོད།' },
      { topic: 'refusal', heading: 'མི་མོས་ན།', text: 'ཐོ་འགོད་དང་རོགས་དངུལ་ལ་གནོད་པ་མེད། མི་འདེམས་ན་མི་མོས་པ་ཡིན།' },
    ],
  },
  en: {
    title: 'May we also compare faces in your class?',
    points: [
      { topic: 'why', heading: 'Why', text: 'To find one face signing in under several names.' },
      {
        topic: 'how',
        heading: 'How',
        text: 'Only with classmates who agree. Two staff decide.',
      },
      {
        topic: 'retention',
        heading: 'Kept',
        text: 'Encrypted, on this machine. Deleted when objections to this class close.',
      },
      {
        topic: 'rights',
        heading: 'Rights',
        text: 'Take back this alone at any time.',
      },
      { topic: 'refusal', heading: 'If no', text: 'Nothing changes. No answer means no.' },
    ],
  },
}

/** The whole notice as one text, one point a line: what is hashed (`zh-CN`) and what is read aloud. */
export const noticeText = asTexts(notices)
export const noticeTextWithFrames = asTexts(noticesWithFrames)
export const noticeTextWithCardFacts = asTexts(noticesWithCardFacts)
export const noticeTextWithFramesAndCardFacts = asTexts(noticesWithFramesAndCardFacts)
export const duplicateNoticeText = asTexts(duplicateNotices)

function withPoint(
  all: Readonly<Record<NoticeLanguage, Notice>>,
  topic: NoticeTopic,
  texts: Readonly<Record<NoticeLanguage, string>>,
): Readonly<Record<NoticeLanguage, Notice>> {
  const changed = (language: NoticeLanguage): Notice => {
    const { title, points } = all[language]
    const text = texts[language]
    return { title, points: points.map((point) => (point.topic === topic ? { ...point, text } : point)) }
  }
  return { 'zh-CN': changed('zh-CN'), bo: changed('bo'), en: changed('en') }
}

function asTexts(all: Readonly<Record<NoticeLanguage, Notice>>): Readonly<Record<NoticeLanguage, string>> {
  return { 'zh-CN': asText(all['zh-CN']), bo: asText(all.bo), en: asText(all.en) }
}

function asText({ title, points }: Notice): string {
  return `${[title, ...points.map(({ heading, text }) => `${heading}：${text}`)].join('\n')}\n`
}
