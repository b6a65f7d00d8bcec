/* SPDX-License-Identifier: MIT */
/* What the CHAT manual forbids, line by line: headers, main lines, dependent tiers. */
#include "record/formats/cha.h"

#include "text/utf8.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool contains(hf_text t, const char *what)
{
    return t.size && memmem(t.data, t.size, what, strlen(what)) != NULL;
}

/* The n-th part of text between marks, trimmed. */
static hf_text part_of(hf_text t, char mark, int n, int *count)
{
    hf_text out = {NULL, 0};
    int i = 0;
    for (size_t at = 0;; i++) {
        const char *p = t.data + at, *end = at < t.size ? memchr(p, mark, t.size - at) : NULL;
        size_t size = end ? (size_t)(end - p) : t.size - at;
        if (i == n)
            out = hf_i_trimmed((hf_text){p, size});
        if (!end)
            break;
        at += size + 1;
    }
    *count = i + 1;
    return out;
}

/* ---- headers ------------------------------------------------------------------------------ */

static hf_status check_id(hf_i_cha *c, const hf_i_cha_line *l)
{
    int n, unused;
    hf_text language = part_of(l->body, '|', 0, &n), code = part_of(l->body, '|', 2, &unused),
            sex = part_of(l->body, '|', 4, &unused), role = part_of(l->body, '|', 7, &unused);
    c->after_id = true;
    if (n != 11)
        HF_TRY(hf_i_cha_warn(c, l, "@ID has not ten fields"));
    if (language.size == 0)
        HF_TRY(hf_i_cha_warn(c, l, "@ID names no language"));
    if (code.size == 0)
        return hf_i_cha_warn(c, l, "@ID names no speaker");
    if (sex.size && !hf_i_text_is(sex, "male") && !hf_i_text_is(sex, "female"))
        HF_TRY(hf_i_cha_warn(c, l, "@ID: the field for sex holds something else"));
    size_t s = hf_i_cha_speaker(c, code);
    if (s == c->speakers)
        return hf_i_cha_warn(c, l, "@ID names a speaker that @Participants does not");
    c->identified[s] = true;
    if (n == 11 &&
        (role.size != c->roles[s].size || memcmp(role.data, c->roles[s].data, role.size) != 0))
        return hf_i_cha_warn(c, l, "@ID gives the speaker another role than @Participants");
    return HF_OK;
}

static hf_status check_languages(hf_i_cha *c, const hf_i_cha_line *l)
{
    int n = 1, unused;
    c->languages = l->body;
    for (int i = 0; i < n; i++) {
        hf_text code = part_of(l->body, ',', i, &n);
        bool good = code.size == 3;
        for (size_t k = 0; k < code.size && good; k++)
            good = code.data[k] >= 'a' && code.data[k] <= 'z';
        /* qaa to qtz are for private use; no language has a code from qx to qz but Quechua's. */
        if (good && code.data[0] == 'q' && code.data[1] == 'z')
            good = false;
        if (!good)
            return hf_i_cha_warn(c, l, "@Languages: no language code of three letters (ISO 639-3)");
    }
    (void)unused;
    return HF_OK;
}

static hf_status check_media(hf_i_cha *c, const hf_i_cha_line *l)
{
    static const char *const words[] = {"audio", "video", "missing", "unlinked", "notrans"};
    int n;
    hf_text name = part_of(l->body, ',', 0, &n), word;
    const char *comma = memchr(l->body.data, ',', l->body.size);
    if (comma && comma > l->body.data && comma[-1] == ' ')
        HF_TRY(hf_i_cha_warn(c, l, "@Media: a blank before the comma"));
    for (int i = 1, unused; i < n; i++) {
        word = part_of(l->body, ',', i, &unused);
        bool good = false;
        for (size_t k = 0; k < HF_COUNT_OF(words); k++)
            good |= hf_i_text_is(word, words[k]);
        if (!good)
            return hf_i_cha_warn(c, l, "@Media: a word that the manual does not know");
    }
    const hf_i_reader *r = c->reader;
    const char *base = hf_i_base_name(r->source->entries[r->entries[0]].name);
    size_t size = strlen(base);
    if (size > 4 && strcmp(base + size - 4, ".cha") == 0 && name.size && name.data[0] != '"' &&
        comma && comma[-1] != ' ' &&
        (name.size != size - 4 || memcmp(name.data, base, name.size) != 0))
        return hf_i_cha_warn(c, l, "@Media names another recording than this file");
    return HF_OK;
}

