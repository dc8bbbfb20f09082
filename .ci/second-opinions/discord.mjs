// A Discord message body as HTML for @skyra/discord-components-core, which
// draws it as Discord's client does.
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { attribute, escape, logo, moment, stamp } from './words.mjs';

// head is what a page needs to draw them.
export function head() {
  const bundle = buildSync({
    stdin: { contents: "import '@skyra/discord-components-core';", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true, write: false, format: 'esm', minify: true, logLevel: 'error',
  });
  return `<script type="module">${bundle.outputFiles[0].text.replaceAll('</script', '<\\/script')}</script>
<style>body { background: #313338 } discord-messages { border: 0 }
.container { max-width: 560px; margin-top: 4px; padding: 8px 14px; border: 1px solid #3d4047; border-left: 4px solid; border-radius: 8px; background: #2b2d31 } .laid { margin: 6px 0 }
.small { font-size: 13px; color: #949ba4 } .heading { font-size: 18px; font-weight: 700 }</style>`;
}

export function message(frame, at, names) {
  const { content, embeds, components, files } = frame.body;
  const text = (s) => markdown(s ?? '', names);
  const inner = [text(content)];
  for (const e of embeds ?? []) {
    const fields = (e.fields ?? []).map((f) =>
      `<discord-embed-field field-title="${attribute(plain(f.name))}"${f.inline ? ' inline' : ''}>${text(f.value)}</discord-embed-field>`);
    inner.push(`<discord-embed slot="embeds" color="#${(e.color ?? 0).toString(16).padStart(6, '0')}"
      ${e.title ? `embed-title="${attribute(plain(e.title))}"` : ''} ${e.image ? `image="${picture(e.image.url, files)}"` : ''}>
      ${e.description ? `<discord-embed-description slot="description">${text(e.description)}</discord-embed-description>` : ''}
      ${fields.length ? `<discord-embed-fields slot="fields">${fields.join('')}</discord-embed-fields>` : ''}
      ${e.footer ? `<discord-embed-footer slot="footer">${escape(e.footer.text)}</discord-embed-footer>` : ''}
    </discord-embed>`);
  }
  const rows = (components ?? []).filter((c) => c.type === 1).map(actions);
  inner.push((components ?? []).filter((c) => c.type !== 1).map((c) => laidOut(c, files, names)).join(''));
  if (rows.length) inner.push(`<discord-attachments slot="components">${rows.join('')}</discord-attachments>`);
  return `<discord-messages no-background><discord-message author="Village" avatar="${logo}" bot role-color="#ffffff" timestamp="${stamp(at)}"
    ${frame.private ? 'ephemeral' : ''} ${frame.edited && !frame.private ? 'edited' : ''}>${inner.join('')}</discord-message></discord-messages>`;
}

const actions = (row) => `<discord-action-row>${row.components.map(control).join('')}</discord-action-row>`;

// laidOut is a component of the second kind, which the drawing package does not have:
// containers, sections, texts, pictures, files and lines.
function laidOut(c, files, names) {
  const all = (list) => list.map((inner) => laidOut(inner, files, names)).join('');
  switch (c.type) {
    case 1: return `<div class="laid">${actions(c)}</div>`;
    case 9: return `<div class="laid" style="display: flex; gap: 12px; justify-content: space-between"><div>${all(c.components)}</div><div style="flex: none">${control(c.accessory)}</div></div>`;
    case 10: return `<div class="laid">${markdown(c.content, names)}</div>`;
    case 12: return c.items.map((i) => `<img style="max-width: 100%" alt="${attribute(i.description ?? '')}" src="${picture(i.media.url, files)}">`).join('');
    case 13: return `<div class="laid">${escape(c.file.url.replace('attachment://', ''))}</div>`;
    case 14: return '<hr>';
    case 17: {
      const accent = `#${(c.accent_color ?? 0x3d4047).toString(16).padStart(6, '0')}`;
      return `<div class="container" style="border-left-color: ${accent}">${all(c.components)}</div>`;
    }
    default: throw new Error(`no component ${c.type} is drawn`);
  }
}

const styles = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'destructive' };

function control(c) {
  if (c.type === 2) {
    return c.url
      ? `<discord-button url="${attribute(c.url)}">${escape(c.label)}</discord-button>`
      : `<discord-button type="${styles[c.style]}">${escape(c.label)}</discord-button>`;
  }
  const options = (c.options ?? []).map((o) => `<discord-string-select-menu-option label="${attribute(o.label)}"></discord-string-select-menu-option>`);
  return `<discord-string-select-menu placeholder="${attribute(c.placeholder ?? '')}">${options.join('')}</discord-string-select-menu>`;
}

// picture is a file of the message, or its address.
function picture(url, files) {
  const data = Object.values(files ?? {})[0];
  return url.startsWith('attachment://') && data ? `data:image/png;base64,${data}` : url;
}

// plain takes the backslashes off words that no mark-up is left in.
function plain(s) {
  return s.replace(/\\([^\w\s])/g, '$1');
}

function markdown(s, names) {
  const out = [];
  let list = [];
  const end = () => {
    if (list.length) out.push(`<discord-unordered-list>${list.map((l) => `<discord-list-item>${l}</discord-list-item>`).join('')}</discord-unordered-list>`);
    list = [];
  };
  for (const line of s.split('\n')) {
    if (line.startsWith('### ')) {
      end();
      out.push(`<div class="heading">${inline(line.slice(4), names)}</div>`);
    } else if (line.startsWith('-# ')) {
      end();
      out.push(`<div class="small">${inline(line.slice(3), names)}</div>`);
    } else if (line.startsWith('- ')) {
      list.push(inline(line.slice(2), names));
    } else if (list.length && line.startsWith('  ')) {
      list[list.length - 1] += `<br>${inline(line.slice(2), names)}`;
    } else {
      end();
      out.push(line.startsWith('> ') ? `<discord-quote>${inline(line.slice(2), names)}</discord-quote>` : `${inline(line, names)}<br>`);
    }
  }
  end();
  return out.join('').replace(/(<br>)+$/, '').replaceAll('</discord-unordered-list><br>', '</discord-unordered-list>');
}

// The mark-up that may stand in a line, one alternative each.
const marks = new RegExp([
  /\\(?<literal>[^\w\s])/, /\*\*(?<bold>.+?)(?<!\\)\*\*(?!\*)/, /\*(?<italic>.+?)(?<!\\)\*/,
  /\[(?<label>(?:\\.|[^\]])*)\]\(<?(?<address>[^)>]*)>?\)/, /<t:(?<time>-?\d+)(?::\w)?>/, /<[@#](?<id>\d+)>/,
].map((r) => r.source).join('|'), 'g');

function inline(s, names) {
  let out = '';
  let at = 0;
  for (const m of s.matchAll(marks)) {
    const g = m.groups;
    out += escape(s.slice(at, m.index));
    at = m.index + m[0].length;
    if (g.literal) out += escape(g.literal);
    else if (g.bold) out += `<discord-bold>${inline(g.bold, names)}</discord-bold>`;
    else if (g.italic) out += `<discord-italic>${inline(g.italic, names)}</discord-italic>`;
    else if (g.address) out += `<discord-link href="${attribute(g.address)}">${inline(g.label, names)}</discord-link>`;
    else if (g.time) out += `<discord-time>${moment(g.time)}</discord-time>`;
    else {
      const name = names[g.id] ?? 'somebody';
      out += `<discord-mention type="${name.startsWith('#') ? 'channel' : 'user'}">${escape(name.replace('#', ''))}</discord-mention>`;
    }
  }
  return out + escape(s.slice(at));
}
