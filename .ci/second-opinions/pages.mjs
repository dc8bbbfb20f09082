// A helper with a phone, on the pages of the running program, in a browser that nobody
// here wrote: without scripts, by keyboard alone, and looked at by axe.
//
//   node pages.mjs PROGRAM PICTURES
//
// PROGRAM is the built cmd/village; PICTURES is a folder for what was seen.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [program, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const port = 20000 + Math.floor(Math.random() * 20000);
const base = `http://127.0.0.1:${port}`;
const data = mkdtempSync(join(tmpdir(), "village-pages-"));
mkdirSync(pictures, { recursive: true });

// It talks in a terminal, so it is given one.
const village = spawn("script", ["-qfec", program, "/dev/null"], {
  env: { ...process.env, VILLAGE_DATA: data, VILLAGE_LISTEN: `127.0.0.1:${port}`, VILLAGE_PUBLIC_URL: base },
  stdio: ["pipe", "pipe", "inherit"],
});
let heard = "";
village.stdout.on("data", (b) => (heard += b));

const until = async (what, found) => {
  for (let i = 0; i < 600; i++) {
    const got = await found();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing came of: ${what}\n${heard}`);
};
let said = 0;
const say = async (line, answer) => {
  const from = heard.length;
  village.stdin.write(line + "\n");
  said++;
  return (await until(line, () => heard.slice(from).match(answer)))[1];
};

let browser;
try {
  await until("the program", () => /Kept in/.test(heard));
  await say("mod: /setup zone UTC", /(time zone is set)/);
  const link = await say("maya: /family add name: Rosa for: rides for some appointments", /(http:\/\/127\.0\.0\.1:\d+\/i\/[a-z2-7]{26})/);
  const helper = heard.match(/\/family remove ([a-z0-9]{6})/)[1];
  const today = await say("maya: /ask ride-home in 90 minutes from: near Union Station details: 12 Oak Street", /\/need cancel ([a-z0-9]{6})/);
  await say("maya: /ask ride-there in 50 hours from: the clinic", /\/need cancel ([a-z0-9]{6})/);

  browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  await page.setJavaScriptEnabled(false);
  // axe needs scripts, so it looks at a copy.
  const copy = await browser.newPage();
  await copy.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  const style = await (await fetch(`${base}/page.css`)).text();

  const text = () => page.$eval("main", (m) => m.innerText);
  const shows = async (words) => {
    const seen = await text();
    if (!seen.includes(words)) throw new Error(`the page does not say “${words}”:\n${seen}`);
  };
  const looked = [];
  const look = async (name) => {
    const html = (await page.content()).replace(/<link[^>]*>/, `<style>${style}</style>`);
    for (const scheme of ["light", "dark"]) {
      await copy.bringToFront();
      await copy.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await copy.setContent(html);
      await copy.evaluate(axe);
      const found = await copy.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((r) => r.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.html)]))`);
      const grave = found.filter(([impact]) => impact === "serious" || impact === "critical");
      if (grave.length) throw new Error(`axe on ${name}, ${scheme}: ${JSON.stringify(grave)}`);
      looked.push(`${name} (${scheme}): ${found.length} minor`);
      await copy.screenshot({ path: join(pictures, `${name}-${scheme}.png`) });
    }
    await page.bringToFront();
    const wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth");
    if (wide) throw new Error(`${name} is wider than a phone`);
    if (/ketamine|therapy|clinic|session|village/i.test((await text()).replace(/12 Oak Street/, ""))) throw new Error(`${name} tells too much: ${await text()}`);
  };
  // press goes to a button by the Tab key alone, and presses it.
  const press = async (label) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate("document.activeElement.innerText");
      if (at && at.startsWith(label)) {
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        return;
      }
    }
    throw new Error(`no key leads to “${label}”:\n${await text()}`);
  };

  await page.goto(link);
  await shows("maya could use a hand");
  await look("1-is-this-you");
  await press("This is me");
  await shows("Hi Rosa");
  if (page.url().includes(link.slice(-26))) throw new Error("the link stays in the address");
  await look("2-what-is-needed");
  await press("I can do this");
  await shows("If you say yes, maya sees your name");
  await look("3-before-the-tap");
  await press("Yes, I'll do it");
  await shows("You are down for this one");
  await say(`maya: /need approve ${today} @web/${helper}`, /(can help now|gets the private details)/);
  await press("Back to my page");
  await press("Show me the details");
  await shows("12 Oak Street");
  await look("4-the-details");
  await press("Back to my page");
  await look("5-my-promises");
  await press("Picked up");
  await shows("Drive gently");
  await press("Back to my page");
  await press("Home safe");
  await press("Back to my page");
  await press("I can do this");
  await press("Yes, I'll do it");
  await press("Back to my page");
  await press("I can't after all");
  await press("Back to my page");
  await shows("I can do this");
  await press("Your time zone");
  await look("6-a-form");

  const other = await browser.createBrowserContext();
  const second = await other.newPage();
  await second.setJavaScriptEnabled(false);
  await second.goto(link);
  const there = await second.$eval("main", (m) => m.innerText);
  if (!there.includes("Not Rosa?") || there.includes("Oak")) throw new Error(`a second browser reads: ${there}`);
  const cookies = await browser.cookies();
  console.log(looked.join("\n"));
  console.log(`${said} lines and a helper's page: all of it by keyboard, without scripts; ${cookies.length} cookies; axe found nothing serious.`);
} finally {
  await browser?.close();
  village.kill();
  rmSync(data, { recursive: true, force: true });
}
