// What the customer was written on arrival.
import { make } from './dom.js';
import { momentOf } from './words.js';

export function writtenBlock(written, at) {
  const block = make('details', 'decision written'), summary = make('summary');
  summary.append(make('span', '', `Written to ${written.toName ?? written.toEmail}`), make('time', '', momentOf(at)));
  block.append(summary, make('p', 'sentence', written.subject ?? ''), make('blockquote', '', written.body ?? ''));
  return block;
}