/* "10:15", "00:10:15", and spans "10:15-10:20". */
static bool good_clock(hf_text t)
{
    size_t i = 0;
    while (i < t.size) {
        int64_t v;
        int n = 0;
        do {
            if (!hf_i_read_digits(t.data, t.size, &i, 2, &v) || (n > 0 && v > 59) || v > 60)
                return false;
            n++;
        } while (i < t.size && t.data[i] == ':' && ++i);
        while (i < t.size && memchr("-, ;", t.data[i], 4))
            i++;
        if (n < 2 || (i < t.size && !is_digit(t.data[i])))
            return false;
    }
    return true;
}

static hf_status check_gems(hf_i_cha *c, const hf_i_cha_line *l)
{
    if (hf_i_text_is(l->name, "@Bg")) {
        c->gem_open = true;
    } else if (hf_i_text_is(l->name, "@Eg")) {
        if (!c->gem_open)
            return hf_i_cha_warn(c, l, "@Eg without its @Bg");
        c->gem_open = false;
    }
    return HF_OK;
}

static bool is_known_header(hf_text name)
{
    static const char *const names[] = {"@UTF8",
                                        "@Begin",
                                        "@End",
                                        "@Languages",
                                        "@Participants",
                                        "@Options",
                                        "@ID",
                                        "@Media",
                                        "@Exceptions",
                                        "@Interaction Type",
                                        "@Location",
                                        "@Number",
                                        "@Recording Quality",
                                        "@Room Layout",
                                        "@Tape Location",
                                        "@Time Duration",
                                        "@Time Start",
                                        "@Transcriber",
                                        "@Transcription",
                                        "@Types",
                                        "@Videos",
                                        "@Warning",
                                        "@Activities",
                                        "@Bck",
                                        "@Bg",
                                        "@Eg",
                                        "@Blank",
                                        "@Comment",
                                        "@Date",
                                        "@G",
                                        "@New Episode",
                                        "@Page",
                                        "@Situation",
                                        "@T",
                                        "@PID",
                                        "@Window",
                                        "@Font",
                                        "@Color words",
                                        "@New Language",
                                        "@Thumbnail",
                                        "@L1 of",
                                        "@Filename",
                                        "@Coding",
                                        "@Coder",
                                        "@Education of",
                                        "@Group of",
                                        "@Language of",
                                        "@Stim",
                                        "@Tier"};
    for (size_t i = 0; i < HF_COUNT_OF(names); i++)
        if (hf_i_text_is(name, names[i]))
            return true;
    return hf_i_starts_with(name.data, name.size, "@Birth of ") ||
           hf_i_starts_with(name.data, name.size, "@Birthplace of ") ||
           hf_i_starts_with(name.data, name.size, "@L1 of ") ||
           hf_i_starts_with(name.data, name.size, "@Age of ") ||
           hf_i_starts_with(name.data, name.size, "@Sex of ");
}

hf_status hf_i_cha_check_header(hf_i_cha *c, const hf_i_cha_line *l)
{
    hf_text name = l->name;
    if (!is_known_header(name))
        return hf_i_cha_warn(c, l, "a header that the manual does not know");
    if (hf_i_text_is(name, "@Begin")) {
        bool again = c->begun;
        c->begun = true;
        return again ? hf_i_cha_warn(c, l, "a second @Begin") : HF_OK;
    }
    if (hf_i_text_is(name, "@End"))
        c->ended = true;
    else if (hf_i_text_is(name, "@ID"))
        return check_id(c, l);
    else if (hf_i_text_is(name, "@Languages"))
        return check_languages(c, l);
    else if (hf_i_text_is(name, "@Media"))
        return check_media(c, l);
    else if (hf_i_starts_with(name.data, name.size, "@Time "))
        return good_clock(hf_i_trimmed(l->body))
                   ? HF_OK
                   : hf_i_cha_warn(c, l, "a time that no clock shows");
    else if (hf_i_text_is(name, "@Options")) {
        c->has_ca = contains(l->body, "CA");
        if (c->after_id)
            return hf_i_cha_warn(c, l, "@Options stands behind @ID");
        if (c->has_ca && contains(l->body, "IPA"))
            return hf_i_cha_warn(c, l, "@Options: CA and IPA do not go together");
    } else if (hf_i_text_is(name, "@Comment") && c->after_id && !c->spoke)
        c->options = true; /* a changeable header was seen */
    else if (hf_i_starts_with(name.data, name.size, "@Birth of") && c->options)
        return hf_i_cha_warn(c, l, "a constant header stands behind a changeable one");
    return check_gems(c, l);
}

