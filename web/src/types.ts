// SPDX-License-Identifier: MIT
// The document of doc/schema/findings.schema.json, as the page sees it.

export type Partner = "a" | "b";
export type About = Partner | "ab";
export type Status = "seen" | "hypothesis" | "not_enough_data" | "not_shown";
export type Values = Record<string, number | string | null>;
type Num = number | null;

export interface Finding {
  id: string;
  mechanism: string;
  about: About;
  estimate: Num;
  unit: string | null;
  lo: Num;
  hi: Num;
  level: Num;
  n: Num;
  base_rate: Num;
  status: Status;
  grade: "A" | "B" | "C" | "-";
  examples: string[];
  visibility: "a" | "b" | "joint";
  text_key: string;
  values: Values;
}

export interface SeriesLine {
  partner: About;
  value: Num[];
  lo?: Num[];
  hi?: Num[];
  usual_lo: Num;
  usual_hi: Num;
  n?: Num[];
}
export interface SeriesData { time: string[]; period: string; unit: string | null; lines: SeriesLine[] }
export interface Bar { key: string; partner: About; value: Num; lo?: Num; hi?: Num; n?: Num }
export interface BarsData { unit: string | null; bars: Bar[] }
export type StationKey = "need" | "emotion" | "protection" | "distance" | "repair";
export interface Station {
  key: StationKey;
  state: "measured" | "not_measured_yet" | "not_enough_data";
  text_key: string;
  values: Values;
  findings: string[];
}
type Quadrants = Record<"low_both" | "higher_anxiety" | "higher_avoidance" | "high_both", number>;
export interface PlanePoint {
  partner: Partner;
  occasion: string | null;
  target: string | null;
  x: number;
  y: number;
  x_interval: [Num, Num];
  y_interval: [Num, Num];
  ellipse: [Num, Num];
  quadrants: { midpoint: Quadrants | null; norm_median: Quadrants | null };
}
export interface PlaneData {
  x_title: string;
  y_title: string;
  x_range: [number, number];
  y_range: [number, number];
  cuts: { midpoint: [number, number]; norm_median: [number, number] | null };
  validated: boolean;
  form: string;
  norm: string | null;
  points: PlanePoint[];
}
export interface TableData { columns: unknown[]; rows: unknown[][] }

interface FigureOf<K extends string, D> { id: string; kind: K; title_key: string; data: D }
export type SeriesFigure = FigureOf<"series", SeriesData>;
export type BarsFigure = FigureOf<"bars", BarsData>;
export type LoopFigure = FigureOf<"loop", { stations: Station[] }>;
export type TableFigure = FigureOf<"table", TableData>;
export type PlaneFigure = FigureOf<"plane", PlaneData>;
export interface FanLine { partner: About; key?: string; title?: string; mid: Num[]; lo?: Num[]; hi?: Num[]; lo50?: Num[]; hi50?: Num[]; seen?: Num[] }
export interface FanPanel { key?: string; title?: string; partner: About; range: [Num, Num] | null; lines: FanLine[] }
export interface FanMark { key: string; partner: About; from: number; to: number; value: number }
export interface FanData { x: number[]; x_key: string; futures?: number; level?: number; marks: FanMark[]; panels: FanPanel[] }
export interface PortraitLine { role: "path" | "cycle" | "nullcline" | "drawn"; group: number; x: Num[]; y: Num[] }
export interface PortraitPoint { role: "start" | "end" | "stable" | "unstable" | "cycle_low" | "cycle_high"; group: number; at: [number, number] }
export interface PortraitData {
  x_key?: string;
  y_key?: string;
  x_title?: string;
  y_title?: string;
  x_range: [number, number];
  y_range: [number, number];
  lines: PortraitLine[];
  points: PortraitPoint[];
  cells?: { x: number[]; y: number[]; group: number[]; columns: number; rows: number };
}
export type FanFigure = FigureOf<"fan", FanData>;
export type PortraitFigure = FigureOf<"portrait", PortraitData>;
export type Figure = SeriesFigure | BarsFigure | LoopFigure | TableFigure | PlaneFigure | FanFigure | PortraitFigure;

export interface Turn { id: string; t: string | number | null; sender: Partner; words: Num; text: string | null }

export interface PartnerInfo { key: Partner; name: string; messages: number; words: Num; me: boolean }

export interface RecordInfo {
  format: string;
  files: string[];
  first: string | number | null;
  last: string | number | null;
  t_kind: "utc" | "local" | "media" | "none";
  t_res_ms: Num;
  date_order: string | null;
  date_ambiguous: boolean;
  messages: number;
  turns: number;
  exchanges: number;
  exchange_gap_min: Num;
  warnings: string[] | number;
  time_inversions: number;
  language: Record<string, number>;
  synthetic: boolean;
  partners: PartnerInfo[];
}

export interface Report {
  schema: string;
  made_by: { program: string; version: string; date: string };
  record: RecordInfo;
  consent: { level: "solo" | "both" | "research"; declared_by: string | null; date: string | null; protocol: string | null };
  safety: { shown_to: string; show_resources: boolean };
  findings: Finding[];
  figures: Figure[];
  turns: Turn[];
  limits: { key: string; text: string }[];
}
