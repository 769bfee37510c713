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
export const noticesWithFrames: Readonly<Record<NoticeLanguage, Notice>> = {
  'zh-CN': keeping(
    notices['zh-CN'],
    '只存在本机，不上网。签到时拍的画面也会留下备查。本班公示异议期满后删除。',
  ),
  bo: keeping(notices.bo, 'དྲ་རྒྱར་མི་གཏོང་། འཕྲུལ་ཆས་འདིར་ཉར། མིང་འགོད་སྐབས་ཀྱི་པར་ཡང་ཉར། དམངས་བསྒྲགས་རྫོགས་རྗེས་སུབ།'),
  en: keeping(
    notices.en,
    'On this machine, never online, with the pictures taken as you sign in. Deleted when objections to this class close.',
  ),
}

/** The whole notice as one text, one point a line: what is hashed (`zh-CN`) and what is read aloud. */
export const noticeText = asTexts(notices)
export const noticeTextWithFrames = asTexts(noticesWithFrames)

function keeping(notice: Notice, text: string): Notice {
  const points = notice.points.map((point) => (point.topic === 'retention' ? { ...point, text } : point))
  return { ...notice, points }
}

function asTexts(all: Readonly<Record<NoticeLanguage, Notice>>): Readonly<Record<NoticeLanguage, string>> {
  return { 'zh-CN': asText(all['zh-CN']), bo: asText(all.bo), en: asText(all.en) }
}

function asText({ title, points }: Notice): string {
  return `${[title, ...points.map(({ heading, text }) => `${heading}：${text}`)].join('\n')}\n`
}
