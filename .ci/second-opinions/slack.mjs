// A Slack message's blocks as HTML, drawn by slack-blocks-to-jsx as Slack's
// client does.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { logo } from './words.mjs';

const require = createRequire(import.meta.url);
const { Message } = require('slack-blocks-to-jsx');

// head is what a page needs to draw them.
export function head() {
  const css = readFileSync(require.resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');
  return `<style>${css}
body { background: #fff; font-family: Lato, sans-serif; }
.slack_blocks_to_jsx--block_wrapper { margin-bottom: 8px } /* which Slack leaves, and the library does not */
.only { color: #616061; font-size: 13px; margin: 4px 0 0 44px; }
</style>`;
}

// picture is a file as the block that looks like it.
const picture = (file) => ({ type: 'image', title: { type: 'plain_text', text: file.Name }, alt_text: file.Alt, image_url: `data:image/png;base64,${file.Data}` });

export function message(frame, at, names) {
  const people = Object.entries(names).filter(([id]) => id.startsWith('U')).map(([id, name]) => ({ id, name }));
  const channels = Object.entries(names).filter(([id]) => id.startsWith('C')).map(([id, name]) => ({ id, name: name.replace('#', '') }));
  const body = renderToStaticMarkup(createElement(Message, {
    blocks: frame.body.blocks ?? [picture(frame.body.file)], name: 'Village', logo, time: new Date(at), theme: 'light', data: { users: people, channels },
  }));
  return `${frame.private ? '<div class="only">Only visible to you</div>' : ''}${body}`;
}
