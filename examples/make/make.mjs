// SPDX-License-Identifier: MIT
// Assembles the invented chats of examples/ from the hand-written scenes beside this file.
//
//   node examples/make/make.mjs            writes examples/*.txt and examples/*.zip
//   node examples/make/make.mjs --out DIR  writes them to DIR (the test compares)
//
// The same input gives the same bytes: the only source of chance is a seeded generator.
// Format of a scene file: see examples/README.md.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRaw } from "./zip.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const MINUTE = 60, HOUR = 3600, DAY = 86400;

// ---- chance: one stream, seeded --------------------------------------------------------------
function stream(seed) {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const normal = (u) => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
const logNormal = (u, median, spread) => median * Math.exp(spread * normal(u));

// ---- scene files -----------------------------------------------------------------------------
function parse(text) {
  const chat = { head: {}, lists: {}, scenes: [], dated: [], phases: [] };
  let scene = null;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (!line || line.startsWith("# ")) continue;
    let m;
    if ((m = /^% (\w+) (.*)$/.exec(line))) {
      if (m[1] === "phase") {
        const [name, from] = m[2].split(" ");
        chat.phases.push({ name, from });
      } else chat.head[m[1]] = m[2];
    } else if ((m = /^= (\w+): (.*)$/.exec(line))) {
      chat.lists[m[1]] = m[2].split(" | ");
    } else if ((m = /^@@(!?) (\S+) (\S+)$/.exec(line))) {
      scene = { alone: m[1] === "!", day: m[2], time: m[3], lines: [] };
      chat.dated.push(scene);
    } else if ((m = /^## (\w+) (\S+)(.*)$/.exec(line))) {
      const months = /m=(\d+)-(\d+)/.exec(m[3]);
      scene = { slot: m[1], phases: m[2].split(","), once: /once/.test(m[3]), until: /until=(\S+)/.exec(m[3])?.[1] ?? "9999-12-31", lines: [], used: 0,
                months: months ? [+months[1], +months[2]] : [1, 12], last: -1e9 };
      chat.scenes.push(scene);
    } else if ((m = /^(\??)(\w)(?:\+(\d+)([smh]))?: (.*)$/.exec(line))) {
      const unit = { s: 1, m: MINUTE, h: HOUR }[m[4]];
      scene.lines.push({ optional: m[1] === "?", who: m[2], gap: m[3] ? m[3] * unit : 0, text: m[5] });
    } else throw new Error(`cannot read: ${line}`);
  }
  return chat;
}

// {a|b|{c|d}} picks one; {#1 a|b} and {#1 c|d} pick the same place; $name takes from a list, the same within a scene.
function expand(text, u, picks, lists, decks, turn) {
  const draw = (name) => {
    if (!(name in picks)) {
      const list = name.replace(/\d$/, "");
      if (!lists[list]) throw new Error(`no list ${list}`);
      if (!decks[list]?.length) decks[list] = shuffle([...lists[list]], u);
      const taken = Object.entries(picks).filter(([k]) => k.replace(/\d$/, "") === list).map(([, v]) => v);
      let at = decks[list].findIndex((x) => !taken.includes(x));
      if (at < 0) at = 0;
      picks[name] = decks[list].splice(at, 1)[0];
    }
    return picks[name];
  };
  for (let guard = 0; /[{]/.test(text) && guard < 50; guard++)
    text = text.replace(/\{([^{}]*)\}/g, (_, body) => {
      const aligned = /^#(\w) /.exec(body); // {#1 a|b}: the same place in every group 1 of the scene
      const parts = (aligned ? body.slice(3) : body).split("|");
      if (!aligned) return parts[Math.floor(u() * parts.length)];
      const key = `#${aligned[1]}`;
      picks[key] ??= turn;
      return parts[picks[key] % parts.length];
    });
  return text.replace(/\$([a-z]+\d?)/g, (_, name) => draw(name)).replace(/ {2,}/g, " ").trim();
}

function shuffle(array, u) {
  for (let i = array.length - 1; i > 0; i--) {
    const j = Math.floor(u() * (i + 1));
    [array[i], array[j]] = [array[j], array[i]];
  }
  return array;
}

// ---- calendar --------------------------------------------------------------------------------
const SLOTS = { // start and end of the window in hours
  morning: [6.7, 8.6], midday: [11.7, 13.3], afternoon: [14.4, 17.1], evening: [18, 20.6],
  night: [21.2, 22.9], weekend: [10, 17.5],
};
const RATE = { // chance of a scene per slot: on workdays, on weekends
  before: { work: { morning: .8, midday: .66, afternoon: .62, evening: .66, night: .5 },
            free: { morning: .35, weekend: .8, afternoon: .3, evening: .4, night: .3 } },
  cool: { work: { morning: .6, midday: .5, afternoon: .45, evening: .6, night: .45 },
          free: { weekend: .6, evening: .45, night: .35 } },
  repair: { work: { morning: .8, midday: .6, afternoon: .5, evening: .7, night: .5 },
            free: { morning: .4, weekend: .7, evening: .4, night: .4 } },
  after: { work: { morning: .88, midday: .72, afternoon: .66, evening: .68, night: .58 },
           free: { morning: .4, weekend: .82, afternoon: .35, evening: .42, night: .35 } },
};
const seconds = (day, time = "00:00") => Date.parse(`${day}T${time}:00Z`) / 1000;
const phaseAt = (chat, t) => chat.phases.filter((p) => seconds(p.from) <= t).pop().name;

// m=11-2 goes over New Year.
const inMonths = (month, [from, to]) => from <= to ? month >= from && month <= to : month >= from || month <= to;

// A deck per slot and phase: least used first, and not again within three weeks if it can be helped.
function pickScene(chat, slot, phase, t, u) {
  const month = new Date(t * 1000).getUTCMonth() + 1;
  const fit = chat.scenes.filter((s) => s.slot === slot && s.phases.includes(phase) &&
    inMonths(month, s.months) && t < seconds(s.until) + DAY && !(s.once && s.used) &&
    (t - s.last > 18 * DAY || phase === "cool" || phase === "repair") && t - s.last > 2 * DAY);
  if (!fit.length) return null;
  const least = Math.min(...fit.map((s) => s.used));
  const best = fit.filter((s) => s.used <= least + (u() < .25 ? 1 : 0));
  return best[Math.floor(u() * best.length)];
}

// ---- one chat --------------------------------------------------------------------------------
function assemble(chat) {
  const u = stream(Number(chat.head.seed));
  const seen = new Map();
  const decks = {};
  const messages = [];
  let now = 0;
  const known = (text) => text.length > 16 ? seen.get(text.toLowerCase()) ?? 0 : 0;
  const weight = (lines) => lines.reduce((sum, l) => sum + l.text.split(" // ")
    .reduce((s, x) => s + known(x.trim()), 0), 0);

  function play(scene, start, phase) {
    let best = null;
    for (let attempt = 0; attempt < 12; attempt++) {
      const picks = {}, deckCopy = structuredClone(decks);
      const lines = scene.lines.filter((l) => !l.optional || u() < .5)
        .map((l) => ({ ...l, text: expand(l.text, u, picks, chat.lists, deckCopy, (scene.used ?? 0) + (scene.lines.length % 3)) }));
      const w = weight(lines);
      if (!best || w < best.w) best = { w, lines, deckCopy };
      if (w === 0) break;
    }
    Object.assign(decks, best.deckCopy);
    now = Math.max(now + 12 * MINUTE, start);
    let previous = null;
    for (const line of best.lines)
      for (const piece of line.text.split(" // ").map((x) => x.trim()).filter(Boolean)) {
        if (previous) {
          const slow = phase === "cool" && line.who === chat.head.quiet ? 11 : 1;
          const pause = previous === line.who
            ? logNormal(u, 14, .7) + piece.length / 9
            : logNormal(u, (scene.day ? 75 : 62) * slow, slow > 1 ? .9 : 1.05) + piece.length / 7;
          now += Math.max(2, Math.min(pause, 3.2 * HOUR));
          if (line.gap && previous !== piece) now += line.gap * (.8 + .4 * u());
        }
        line.gap = 0;
        previous = line.who;
        seen.set(piece.toLowerCase(), (seen.get(piece.toLowerCase()) ?? 0) + 1);
        messages.push({ t: Math.round(now), who: line.who, text: style(piece, line.who, chat, u) });
      }
    scene.used = (scene.used ?? 0) + 1;
    scene.last = start;
  }

  for (let day = seconds(chat.head.from); day <= seconds(chat.head.to); day += DAY) {
    const name = new Date(day * 1000).toISOString().slice(0, 10);
    const weekday = new Date(day * 1000).getUTCDay();
    const phase = phaseAt(chat, day + 12 * HOUR);
    const plan = chat.dated.filter((s) => s.day === name)
      .map((scene) => ({ scene, at: seconds(name, scene.time) }));
    if (!plan.some((p) => p.scene.alone)) {
      const rates = RATE[phase][weekday === 0 || weekday === 6 ? "free" : "work"];
      for (const [slot, chance] of Object.entries(rates)) {
        if (u() > chance) continue;
        const at = day + (SLOTS[slot][0] + (SLOTS[slot][1] - SLOTS[slot][0]) * u()) * HOUR;
        if (plan.some((p) => Math.abs(p.at - at) < 100 * MINUTE)) continue;
        plan.push({ slot, at });
      }
    }
    plan.sort((x, y) => x.at - y.at);
    for (const p of plan) {
      const scene = p.scene ?? pickScene(chat, p.slot, phase, p.at, u);
      if (scene) play(scene, p.at, phase);
    }
  }
  return messages;
}

function style(text, who, chat, u) {
  if (text.startsWith("[")) return text;
  const lower = Number(chat.head[`lower_${who}`] ?? 0);
  if (u() < lower && !/^(I\b|[A-ZÄÖÜ]{2})/.test(text)) text = text[0].toLowerCase() + text.slice(1);
  return text.replace(/\\n/g, "\n");
}

// ---- the two ways WhatsApp writes a chat -----------------------------------------------------
const LRM = "\u200e";
const two = (n) => String(n).padStart(2, "0");
function stamp(t) {
  const d = new Date(t * 1000);
  return { y: d.getUTCFullYear(), m: two(d.getUTCMonth() + 1), d: two(d.getUTCDate()),
           H: two(d.getUTCHours()), M: two(d.getUTCMinutes()), S: two(d.getUTCSeconds()) };
}
const IOS = { image: "image omitted", video: "video omitted", voice: "audio omitted",
  sticker: "sticker omitted", gif: "GIF omitted", deleted: "This message was deleted.",
  missed: "Missed voice call" };
function writeIos(messages, chat) {
  const at = (t) => { const s = stamp(t); return `[${s.d}/${s.m}/${s.y}, ${s.H}:${s.M}:${s.S}]`; };
  const out = [`${at(messages[0].t - 40)} ${chat.head.b}: ${LRM}Messages and calls are end-to-end ` +
    "encrypted. Only people in this chat can read, listen to, or share them."];
  for (const { t, who, text } of messages) {
    const special = /^\[(\w+)(?: (\d+))?\]$/.exec(text);
    let body = text.replace(/\n/g, "\n"), mark = "";
    if (special) {
      mark = LRM;
      body = LRM + (special[1] === "call" ? `Voice call, ${LRM}${special[2]} min`
        : special[1] === "vcall" ? `Video call, ${LRM}${special[2]} min` : IOS[special[1]]);
    }
    out.push(`${mark}${at(t)} ${chat.head[who]}: ${body}`);
  }
  return out.join("\r\n") + "\r\n";
}
function writeAndroidGerman(messages, chat) {
  const at = (t) => { const s = stamp(t); return `${s.d}.${s.m}.${String(s.y).slice(2)}, ${s.H}:${s.M}`; };
  const out = [`${at(messages[0].t)} - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. ` +
    "Nur Personen in diesem Chat können sie lesen, anhören oder teilen."];
  for (const { t, who, text } of messages) {
    const special = /^\[(\w+)(?: (\d+))?\]$/.exec(text);
    let body = text;
    if (special?.[1] === "missed") { out.push(`${at(t)} - Verpasster Sprachanruf`); continue; }
    if (special) body = special[1] === "deleted" ? "Diese Nachricht wurde gelöscht." : "<Medien ausgeschlossen>";
    if (special && /call/.test(special[1])) continue; // Android leaves answered calls out
    out.push(`${at(t)} - ${chat.head[who]}: ${body}`);
  }
  return out.join("\n") + "\n";
}

// ---- zip: one entry, fixed date --------------------------------------------------------------
function zip(name, bytes) {
  const packed = deflateRaw(bytes), n = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt16LE(0x5ae1, 8); // 1 July 2025
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(n.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, n, packed]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common,
    Buffer.alloc(14), n]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const outAt = process.argv.indexOf("--out");
const out = outAt > 0 ? process.argv[outAt + 1] : join(here, "..");
mkdirSync(out, { recursive: true });
for (const [file, write] of [["ellie_and_sam", writeIos], ["mara_and_jonas", writeAndroidGerman]]) {
  const chat = parse(readFileSync(join(here, `${file}.scenes`), "utf8"));
  const messages = assemble(chat);
  const text = write(messages, chat);
  writeFileSync(join(out, `${file}.txt`), text);
  if (chat.head.zip) writeFileSync(join(out, `${file}.zip`), zip(chat.head.zip, Buffer.from(text)));
  if (process.argv.includes("--stats")) {
    const by = {}, texts = {};
    for (const m of messages) {
      by[m.who] = (by[m.who] ?? 0) + 1;
      if (m.text.length > 16) texts[m.text.toLowerCase()] = (texts[m.text.toLowerCase()] ?? 0) + 1;
    }
    const total = Object.values(texts).reduce((a, b) => a + b, 0);
    const top = Object.entries(texts).sort((a, b) => b[1] - a[1]).slice(0, 12);
    console.log(file, messages.length, by, "scenes", chat.scenes.length, chat.dated.length,
      "distinct among longer:", (Object.keys(texts).length / total).toFixed(3), top);
    console.log("uses per scene", chat.scenes.map((s) => s.used).sort((a, b) => b - a).slice(0, 8));
  }
}