/* ---- main lines --------------------------------------------------------------------------- */

typedef struct {
    hf_i_cha *c;
    const hf_i_cha_line *l;
    hf_text before; /* the word before this one */
    int words;      /* of speech so far */
    int angles, quotes, groups, signs;
    bool linked; /* a linker or comma of an utterance's end */
    char terminator;
} main_state;

static const char *check_balance(hf_text body)
{
    int square = 0, curly = 0, angle = 0, fast = 0;
    bool bullet = false, event = false;
    for (size_t i = 0; i < body.size; i++) {
        char ch = body.data[i];
        bullet ^= ch == '\x15';
        if (bullet)
            continue;
        bool inside = square > 0;
        square += ch == '[' ? 1 : ch == ']' ? -1 : 0;
        if (ch == ' ' || ch == '\t')
            event = false;
        else if (ch == '&')
            event = true; /* "&=laughs{x}": names of events are free */
        if (!event)
            curly += ch == '{' ? 1 : ch == '}' ? -1 : 0;
        if (!inside && ch == '<' && i + 1 < body.size && body.data[i + 1] != ']')
            angle += i == 0 || body.data[i - 1] != '+';
        else if (!inside && ch == '>')
            angle--;
        fast += i + 3 <= body.size && memcmp(body.data + i, "\xE2\x88\x86", 3) == 0;
        if (square < 0 || square > 1)
            return "a square bracket without its other half";
        if (curly < 0)
            return "a curly bracket without its other half";
        if (angle < 0)
            return "an angle bracket without its other half";
    }
    return square     ? "a square bracket without its other half"
           : curly    ? "a curly bracket without its other half"
           : angle    ? "an angle bracket without its other half"
           : fast % 2 ? "a sign for faster speech without its other half"
                      : NULL;
}

static bool is_terminator(hf_text w)
{
    static const char *const ends[] = {".",
                                       "?",
                                       "!",
                                       "+...",
                                       "+..?",
                                       "+!?",
                                       "+/.",
                                       "+/?",
                                       "+//.",
                                       "+//?",
                                       "+.",
                                       "+\".",
                                       "+\"/.",
                                       "++.",
                                       "\xE2\x89\x88",
                                       "\xE2\x89\x8B",
                                       "\xE2\x87\x97",
                                       "\xE2\x86\x97",
                                       "\xE2\x86\x92",
                                       "\xE2\x86\x98",
                                       "\xE2\x87\x98"};
    if (!memchr(".?!+\xE2", w.data[0], 5))
        return false;
    for (size_t i = 0; i < HF_COUNT_OF(ends); i++)
        if (hf_i_text_is(w, ends[i]))
            return true;
    return false;
}

static bool is_pause(hf_text w)
{
    if (w.size < 3 || w.data[0] != '(' || w.data[w.size - 1] != ')')
        return false;
    for (size_t i = 1; i + 1 < w.size; i++)
        if (!is_digit(w.data[i]) && w.data[i] != '.' && w.data[i] != ':')
            return false;
    return true;
}

static bool has_dot(hf_text w)
{
    return memchr(w.data, '.', w.size) != NULL;
}

