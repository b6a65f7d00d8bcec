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
export interface Arrow { from: string; to: string; count: number; of: number; lo: Num; hi: Num; base_rate: Num }
export interface Position { raised_need: number; pursues: number; withdraws: number; repairs: number; answered?: Omit<Arrow, "from" | "to"> | null }
export interface Positions { episodes: number; a: Position | null; b: Position | null }
export type PhaseKey = "connection" | "need" | "emotion" | "protection" | "distance" | "repair";
export type Who = "a" | "b" | "both" | "none";
export type EpisodeEnd = "returned" | "faded" | "open";
export interface PhasesData {
  time: string[];
  period: string;
  n: number[];
  shares: Record<PhaseKey, Num[]>;
  episodes: { id: string; from: string; to: string; end: EpisodeEnd }[];
  repairs: { t: string; by: "a" | "b" | "both"; landed: boolean }[];
}
export interface Episode {
  id: string;
  onset: string;
  from: string | number | null;
  to: string | number | null;
  turns: number;
  protective: number;
  end: EpisodeEnd;
  probability: Num;
  raised_need: Who | null;
  pursues: Who | null;
  withdraws: Who | null;
  repairs: Who | null;
  need: string | null;
  problem: string | null;
  repair_attempts: number;
  repair_landed: number;
  repair_h: Num;
  repair_seen: boolean;
  escalation: Num;
  examples: { turn: string; phase: PhaseKey }[];
}
export type PillarKey = "responsiveness" | "presence" | "vulnerability" | "wounds";
export interface Pillar { key: PillarKey; state: "measured" | "not_enough_data"; source: string; findings: string[] }
export type Reason = { finding: string }
  | { series: string; about: About; direction: "below" | "above"; periods: number; from: string; to: string }
  | { episode: string; about: About | null; role: string; from: string | null; to: string | null };
export interface Offered {
  rule: string;
  text_key: string;
  /** A rule's own words, from a rules file of one's own. */
  title: string | null;
  text: string | null;
  change: string | null;
  practice: string | null;
  grade: "A" | "B" | "C";
  mechanism: string;
  source: string;
  values: Values;
  why: Reason[];
  turns: string[];
}
export interface SuggestionData {
  state: "suggestion" | "neutral";
  audience: "me" | "both";
  step: "flooding" | "listen" | "need" | "problem" | "keep" | null;
  neutral_key: string;
  offered: Offered[];
}
export interface TableData { columns: unknown[]; rows: unknown[][] }

interface FigureOf<K extends string, D> { id: string; kind: K; title_key: string; data: D }
export type SeriesFigure = FigureOf<"series", SeriesData>;
export type BarsFigure = FigureOf<"bars", BarsData>;
export type LoopFigure = FigureOf<"loop", { stations: Station[]; arrows?: Arrow[]; positions?: Positions | null }>;
export type PhasesFigure = FigureOf<"phases", PhasesData>;
export type EpisodesFigure = FigureOf<"episodes", { total: number; episodes: Episode[] }>;
export type PillarsFigure = FigureOf<"pillars", { pillars: Pillar[] }>;
export type SuggestionFigure = FigureOf<"suggestion", SuggestionData>;
export type TableFigure = FigureOf<"table", TableData>;
export type PlaneFigure = FigureOf<"plane", PlaneData>;
export type Figure = SeriesFigure | BarsFigure | LoopFigure | TableFigure | PlaneFigure | PhasesFigure | EpisodesFigure | PillarsFigure | SuggestionFigure;

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
