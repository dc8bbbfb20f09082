// Draws the messages of filmed conversations as Discord's and Slack's clients
// draw them, with Debian's chromium (or the browser that CHROMIUM names):
//
//   node draw.mjs FILMS OUT           every conversation, a picture a platform
//   node draw.mjs FILMS OUT kinds     every kind of message once, a title each
//
// FILMS is the folder that VILLAGE_FILM named when TestConversationsOnPlatforms
// ran. Discord's times are those of somebody in Denver, and so are Slack's.
process.env.TZ = 'America/Denver';

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import * as discord from './discord.mjs';
import * as slack from './slack.mjs';
import { escape } from './words.mjs';

const [films, out, what = 'talks'] = process.argv.slice(2);
const width = 740;
const tallest = 1500; // of one picture; what is longer goes on in the next

const platforms = { 'discord-gateway': discord, 'slack-socket': slack };

function load(platform) {
  return readdirSync(films).filter((f) => f.startsWith(platform + '.')).sort().map((f) => {
    const film = JSON.parse(readFileSync(join(films, f), 'utf8'));
    const names = {};
    for (const scene of film.scenes) {
      for (const frame of scene.shown ?? []) names[frame.to] = frame.reader;
    }
    return { name: f.slice(platform.length + 1, -'.json'.length), scenes: film.scenes, names };
  });
}

// where says who reads a message and how it came to them.
function where(frame) {
  const how = frame.private ? `only ${frame.reader} sees it` : frame.reader.startsWith('#') ? `in ${frame.reader}` : `to ${frame.reader}, directly`;
  return frame.edited ? how + ', changed' : how;
}

const caption = (text) => `<p class="caption">${escape(text)}</p>`;

// talks are the conversations as they went.
function talks(platform, { message }) {
  return load(platform).map(({ name, scenes, names }) => ({
    name: `${platform}.${name}`,
    parts: scenes.flatMap((scene) => [
      caption(scene.line),
      ...(scene.shown ?? []).map((f) => `<p class="where">${escape(where(f))}</p>` + message(f, scene.at, names)),
    ]),
  }));
}

// kinds are messages that differ in more than their names and times.
function kinds(platform, { message }) {
  const seen = new Set();
  const parts = [];
  for (const { name, scenes, names } of load(platform)) {
    for (const scene of scenes) {
      for (const f of scene.shown ?? []) {
        const kind = heading(f.body);
        if (seen.has(kind)) continue;
        seen.add(kind);
        parts.push(`<p class="where">${escape(`${name}: ${scene.line.slice(0, 80)}: ${where(f)}`)}</p>` + message(f, scene.at, names));
      }
    }
  }
  return [{ name: `${platform}.kinds`, parts }];
}

function heading(body) {
  const embed = body.embeds?.[0];
  const laidOut = JSON.stringify(body.components?.[0]?.components ?? '').match(/"content":"((?:[^"\\]|\\.)*)"/)?.[1];
  const words = body.file?.Name || body.text || laidOut || embed?.title || embed?.description || body.content || '';
  return words.split('\n')[0].replace(/\d+/g, '').slice(0, 20);
}

const frames = { talks, kinds }[what];
if (!frames) throw new Error(`there is no ${what}: talks or kinds`);

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--hide-scrollbars', '--font-render-hinting=none'],
});
mkdirSync(out, { recursive: true });
let drawn = 0;
try {
  for (const [platform, kit] of Object.entries(platforms)) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 800, deviceScaleFactor: 1 });
    for (const { name, parts } of frames(platform, kit)) {
      await page.setContent(`<!doctype html><meta charset="utf-8">${kit.head()}<style>
        body { margin: 0; padding: 12px } .part { margin: 0 0 10px; overflow: hidden }
        .caption, .where { font: 13px sans-serif; margin: 12px 0 2px; color: #878a91 } .caption { font-weight: bold; font-size: 14px }
        </style>${parts.map((p) => `<div class="part">${p}</div>`).join('')}`, { waitUntil: 'load' });
      await page.evaluate(() => document.fonts.ready);
      const boxes = await page.$$eval('.part', (list) => list.map((e) => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom]));
      for (const [i, [top, bottom]] of pages(boxes).entries()) {
        const file = join(out, `${name}${i ? `.${i + 1}` : ''}.png`);
        writeFileSync(file, await page.screenshot({ captureBeyondViewport: true, clip: { x: 0, y: top - 6, width, height: bottom - top + 12 } }));
        drawn++;
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
}
if (drawn === 0) throw new Error(`nothing to draw in ${films}`);
console.log(`${drawn} pictures in ${out}`);

// pages divides what is above each other into pictures.
function pages(boxes) {
  const list = [];
  for (const [top, bottom] of boxes) {
    const last = list.at(-1);
    if (last && bottom - last[0] <= tallest) last[1] = bottom;
    else list.push([top, bottom]);
  }
  return list;
}
