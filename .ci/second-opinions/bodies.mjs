// Holds every body that the bot sends in the filmed conversations against the
// two platforms' own helpers: @discordjs/builders checks Discord's, part by
// part, and TypeScript checks Slack's against @slack/types and Bolt's types.
//
//   node bodies.mjs FILMS
import { isDeepStrictEqual } from 'node:util';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as d from '@discordjs/builders';

const films = process.argv[2];
const here = fileURLToPath(new URL('.', import.meta.url));
const problems = [];

function sent(platform) {
  return readdirSync(films).filter((f) => f.startsWith(platform)).flatMap((f) =>
    JSON.parse(readFileSync(join(films, f), 'utf8')).sent.map((s) => ({ film: f, ...s })));
}

// lean leaves out what says nothing.
function lean(v) {
  if (Array.isArray(v)) return v.map(lean);
  if (v === null || typeof v !== 'object') return v;
  return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, lean(x)])
    .filter(([, x]) => x !== undefined && x !== null && x !== false && !(Array.isArray(x) && x.length === 0)));
}

const counts = {};

// build says the JSON of one of the builders' kinds with the builder's own
// setters, each of which checks its value, and compares what comes out: a field
// that the builder does not have is a field that Discord does not know.
function build(Builder, json, setters = {}) {
  const { type: _, ...fields } = lean(json);
  const b = new Builder();
  for (const [name, value] of Object.entries(fields)) {
    const setter = 'set' + name.replace(/(^|_)(\w)/g, (_, __, c) => c.toUpperCase()).replace('Url', 'URL');
    if (setters[name]) setters[name](b, value);
    else if (b[setter]) Array.isArray(value) ? b[setter](...value) : b[setter](value);
    else throw new Error(`${Builder.name} knows no ${name}`);
  }
  const { type: __, ...out } = lean(b.toJSON());
  if (!isDeepStrictEqual(out, fields)) throw new Error(`${Builder.name} makes ${JSON.stringify(out)} of ${JSON.stringify(fields)}`);
  counts[Builder.name] = (counts[Builder.name] ?? 0) + 1;
  return b;
}

const options = (b, list) => b.setOptions(...list);
const selects = { 3: d.StringSelectMenuBuilder, 5: d.UserSelectMenuBuilder, 8: d.ChannelSelectMenuBuilder };

function control(c) {
  if (c.type === 2) return build(d.ButtonBuilder, c);
  if (!selects[c.type]) throw new Error(`a control of type ${c.type}`);
  return build(selects[c.type], c, { options });
}

const inLabel = { 3: 'setStringSelectMenuComponent', 4: 'setTextInputComponent', 5: 'setUserSelectMenuComponent', 8: 'setChannelSelectMenuComponent' };

const label = (json) => build(d.LabelBuilder, json, {
  component: (b, c) => b[inLabel[c.type]](c.type === 4 ? build(d.TextInputBuilder, c) : control(c)),
});

function formPart(form, c) {
  if (c.type === 10) return form.addTextDisplayComponents(build(d.TextDisplayBuilder, c));
  return form.addLabelComponents(label(c));
}

function message(m) {
  if ((m.content ?? '').length > 2000) throw new Error('content of more than 2000');
  if ((m.embeds ?? []).length > 10 || (m.components ?? []).length > 5) throw new Error('too many embeds or rows');
  let total = 0;
  for (const e of m.embeds ?? []) {
    build(d.EmbedBuilder, e, { image: (b, i) => b.setImage(i.url), fields: (b, list) => b.setFields(...list) });
    total += d.embedLength(e);
  }
  if (total > 6000) throw new Error(`embeds of ${total}`);
  for (const row of m.components ?? []) {
    build(d.ActionRowBuilder, row, { components: (b, list) => b.setComponents(...list.map(control)) });
  }
}

const optionKinds = {
  3: ['addStringOption', d.SlashCommandStringOption], 4: ['addIntegerOption', d.SlashCommandIntegerOption], 5: ['addBooleanOption', d.SlashCommandBooleanOption],
  6: ['addUserOption', d.SlashCommandUserOption], 7: ['addChannelOption', d.SlashCommandChannelOption],
};

function addOptions(b, list) {
  for (const o of list) {
    if (o.type === 1) b.addSubcommand(build(d.SlashCommandSubcommandBuilder, o, { options: addOptions }));
    else if (o.type === 2) b.addSubcommandGroup(build(d.SlashCommandSubcommandGroupBuilder, o, { options: addOptions }));
    else b[optionKinds[o.type][0]](build(optionKinds[o.type][1], o, { choices: (c, l) => c.setChoices(...l), channel_types: (c, l) => c.addChannelTypes(...l) }));
  }
}

