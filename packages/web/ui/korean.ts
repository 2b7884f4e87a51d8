/**
 * Korean letters come as 120 unicode-range slices; their style sheet alone is larger than all others together.
 * It is asked for only when Korean is on the screen: as console language, in a report or in a draft. (The language's own
 * name has its letters in fonts.css.)
 */
let isAsked = false;

const koreanLetter = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]/;
export const isKorean = (text: string): boolean => koreanLetter.test(text);

export function loadKoreanLetters(): void {
  if (isAsked) return;
  isAsked = true;
  Promise.all([import('@fontsource/noto-sans-kr/400.css'), import('@fontsource/noto-sans-kr/600.css')]).catch(() => {
    isAsked = false; // offline: the system's own letters stand in, and the next wish tries again
  });
}