static const char *check_bracket(const main_state *m, hf_text w)
{
    const char *close = memchr(w.data, ']', w.size);
    size_t n = close ? (size_t)(close - w.data) + 1 : w.size;
    bool code = n > 1 && memchr("/x*:", w.data[1], 4) != NULL;
    bool retrace = n > 1 && w.data[1] == '/';
    bool replace = n > 3 && w.data[1] == ':' && (w.data[2] == ' ' || w.data[2] == ':');
    if (n < w.size && is_alpha(w.data[n]))
        return "a code in brackets stands without a blank before the next word";
    if (hf_i_starts_with(w.data, w.size, "[- ")) {
        hf_text language = {w.data + 3, n > 4 ? n - 4 : 0};
        char name[8] = {0};
        if (language.size && language.size < sizeof name) {
            memcpy(name, language.data, language.size);
            if (!contains(m->c->languages, name))
                return "a language that @Languages does not name";
        }
        return NULL;
    }
    if (code && !m->words && !m->before.size)
        return "a code in brackets stands before any word";
    if (retrace && (is_pause(m->before) || hf_i_text_is(m->before, "#")))
        return "a retracing behind a pause";
    if (replace && m->before.size && m->before.data[m->before.size - 1] == '>')
        return "a replacement behind a group: it stands for one word";
    if (code && m->before.size > 1 && m->before.data[m->before.size - 1] == ')' &&
        !is_pause(m->before) && !memchr(m->before.data, '(', m->before.size))
        return "a closing parenthesis without its other half";
    return NULL;
}

/* Parentheses of omitted sounds: "ab(c)d". */
static const char *check_parens(hf_text w, bool ca)
{
    int depth = 0;
    for (size_t i = 0; i < w.size; i++) {
        depth += w.data[i] == '(' ? 1 : w.data[i] == ')' ? -1 : 0;
        if (depth < 0 || depth > 1)
            return "a parenthesis without its other half";
        if (depth && w.data[i] == '@')
            return "a sign @ inside parentheses";
    }
    if (depth)
        return "a parenthesis without its other half";
    if (w.data[0] == '(' && memchr(w.data, ')', w.size) == w.data + w.size - 1 && !ca)
        return is_digit(w.data[1]) ? "a pause is written (.), (2.5) or (1:05.)"
                                   : "a whole word stands in parentheses";
    for (size_t i = 1; i + 2 < w.size && !ca; i++)
        if (w.data[i] == '(' && w.data[i + 1] == '.' && is_alpha(w.data[i - 1]))
            return "a pause stands without a blank behind the word";
    return NULL;
}

static const char *check_marks(hf_text w, bool ca)
{
    const char *at = memchr(w.data, '@', w.size);
    if (memchr(w.data, '|', w.size))
        return "the sign | on a main line";
    if (at && at > w.data + 1 && at + 1 < w.data + w.size && at[1] == 'l' &&
        (at + 2 == w.data + w.size || at[2] == ' ') && is_alpha(w.data[0]) && is_alpha(w.data[1]))
        return "@l is for a single letter";
    const char *amp = w.size > 1 ? memchr(w.data + 1, '&', w.size - 1) : NULL;
    if (amp && is_alpha(amp[-1]) && !(at && at < amp)) /* a@s:eng&fra is a mixture */
        return "a sign & inside a word";
    if (hf_i_text_is(w, "&="))
        return "&= without its event";
    if (w.data[0] == '&' && w.size > 1 && is_alpha(w.data[1]) && memchr(w.data, '(', w.size))
        return "a fragment (&) with parentheses";
    const char *hash = memchr(w.data, '#', w.size);
    if (hash && w.size > 1 && is_alpha(w.data[0]) && memchr(w.data, '+', w.size))
        return "a prefix (#) that is not declared";
    if (hf_i_text_is(w, "xx") || hf_i_text_is(w, "yy"))
        return "unintelligible speech is written xxx, yyy or www";
    if (contains(w, "\xE2\x80\x98"))
        return "a curly quotation mark inside a word";
    if (w.data[0] == ',' && w.size > 1)
        return hf_i_starts_with(w.data, w.size, ",,,") ? "three commas" : "no blank behind a comma";
    if (!ca && (hf_i_text_is(w, "\xE2\x86\x91") || hf_i_text_is(w, "\xE2\x86\x93")))
        return "a sign of pitch without a word";
    return NULL;
}

static void count_pairs(main_state *m, hf_text w)
{
    m->quotes += contains(w, "\xE2\x80\x9C") - contains(w, "\xE2\x80\x9D");
    m->groups += contains(w, "\xE2\x80\xB9") - contains(w, "\xE2\x80\xBA");
    m->signs += contains(w, "\xE3\x80\x94") - contains(w, "\xE3\x80\x95");
}

