// SPDX-License-Identifier: MIT
// Made by build.mjs from data/lang: {language: {key: template}}.
declare module "holdfast:frames" {
  const frames: Record<string, Record<string, string>>;
  export default frames;
}
