/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* Every allocation of the rules, a suggestion, the loop, the sheet and the coach fails once. */
#include "support/failing_alloc.h"

#include <holdfast/holdfast.h>

#include <math.h>

static const char document[] =
    "{\"schema\":\"holdfast-findings-1\",\"made_by\":{\"program\":\"holdfast\",\"version\":\"0\","
    "\"date\":"
    "\"2025-07-01\"},\"record\":{\"first\":\"2025-01-01T10:00\",\"last\":\"2025-06-30T20:00:00\","
    "\"partners\":[{\"key\":\"a\",\"name\":\"Ann\",\"me\":true},{\"key\":\"b\",\"name\":\"Ben\","
    "\"me\":"
    "false}]},\"consent\":{\"level\":\"both\",\"declared_by\":\"one "
    "person\",\"date\":\"2025-07-01\","
    "\"protocol\":null},\"findings\":[{\"id\":\"answered.a\",\"mechanism\":\"S31\",\"about\":\"a\","
    "\"estimate\":0.9,\"unit\":\"share\",\"lo\":0.88,\"hi\":0.92,\"level\":0.95,\"n\":300,\"base_"
    "rate\":"
    "null,\"status\":\"seen\",\"grade\":\"B\",\"examples\":[\"t1\"],\"visibility\":\"joint\","
    "\"text_key\":"
    "\"answered\",\"values\":{\"count\":1}}],\"figures\":[{\"id\":\"episodes\",\"kind\":"
    "\"episodes\","
    "\"title_key\":\"x\",\"data\":{\"total\":1,\"episodes\":[{\"id\":\"e1\",\"onset\":\"t1\","
    "\"from\":"
    "\"2025-06-01\",\"to\":\"2025-06-10\",\"pursues\":\"a\",\"withdraws\":\"b\",\"examples\":[]}]}}"
    "],"
    "\"turns\":[{\"id\":\"t1\",\"t\":\"2025-06-02T10:00\",\"sender\":\"a\",\"words\":2,\"text\":"
    "\"are you \\\"there\\\"?\"}],\"limits\":[{\"key\":\"no_zone\",\"text\":\"x\"}]}";

static hf_status write_pages(hf_ctx *ctx, const hf_findings *f)
{
    hf_loop loop = {
        .sides = {{"Ann", {"t", "d", "s", "u", "n"}}, {"Ben", {"t", NULL, "", "u", "n"}}},
        .made_on = "2025-07-01"};
    hf_session_options o = HF_SESSION_OPTIONS_INIT;
    hf_outfile *file;
    o.now = o.earlier = f;
    o.loop = &loop;
    o.policy = "limited";
    HF_TRY(hf_outfile_new(&file, ctx, "memory_page.html"));
    hf_status status = hf_session_write_html(ctx, &o, file);
    hf_outfile_free(file);
    HF_TRY(status);
    HF_TRY(hf_outfile_new(&file, ctx, "memory_page.html"));
    status = hf_loop_write_html(&loop, ctx, "de", file);
    hf_outfile_free(file);
    return status;
}

static hf_status all_of_it(hf_ctx *ctx, void *user)
{
    (void)user;
    hf_findings *f;
    hf_sentences *sentences = NULL;
    const char *text = NULL;
    HF_TRY(hf_findings_parse(&f, ctx, "memory", document, sizeof document - 1));
    hf_status status = hf_guide(f, ctx, NULL);
    if (status == HF_OK)
        status = hf_sentences_new(&sentences, ctx, "en");
    if (status == HF_OK)
        status = hf_sentences_say_suggestion(sentences, f, &text);
    hf_sentences_free(sentences);
    if (status == HF_OK)
        status = write_pages(ctx, f);
    hf_findings_free(f);
    return status;
}

static hf_status coach(hf_ctx *ctx, void *user)
{
    static const char text[] = "You never answer my messages and I feel alone";
    hf_coach *c;
    hf_coach_answer a;
    (void)user;
    HF_TRY(hf_coach_new(&c, ctx, NULL));
    hf_status status = hf_coach_say(c, text, sizeof text - 1, &a);
    hf_coach_free(c);
    return status;
}

static void pages(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails_step(all_of_it, NULL, 17) > 2);
}

static void words(void **state)
{
    (void)state;
    assert_true(test_each_allocation_fails_step(coach, NULL, 31) > 0);
}

RUN_TESTS(cmocka_unit_test(pages), cmocka_unit_test(words))