/* Nothing but letters: nearly all words. */
static bool is_plain(hf_text w)
{
    for (size_t i = 0; i < w.size; i++)
        if (!is_alpha(w.data[i]) && w.data[i] != '\'')
            return false;
    return w.size > 2 || (w.data[0] | 32) < 'x';
}

static const char *check_word(main_state *m, hf_text w)
{
    const char *what = NULL;
    if (is_plain(w)) {
        m->words++;
        return NULL;
    }
    if (w.data[0] == '[')
        return check_bracket(m, w);
    bool ca = m->c->has_ca;
    if (is_pause(w))
        return has_dot(w) ? NULL : "a pause is written (.), (2.5) or (1:05.)";
    if (is_terminator(w)) {
        m->terminator = w.data[w.size - 1];
        return NULL;
    }
    const char *glued = w.size > 1 ? memchr(w.data, '[', w.size) : NULL;
    if (glued && glued > w.data && glued[-1] != '>' && glued + 1 < w.data + w.size &&
        memchr(":/*", glued[1], 3))
        return "a code in brackets stands without a blank behind the word";
    count_pairs(m, w);
    hf_text core = w;
    while (core.size && core.data[0] == '<')
        core = (hf_text){core.data + 1, core.size - 1};
    while (core.size && core.data[core.size - 1] == '>')
        core.size--;
    if (core.size == 0)
        return NULL;
    if (core.data[0] == '+') {
        bool later = m->words > 0 && (hf_i_text_is(core, "+,") || hf_i_text_is(core, "++"));
        return later ? "a linker stands inside the utterance" : NULL;
    }
    what = check_marks(core, ca);
    if (!what && core.data[0] != '&')
        what = check_parens(core, ca);
    m->words++;
    return what;
}

static hf_status check_times(hf_i_cha *c, const hf_i_cha_line *l, hf_text w, size_t speaker)
{
    int64_t start, end;
    if (w.data[0] != '\x15')
        return HF_OK;
    if (w.size > 1 && w.data[1] == '%')
        return hf_i_cha_warn(c, l,
                             contains(w, ".wav\"") || contains(w, ".mp3\"")
                                 ? "a time bullet names a file with its ending"
                                 : "a time bullet in the old form");
    if (!hf_i_cha_bullet(w, &start, &end))
        return hf_i_cha_warn(c, l, "a time bullet that is no start_end");
    if ((w.data[1] == '0' && is_digit(w.data[2])))
        return hf_i_cha_warn(c, l, "a time with a leading zero");
    if (end < start)
        return hf_i_cha_warn(c, l, "a time bullet ends before it starts");
    hf_status s = HF_OK;
    if (start < c->last_start)
        s = hf_i_cha_warn(c, l, "the time goes back behind the utterance before");
    else if (speaker < c->speakers && start < c->last_end[speaker])
        s = hf_i_cha_warn(c, l, "the same speaker speaks twice at the same time");
    c->last_start = start;
    if (speaker < c->speakers)
        c->last_end[speaker] = end;
    return s;
}

static const char *check_group(hf_text body)
{
    for (size_t i = 1; i < body.size; i++) {
        if (body.data[i] != '>' || body.data[i - 1] == '[')
            continue;
        size_t k = i + 1;
        while (k < body.size && memchr(" \t\r\n", body.data[k], 4))
            k++;
        bool code = k < body.size && body.data[k] == '[';
        bool overlap = i + 1 < body.size && (body.data[i + 1] == ']' || is_digit(body.data[i + 1]));
        if (!code && !overlap)
            return "angle brackets without a code behind them";
    }
    return NULL;
}

static const char *end_of_main(const main_state *m, hf_text last)
{
    if (m->quotes != 0)
        return "a quotation mark without its other half";
    if (m->groups != 0 || m->signs != 0)
        return "a group mark without its other half";
    if (!m->terminator && !m->c->has_ca)
        return "the utterance has no terminator";
    (void)last;
    return NULL;
}

