export { maskName, maskNumber } from '../common/mask.ts'
