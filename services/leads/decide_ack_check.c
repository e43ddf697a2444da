/* A template is checked when it is saved, so that whatever is written by it later is whole. */
#include <string.h>

#include "base/text.h"
#include "services/leads/ack.h"
#include "services/leads/leads.h"

#define SUBJECT "response_template.subject"
#define BODY    "response_template.body"

bool leads_template_compile(const Baton__ResponseTemplate *source, struct arena *a,
                            struct leads_template *out, struct refusal *no)
{
    const char *chain[LOCALE_CHAIN_MAX];
    *out = (struct leads_template){.source = source};
    out->subject = fill_compile(source->subject, SUBJECT, &leads_ack_fields, a, no);
    out->body = out->subject ? fill_compile(source->body, BODY, &leads_ack_fields, a, no) : NULL;
    out->product = leads_words_fold(&(char *){source->product}, source->product != NULL, a);
    out->language = locale_chain(source->language, false, a, chain) ? chain[0] : NULL;
    return out->body != NULL;
}

static bool check_plain(Baton__ResponseTemplate *t, struct arena *a, struct refusal *no)
{
    t->body = arena_strdup(a, t->body);
    t->subject = arena_strdup(a, t->subject);
    if (!fill_plain(t->subject, true))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, SUBJECT, "must be one line of plain text");
    return fill_plain(t->body, false) || refuse(no, REFUSAL_INVALID_ARGUMENT, BODY,
                                                "must be plain text: it has a sign that cannot be read");
}

static bool check_languages(const Baton__ResponseTemplate *t, struct refusal *no)
{
    if (t->language && !locale_is_tag(t->language))
        return refuse(no, REFUSAL_INVALID_ARGUMENT, "response_template.language",
                      "must be a language like en, de-AT or zh-Hant");
    return !t->written_in || locale_is_tag(t->written_in) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, "response_template.written_in",
                  "must be a language like en, de-AT or zh-Hant");
}

static bool check_says_something(const struct fill_text *text, const char *field, struct arena *a,
                                 struct refusal *no)
{
    static const struct leads_routing nobody = {.organisation_name = "-"};
    const struct leads_ack_source nothing = {.r = &nobody};
    return text_trim(a, fill_write(text, &nothing, a)) ||
           refuse(no, REFUSAL_INVALID_ARGUMENT, field,
                  "says nothing where nothing is known of a lead; write something outside the brackets");
}

static bool is_for_the_same(const struct leads_template *x, const struct leads_template *y)
{
    if (x->product.n != y->product.n || !x->language != !y->language)
        return false;
    return (!x->product.n || leads_words_common(&x->product, &y->product)) &&
           (!x->language || strcmp(x->language, y->language) == 0);
}

static bool check_others(const struct leads_template *t, const struct leads_responses *others, bool is_new,
                         struct refusal *no)
{
    for (size_t i = 0; i < others->n; i++)
        if (strcmp(others->templates[i].source->id, t->source->id ? t->source->id : "") != 0 &&
            is_for_the_same(&others->templates[i], t))
            return refuse(no, REFUSAL_ALREADY_EXISTS, "response_template.language",
                          "\"%.100s\" is for the same product and language",
                          others->templates[i].source->name);
    return !is_new || others->n < LEADS_TEMPLATES_MAX ||
           refuse(no, REFUSAL_RESOURCE_EXHAUSTED, NULL, "there are %d templates, and there can be no more",
                  LEADS_TEMPLATES_MAX);
}

/* 2: plain text; a subject has no second line in which something else could stand; 3: real languages;
   4: every field is known, every brace closed; 5: something is left where nothing is known */
bool leads_template_check(Baton__ResponseTemplate *t, struct arena *a, struct leads_template *out,
                          struct refusal *no)
{
    return check_plain(t, a, no) && check_languages(t, no) && leads_template_compile(t, a, out, no) &&
           check_says_something(out->subject, SUBJECT, a, no) && check_says_something(out->body, BODY, a, no);
}

bool leads_check_template(const void *extra, const ProtobufCMessage *before, ProtobufCMessage *after,
                          struct stamp *s, struct outcome *out)
{
    const struct leads_responses none = {0}, *others = extra ? extra : &none;
    struct leads_template compiled;
    /* 1: what is there no more says nothing; 6: it is clear which one is taken */
    return !after || (leads_template_check((Baton__ResponseTemplate *)after, s->arena, &compiled, &out->no) &&
                      check_others(&compiled, others, !before, &out->no));
}
