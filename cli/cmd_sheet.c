/* SPDX-License-Identifier: MIT */
/* holdfast sheet: one page for the therapy hour. */
#include "ask.h"

typedef struct {
    hf_findings *now, *earlier;
    hf_loop *loop;
} inputs;

static hf_status read_inputs(cli_env *env, inputs *in)
{
    const char *earlier = cli_text(env, "earlier"), *loop = cli_text(env, "loop");
    hf_status status = hf_findings_read(&in->now, env->ctx, env->argv[0]);
    if (status == HF_OK && earlier)
        status = hf_findings_read(&in->earlier, env->ctx, earlier);
    if (status == HF_OK && loop)
        status = hf_loop_read(&in->loop, env->ctx, loop);
    return status;
}

static hf_status write_sheet(cli_env *env, const inputs *in)
{
    char today[16];
    const char *date = cli_text(env, "date");
    hf_outfile *file;
    hf_session_options o = HF_SESSION_OPTIONS_INIT;
    ask_today(today);
    o.now = in->now;
    o.earlier = in->earlier;
    o.loop = in->loop;
    o.policy = cli_text(env, "policy");
    o.language = cli_text(env, "language");
    o.made_on = date ? date : today;
    hf_status status = hf_outfile_new(&file, env->ctx, cli_text(env, "out"));
    if (status != HF_OK)
        return status;
    status = hf_session_write_html(env->ctx, &o, file);
    if (status == HF_OK)
        status = hf_outfile_commit(file);
    hf_outfile_free(file);
    return status;
}

static int run(cli_env *env)
{
    inputs in = {NULL, NULL, NULL};
    hf_status status = read_inputs(env, &in);
    if (status == HF_OK)
        status = write_sheet(env, &in);
    hf_loop_free(env->ctx, in.loop);
    hf_findings_free(in.earlier);
    hf_findings_free(in.now);
    if (status != HF_OK)
        return cli_fail(env, status);
    if (env->json) {
        fputs("{\"file\":", stdout);
        cli_json_string(stdout, cli_text(env, "out"));
        puts("}");
    } else {
        cli_say(env, "%s is written: one page to print", cli_text(env, "out"));
    }
    return cli_done(env);
}

static const cli_option options[] = {
    {"policy", CLI_CHOICE, "POLICY",
     "on secrets, as chosen at intake: none, or limited; it stands on the sheet", NULL,
     "none|limited", 0, 0, false},
    {"earlier", CLI_TEXT, "FILE", "an earlier findings.json: what changed since", NULL, NULL, 0, 0,
     false},
    {"loop", CLI_TEXT, "FILE", "the cycle in their words, kept by holdfast loop --save", NULL, NULL,
     0, 0, false},
    {"out", CLI_TEXT, "FILE", "the page", "sheet.html", NULL, 0, 0, false},
    {"language", CLI_CHOICE, NULL, "of the sheet", "en", "en|de", 0, 0, false},
    {"date", CLI_TEXT, "DATE", "the day, as 2026-11-22 (else today)", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_sheet = {
    "sheet",
    run,
    "one page for the therapy hour",
    "help",
    "FINDINGS.json --policy none|limited [--earlier FILE] [--loop FILE] [--out FILE]",
    options,
    "The cycle in the couple's words, three dated examples, what changed beyond measurement error, "
    "practices. Safety has its own place and no content: nothing of a private screen comes here.",
    1,
    1,
    false};
