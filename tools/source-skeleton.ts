/**
 * Code without its comments, strings and regular expressions, so that a rule can be looked for in what a source does and
 * not in what it says. TypeScript 7 offers no parser, and these rules need none.
 */
export interface Skeleton {
  /** Each string stands as `"n"`, a template as its parts joined by `+(…)+`; comments are a blank. */
  code: string;
  strings: readonly string[];
}

const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[`{}/]/g;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;
const regularExpression = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After these a slash begins a regular expression; after a value it divides. */
const beforeExpression =
  /(?:^|[(,=:[!&|?{;+\-*%~^>]|(?<![\w.$])(?:return|typeof|case|in|of|throw|await|yield|else))\s*$/;

export function skeletonOf(source: string): Skeleton {
  const strings: string[] = [];
  /** One number for each template we are inside of: how many braces its expression has open. */
  const open: number[] = [];
  let code = '';
  let at = 0;

  const keep = (text: string) => {
    code += `"${strings.push(text) - 1}"`;
  };
  const readTemplate = () => {
    templatePart.lastIndex = at;
    const text = templatePart.exec(source)?.[0] ?? '';
    keep(text);
    at += text.length;
    if (source[at] !== '$') {
      at += 1;
      return;
    }
    at += 2;
    open.push(0);
    code += '+(';
  };
  const readBrace = (brace: string) => {
    const depth = open.at(-1);
    if (brace === '}' && depth === 0) {
      open.pop();
      code += ')+';
      readTemplate();
      return;
    }
    if (depth !== undefined) open[open.length - 1] = depth + (brace === '{' ? 1 : -1);
    code += brace;
  };
  const readSlash = () => {
    regularExpression.lastIndex = at - 1;
    const found = beforeExpression.test(code.slice(-40)) && regularExpression.test(source);
    code += found ? ' 0 ' : '/';
    if (found) at = regularExpression.lastIndex;
  };

  while (at < source.length) {
    token.lastIndex = at;
    const match = token.exec(source);
    if (!match) break;
    const text = match[0];
    code += source.slice(at, match.index);
    at = match.index + text.length;
    if (text.startsWith('//') || text.startsWith('/*')) code += ' ';
    else if (text === '`') readTemplate();
    else if (text === '{' || text === '}') readBrace(text);
    else if (text === '/') readSlash();
    else keep(text.slice(1, -1));
  }
  return { code: code + source.slice(at), strings };
}