class MessageCommandBuilder extends d.ContextMenuCommandBuilder {
  constructor() {
    super();
    this.setType(3);
  }
}

function command(c) {
  if (c.type === 3) build(MessageCommandBuilder, c);
  else build(d.SlashCommandBuilder, { ...c, default_member_permissions: c.default_member_permissions && String(c.default_member_permissions) }, { options: addOptions });
}

function onDiscord({ method, body }) {
  if (method.startsWith('PUT ')) return body.forEach(command);
  if (method.endsWith('/users/@me/channels')) return undefined;
  if (!method.endsWith('/callback')) return message(body);
  if (body.type === 9) return build(d.ModalBuilder, body.data, { components: (b, list) => list.forEach((c) => formPart(b, c)) });
  if (body.data && body.type !== 8) return message(body.data);
  return undefined;
}

const discord = sent('discord');
for (const s of discord) {
  try {
    onDiscord(s);
  } catch (err) {
    problems.push(`${s.film}: ${s.method}: ${err.message ?? err}${(err.errors ?? []).map((e) => `\n  ${e}`).join('')}\n  ${JSON.stringify(s.body).slice(0, 500)}`);
  }
}
console.log(`${discord.length} bodies to Discord: ${Object.entries(counts).map(([k, n]) => `${n} ${k}`).join(', ')}`);

// isIdle tells what slack-go writes into every list: where its numbers begin,
// which Slack documents and its types have forgotten.
const isIdle = (of, key, value) => of.type === 'rich_text_list' && key === 'offset' && value === 0;

// Types look at the words that choose between kinds, and at which fields there
// are; two bodies that differ in other words only are one to them.
const telling = new Set(['type', 'style', 'include', 'response_action', 'response_type']);
const shape = (v, key = '') => Array.isArray(v)
  ? [...new Map(v.map((x) => shape(x, key)).map((x) => [JSON.stringify(x), x])).values()]
  : v !== null && typeof v === 'object' ? Object.fromEntries(Object.entries(v).filter(([k, x]) => !isIdle(v, k, x)).map(([k, x]) => [k, shape(x, k)]))
    : typeof v === 'string' && !telling.has(key) ? 'x' : v;

const types = { response_url: 'RespondArguments', acknowledgement: 'Acknowledgement' };
const slack = sent('slack');
const shapes = new Map();
let looked = 0;
for (const s of slack) {
  const checks = types[s.method] ? [[types[s.method], s.body]] : [];
  if (s.body.blocks && !types[s.method]) checks.push(['KnownBlock[]', s.body.blocks]);
  if (s.body.view) checks.push(['View', s.body.view]);
  if (s.body.metadata) checks.push(['MessageMetadata', s.body.metadata]);
  looked += checks.length > 0;
  for (const [type, value] of checks) {
    const text = `(${JSON.stringify(shape(value))}) satisfies ${type};`;
    if (!shapes.has(text)) shapes.set(text, `${s.film}: ${s.method}`);
  }
}
const file = join(here, 'bodies.generated.ts');
const lines = [
  "import type { KnownBlock, MessageMetadata, View } from '@slack/types';",
  "import type { RespondArguments, ViewResponseAction } from '@slack/bolt';",
  'type Acknowledgement = ViewResponseAction | { options: { text: { type: "plain_text"; text: string; emoji?: boolean }; value: string }[] };',
  ...shapes.keys(),
];
writeFileSync(file, lines.join('\n') + '\n');
try {
  execFileSync(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', file], { cwd: here, encoding: 'utf8' });
} catch (err) {
  for (const line of (err.stdout || String(err)).trim().split('\n')) {
    const n = line.match(/\((\d+),/)?.[1];
    problems.push(n ? `${shapes.get(lines[n - 1])}: ${line}\n  ${lines[n - 1].slice(0, 700)}` : line);
  }
} finally {
  if (problems.length === 0) rmSync(file);
}
console.log(`${looked} bodies to Slack with blocks, of ${shapes.size} shapes, of ${slack.length} bodies`);

if (discord.length === 0 || slack.length === 0) problems.push(`nothing is filmed in ${films}`);
for (const p of problems.slice(0, 20)) console.error(p.slice(0, 2000));
if (problems.length > 0) {
  console.error(`${problems.length} problems`);
  process.exit(1);
}
