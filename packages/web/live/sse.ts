/** Server-sent events, read from text as it comes (HTML Living Standard §9.2.6). Comments count: they are the heartbeat. */

export interface ServerEvent {
  name: string;
  data: string;
  /** The last id the stream has named, for Last-Event-ID; empty while none came. */
  lastId: string;
}

/** An event that outgrows this is not ours: the stream is cut rather than kept in memory. */
const bufferCharactersMax = 256 * 1024;

/** A reader for one stream: feed it pieces of text, it answers the events that became complete. */
export function sseReader(startId = ''): (piece: string) => ServerEvent[] {
  let rest = '';
  let lastId = startId;
  let name = '';
  let data: string[] = [];

  const takeLine = (line: string, out: ServerEvent[]): void => {
    if (line === '') {
      if (data.length > 0) out.push({ name: name || 'message', data: data.join('\n'), lastId });
      name = '';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) lastId = value;
  };

  return (piece) => {
    rest += piece;
    if (rest.length > bufferCharactersMax) throw new Error('event larger than the buffer');
    const out: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);
      if (end === null) return out;
      takeLine(rest.slice(0, end.index), out);
      rest = rest.slice(end.index + end[0].length);
    }
  };
}
