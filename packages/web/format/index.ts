/** The one place where numbers, times, lists and names become text. No screen calls Intl: Chromium has no km and lo. */

export { currentPack, languageName, listText, nationName, takePack } from './names.ts';
export { durationText, numberText, sizeText } from './number.ts';
export { clockText, dateText, offsetText, preciseTimeText, zuluText } from './time.ts';
