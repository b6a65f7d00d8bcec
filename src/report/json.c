/* SPDX-License-Identifier: MIT */
/* The findings as one JSON document (doc/schema/findings.schema.json). */
#include "report/report.h"

#include "text/json_write.h"

#include <math.h>
#include <string.h>

static void write_made_by(hf_i_json_writer *w, const hf_findings_header *h)
{
    hf_i_json_key(w, "made_by");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "program", "holdfast");
    hf_i_json_key_str(w, "version", hf_version());
    hf_i_json_key_str(w, "date", h->made_on);
    hf_i_json_object_end(w);
}

static void write_consent(hf_i_json_writer *w, const hf_findings_header *h)
{
    hf_i_json_key(w, "consent");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "level", hf_consent_name(h->consent));
    hf_i_json_key_str(w, "declared_by", h->declared_by);
    hf_i_json_key_str(w, "recorded", h->recorded);
    hf_i_json_key_str(w, "date", h->made_on);
    hf_i_json_key_str(w, "protocol", h->protocol);
    hf_i_json_object_end(w);
    hf_i_json_key(w, "safety");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "shown_to", "me");
    hf_i_json_key_bool(w, "show_resources", h->show_resources);
    hf_i_json_object_end(w);
}

static void write_values(hf_i_json_writer *w, const hf_finding *f)
{
    hf_i_json_key(w, "values");
    hf_i_json_object_begin(w);
    for (size_t i = 0; i < f->value_count; i++) {
        if (f->values[i].text)
            hf_i_json_key_str(w, f->values[i].key, f->values[i].text);
        else
            hf_i_json_key_number(w, f->values[i].key, f->values[i].number);
    }
    hf_i_json_object_end(w);
}

static void write_finding(hf_i_json_writer *w, const hf_finding *f)
{
    char grade[2] = {f->grade, 0};
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "id", f->id);
    hf_i_json_key_str(w, "mechanism", f->mechanism ? f->mechanism : "");
    hf_i_json_key_str(w, "about", hf_partner_name(f->about));
    hf_i_json_key_number(w, "estimate", f->estimate);
    hf_i_json_key_str(w, "unit", f->unit);
    hf_i_json_key_number(w, "lo", f->lo);
    hf_i_json_key_number(w, "hi", f->hi);
    hf_i_json_key_number(w, "level", f->level);
    hf_i_json_key_uint(w, "n", f->n);
    hf_i_json_key_number(w, "base_rate", f->base_rate);
    hf_i_json_key_str(w, "status", hf_finding_status_name(f->status));
    hf_i_json_key_str(w, "grade", grade);
    hf_i_json_key(w, "examples");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < HF_COUNT_OF(f->examples) && f->examples[i]; i++)
        hf_i_json_str(w, f->examples[i]);
    hf_i_json_array_end(w);
    hf_i_json_key_str(w, "visibility", hf_visibility_name(f->visibility));
    hf_i_json_key_str(w, "text_key", f->text_key);
    write_values(w, f);
    hf_i_json_object_end(w);
}

static void write_figures(hf_i_json_writer *w, const hf_findings *findings)
{
    hf_i_json_key(w, "figures");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < hf_findings_count_figures(findings); i++) {
        const hf_figure *f = hf_findings_get_figure(findings, i);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "id", f->id);
        hf_i_json_key_str(w, "kind", f->kind);
        hf_i_json_key_str(w, "title_key", f->title_key);
        hf_i_json_key(w, "data");
        hf_i_json_raw(w, f->data, strlen(f->data));
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

static void write_turns(hf_i_json_writer *w, const hf_findings *findings)
{
    hf_i_json_key(w, "turns");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < hf_findings_count_turns(findings); i++) {
        const hf_cited_turn *t = hf_findings_get_turn(findings, i);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "id", t->id);
        hf_i_json_key_str(w, "t", t->t);
        hf_i_json_key_str(w, "sender", hf_partner_name(t->partner));
        hf_i_json_key_uint(w, "words", t->words);
        if (t->text.data)
            hf_i_json_key_text(w, "text", t->text.data, t->text.size);
        else
            hf_i_json_key_null(w, "text");
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
    hf_i_json_key(w, "limits");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < hf_findings_count_limits(findings); i++) {
        const hf_finding_limit *l = hf_findings_get_limit(findings, i);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "key", l->key);
        hf_i_json_key_str(w, "text", l->text);
        hf_i_json_object_end(w);
    }
    hf_i_json_array_end(w);
}

/* Raw parts (the record, the figures) are JSON of the same flags only when html is false: so an
 * HTML document is escaped as a whole by the caller. */
hf_status hf_i_report_document(const hf_findings *findings, hf_i_sink sink)
{
    const hf_findings_header *h = hf_findings_get_header(findings);
    hf_i_json_writer w;
    hf_i_json_init(&w, sink, 0);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", "holdfast-findings-1");
    write_made_by(&w, h);
    hf_i_json_key(&w, "record");
    hf_i_json_raw(&w, h->record, strlen(h->record));
    write_consent(&w, h);
    hf_i_json_key(&w, "findings");
    hf_i_json_array_begin(&w);
    for (size_t i = 0; i < hf_findings_count(findings); i++)
        write_finding(&w, hf_findings_get(findings, i));
    hf_i_json_array_end(&w);
    write_figures(&w, findings);
    write_turns(&w, findings);
    hf_i_json_object_end(&w);
    return hf_i_json_finish(&w);
}

hf_status hf_report_write_json(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file)
{
    (void)ctx;
    HF_TRY(hf_i_report_document(findings, hf_i_sink_outfile(file)));
    return hf_outfile_write(file, "\n", 1);
}