static const char *check_separator(const hf_i_cha_line *l)
{
    const char *tab = l->body.size ? l->body.data : NULL;
    if (!tab || *tab != '\t')
        return "behind the colon stands a tab";
    return l->body.size > 1 && tab[1] == ' ' ? "a blank behind the tab" : NULL;
}

hf_status hf_i_cha_check_main(hf_i_cha *c, const hf_i_cha_line *l)
{
    enum { LONGEST = 20000 };
    hf_text code = {l->name.data + 1, l->name.size - 1}, w, last = {NULL, 0};
    main_state m = {.c = c, .l = l};
    size_t speaker = hf_i_cha_speaker(c, code);
    const char *what = speaker == c->speakers ? "a speaker that @Participants does not name" : NULL;
    if (!what)
        what = check_separator(l);
    if (!what && l->body.size > LONGEST - 100)
        what = "the line is longer than the manual allows";
    if (!what)
        what = check_balance(l->body);
    if (!what)
        what = check_group(l->body);
    for (size_t at = 0; hf_i_cha_word(l->body, &at, &w);) {
        if (w.data[0] == '\x15') {
            HF_TRY(check_times(c, l, w, speaker));
            continue;
        }
        if (!what)
            what = check_word(&m, w);
        m.before = last = w;
    }
    if (!what && m.words == 0 && m.before.size && !c->has_ca && l->body.size > 1 &&
        l->body.data[1] == '[' && l->body.data[2] == '=')
        what = "the utterance has a code and nothing that it belongs to";
    if (!what)
        what = end_of_main(&m, last);
    c->terminator = m.terminator;
    return what ? hf_i_cha_warn(c, l, what) : HF_OK;
}

/* ---- dependent tiers ---------------------------------------------------------------------- */

static const char *check_mor(const hf_i_cha *c, const hf_i_cha_line *l)
{
    hf_text w, last = {NULL, 0};
    for (size_t at = 0; hf_i_cha_word(l->body, &at, &w);) {
        const char *bar = memchr(w.data, '|', w.size);
        const char *plus = memchr(w.data, '+', w.size);
        bool letters = is_alpha(w.data[0]);
        if (letters && !bar)
            return "%mor: a word without its part of speech";
        if (bar && plus && plus > bar && bar + 1 != plus &&
            memchr(plus, '|', (size_t)(w.data + w.size - plus)))
            return "%mor: a compound in a form that the manual does not know";
        last = w;
    }
    if (last.size == 1 && memchr(".?!", last.data[0], 3) && c->terminator &&
        memchr(".?!", c->terminator, 3) && last.data[0] != c->terminator)
        return "%mor ends otherwise than its main line";
    return NULL;
}

hf_status hf_i_cha_check_tier(hf_i_cha *c, const hf_i_cha_line *l)
{
    static const char *const tiers[] = {
        "act",  "add", "alt", "cod",    "coh",    "com",    "def",  "eng", "err",
        "exp",  "fac", "flo", "gls",    "gpx",    "gra",    "int",  "mod", "mor",
        "ort",  "par", "pho", "sin",    "sit",    "spa",    "tim",  "trn", "umor",
        "ugra", "wor", "grt", "modsyl", "phosyl", "phoaln", "phon", "coc", "dia"};
    hf_text name = {l->name.data + 1, l->name.size - 1};
    bool known = name.size > 0 && name.data[0] == 'x';
    for (size_t i = 0; i < HF_COUNT_OF(tiers) && !known; i++)
        known = hf_i_text_is(name, tiers[i]);
    if (!known)
        return hf_i_cha_warn(c, l, "a tier that the manual does not know");
    if (!l->colon)
        return hf_i_cha_warn(c, l, "a tier has no colon behind its name");
    if (hf_i_text_is(name, "mor")) {
        const char *what = check_mor(c, l);
        return what ? hf_i_cha_warn(c, l, what) : HF_OK;
    }
    bool codes = hf_i_text_is(name, "cod") || hf_i_text_is(name, "spa") || name.data[0] == 'x';
    if (!codes && hf_i_trimmed(l->body).size && hf_i_trimmed(l->body).data[0] == '$')
        return hf_i_cha_warn(c, l, "a code ($) that is not declared for this tier");
    if (contains(l->body, "[+ "))
        return hf_i_cha_warn(c, l, "a postcode belongs on the main line");
    return HF_OK;
}
