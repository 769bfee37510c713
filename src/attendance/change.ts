/*
 * What would have to change for a yes: a code that programs branch on and never changes, and the sentence for people,
 * in Chinese and in English. `{name}` stands for a value.
 */

const sentences = {
  'pack-value': {
    zh: '规则包缺少“{rule}”的取值，须补充：{missing}',
    en: 'the pack needs a value for {rule}: {missing}',
  },
  'pack-in-force': {
    zh: '须使用在开班日期内有效的规则包',
    en: 'a pack that is in force on the days of the class',
  },
  'pack-of-region': {
    zh: '须提供区划 {region} 现行有效的规则包',
    en: 'give a pack of region {region} that is in force',
  },
  'pack-second-format': {
    zh: '须按第二版格式的规则包计算学时',
    en: 'count the hours under a pack of the second format',
  },
  'person-region': { zh: '须登记本人{place}的区划代码', en: "say the region of this person's {placeEn}" },
  'person-groups': { zh: '须登记本人的人员类别', en: 'say the groups of this person' },
  'group-proof': { zh: '须提供属于规定人员类别之一的证明', en: 'proof of belonging to one of these groups' },
  pension: {
    zh: '须为未领取该类养老金的人员，并提供证明',
    en: 'somebody who draws no such pension, and proof of it',
  },
  insurance: { zh: '失业保险须累计参保满 {months} 个月', en: '{months} months of unemployment insurance' },
  contract: {
    zh: '劳动合同期限须满 {months} 个月，且在入职 {within} 个月内参加培训',
    en: 'a contract of {months} months and training within {within} months of hire',
  },
  agreement: {
    zh: '须在培训前与本人签订推荐就业协议',
    en: 'an agreement to recommend this person for work, made before the training',
  },
  voucher: { zh: '须有本人的培训券', en: 'a training voucher of this person' },
  'work-months': { zh: '须登记以工代训的月数', en: 'say the months of work-based training' },
  history: {
    zh: '须导入本人在其他系统的享受补贴历史',
    en: 'import the history of this person from elsewhere',
  },
  'history-reaches': {
    zh: '须有截至 {year} 年内的享受补贴历史',
    en: 'a history that reaches into {year}',
  },
  'fewer-before': { zh: '此前享受次数须少于 {limit} 次', en: 'fewer than {limit} before this one' },
  'above-limit': {
    zh: '“原则上”的次数限制，超出须由主管部门决定',
    en: 'a decision above the limit, which holds in principle',
  },
  'class-occupation-history': {
    zh: '须登记班级的职业（工种）和等级，并导入本人的享受补贴历史',
    en: 'the occupation and level of the class, and a history of this person',
  },
  'other-occupation': {
    zh: '须为未享受过补贴的职业（工种）或等级',
    en: 'another occupation, or a level that was not subsidised',
  },
  'history-details': {
    zh: '须补全每次已享受补贴的职业（工种）和等级',
    en: 'occupation and level of every earlier subsidy',
  },
  'class-kind': { zh: '须登记班级的培训类型', en: 'say the kind of training of the class' },
  'kind-listed': { zh: '须为规定培训类型之一的班级', en: 'a class of one of these kinds' },
  'institution-listed': { zh: '须为规定类别之一的培训机构', en: 'an institution of one of these kinds' },
  'class-level': { zh: '须登记班级的等级', en: 'say the level of the class' },
  'level-paid': { zh: '须为文件规定补贴的等级', en: 'a level that the document pays' },
  'class-filed': { zh: '须登记备案课时数', en: 'say the lessons that were filed' },
  'class-level-filed': {
    zh: '须登记班级的等级和备案课时数',
    en: 'the level and the filed lessons of the class',
  },
  'class-lessons': { zh: '班级备案课时须不少于 {least} 课时', en: 'a class of at least {least} lessons' },
  'class-practice': {
    zh: '须标明哪些课次为实操，且理论、实操均达到规定比例',
    en: 'say which sessions are practice, and enough of both kinds',
  },
  'class-timetable': {
    zh: '须登记班级的类型和等级，且课表总课时达到要求',
    en: 'the kind and level of the class, and a timetable that is long enough',
  },
  'class-form': { zh: '须登记培训组织形式', en: 'say the form of the training' },
  uplift: { zh: '须登记本县是否执行上浮', en: 'say whether the county adopted the uplift' },
  'agreed-amount': {
    zh: '须登记约定的标准（不超过上限）',
    en: 'say the amount that was agreed, up to the ceiling',
  },
  'agreed-floor': { zh: '约定的标准不得低于下限', en: 'agree on no less than the floor' },
  'sessions-over': { zh: '须待课次结束', en: 'sessions that are over' },
  'sessions-counted': {
    zh: '须待课次结束，并按第二版格式的规则包计算',
    en: 'sessions that are over, counted under a pack of the second format',
  },
  attendance: {
    zh: '须再有约 {minutes} 分钟（{missingMs} 毫秒）经核验的出勤',
    en: '{missingMs} ms more of verified attendance',
  },
  'class-attendance': { zh: '班级到课率须达到要求', en: 'more people there' },
  certificate: { zh: '须导入本人本班的证书', en: 'import the certificate of this class' },
  'certificate-issued': {
    zh: '证书须在申领日之前（含当日）签发',
    en: 'a certificate that is issued by the day of the claim',
  },
  'certificate-kind': {
    zh: '证书须为文件所列种类',
    en: 'a certificate of a kind that the document lists',
  },
  'real-hardware': {
    zh: '须为真实设备记录的考勤（模拟数据不得申领）',
    en: 'attendance that was recorded on real hardware',
  },
} as const

export type ChangeCode = keyof typeof sentences

export const changeCodes = Object.keys(sentences) as readonly ChangeCode[]

export interface Change {
  readonly code: ChangeCode
  readonly zh: string
  readonly en: string
}

/** The change of this code; every `{name}` in its sentences is filled from `values`, and an unknown one is left empty. */
export function change(code: ChangeCode, values: Readonly<Record<string, string | number>> = {}): Change {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''))
  return { code, zh: fill(sentences[code].zh), en: fill(sentences[code].en) }
}
