// SPDX-License-Identifier: MIT
// Sentences: a key finds a template, {x} puts in a value, {x:how} says how to read a number. The page holds the sentences
// of its own frame (data/lang/page_XX.json); those of the findings (data/lang/XX.json) come with the document.
import type { Values } from "./types";
import frames from "holdfast:frames";

type Templates = Record<string, string>;

export interface Speaker {
  lang: string;
  /** The sentence of a key, or null when no language has it. */
  say(key: string, values?: Values, unit?: string | null): string | null;
  /** The sentence of a key that must exist. */
  text(key: string, values?: Values): string;
  number(value: number, how?: string | null): string;
  date(value: string | number | null): string;
  time(value: string | number | null): string;
}

/** Languages whose frame the page has. */
export const languages = Object.keys(frames);
export const languageName = (lang: string): string => frames[lang]?.["lang.name"] ?? lang;

export function speaker(lang: string, given: Record<string, Templates> | null, utc: boolean): Speaker {
  const order: (Templates | undefined)[] = [frames[lang], given?.[lang], frames.en, given?.en];

  const unitText = (unit: string, value: string): string =>
    (order.find((t) => t && `unit.${unit}` in t)?.[`unit.${unit}`] ?? `{x} ${unit}`).replace("{x}", value);
  const number = (value: number, how: string | null = null): string => formatNumber(value, how, lang, unitText);
  const moment = (value: string | number | null, options: Intl.DateTimeFormatOptions): string => {
    if (value === null) return "";
    if (typeof value === "number") return number(value);
    const day = value.length <= 10;
    // Local time of the file has no zone: it is shown as it stands. UTC is shown in the reader's own.
    const at = new Date(day ? `${value}T00:00:00Z` : /Z$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
    if (Number.isNaN(at.getTime())) return value;
    const zone = utc && !day ? {} : { timeZone: "UTC" };
    return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { ...options, ...zone }).format(at);
  };
  const date = (value: string | number | null): string =>
    moment(value, { day: "numeric", month: "long", year: "numeric" });
  const time = (value: string | number | null): string => moment(value, typeof value === "string" && value.length <= 10
    ? { weekday: "short", day: "numeric", month: "short", year: "numeric" }
    : { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

  const say = (key: string, values: Values = {}, unit: string | null = null): string | null => {
    const template = order.find((t) => t && key in t)?.[key];
    if (template === undefined) return null;
    return template.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name: string, how?: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      if (value === null) return "–";
      if (how === "date") return date(value);
      if (how === "key" && typeof value === "string") return say(value) ?? value;
      if (typeof value === "string") return value;
      return number(value, how ?? (MEASURED.has(name) ? unit : null));
    });
  };
  const text = (key: string, values: Values = {}): string => say(key, values) ?? key;
  return { lang, say, text, number, date, time };
}

type UnitText = (unit: string, value: string) => string;

/** Values that carry the unit of their finding. */
const MEASURED = new Set(["estimate", "lo", "hi", "base_rate", "min", "max", "usual", "usual_lo", "usual_hi", "before", "after", "change", "change_lo", "change_hi",
  "quartile_lo", "quartile_hi"]);

function formatNumber(value: number, how: string | null, lang: string, unitText: UnitText): string {
  const locale = lang === "en" ? "en-GB" : lang;
  const plain = (x: number, options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(locale, options).format(x);
  switch (how) {
    case "percent":
    case "share":
    case "rate":
    case "probability": return percent(value, locale);
    case "min": return duration(value, locale, unitText);
    case "h": return duration(value * 60, locale, unitText);
    case "s": return duration(value / 60, locale, unitText);
    case "0": case "1": case "2":
      return plain(value, { minimumFractionDigits: 0, maximumFractionDigits: Number(how) });
    case "count": case "n": return plain(value, { maximumFractionDigits: 0 });
    default: return plain(value, Math.abs(value) >= 100 ? { maximumFractionDigits: 0 }
      : { maximumSignificantDigits: 3 });
  }
}

function percent(value: number, locale: string): string {
  const digits = value !== 0 && Math.abs(value) < .0995 ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(value);
}

/** Minutes as people say them: two units at most, and no precision that is not there. */
function duration(minutes: number, locale: string, unitText: UnitText): string {
  const unit = (x: number, u: string, digits = 0): string =>
    unitText(u, new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(x));
  const size = Math.abs(minutes);
  if (size < 1) return unit(minutes * 60, "s");
  if (size < 10) return unit(minutes, "min", 1);
  if (size < 90) return unit(minutes, "min");
  if (size < 48 * 60) {
    const whole = Math.round(minutes);
    const rest = Math.abs(whole % 60);
    return rest && size < 600 ? `${unit(Math.trunc(whole / 60), "h")} ${unit(rest, "min")}` : unit(minutes / 60, "h");
  }
  return unit(minutes / 1440, "day", 1);
}
