/* Pushes made ready to go: sealed each, signed once for a push service and some hours. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/url.h"
#include "outbound/exchange.h"

enum { TOKENS = 32, PAD = 256 };

struct token {
    char origin[URL_ORIGIN_SIZE], subject[256], text[PUSH_TOKEN_SIZE];
    int64_t made_s; /* 0: none */
};

struct push_desk {
    struct push_sender *sender;
    uint8_t own[OUTBOUND_PUSH_KEY_SIZE];
    struct token tokens[TOKENS];
};

void push_desk_free(struct push_desk *desk)
{
    if (!desk)
        return;
    push_sender_free(desk->sender);
    free(desk);
}

/* Of another key all is made anew: a deployment has one, until it is restored as another. */
static bool is_for(struct push_desk **desk, const struct outbound_push *push)
{
    if (*desk && memcmp((*desk)->own, push->own, sizeof push->own) == 0)
        return true;
    push_desk_free(*desk);
    *desk = NULL;
    struct push_sender *sender = push_sender_new(push->own);
    if (!sender)
        return false;
    *desk = calloc(1, sizeof **desk);
    assert(*desk);
    (*desk)->sender = sender;
    memcpy((*desk)->own, push->own, sizeof push->own);
    return true;
}

/* The one for this service, or the one made longest ago. */
static struct token *token_of(struct push_desk *desk, const char *origin)
{
    struct token *oldest = desk->tokens;
    for (size_t i = 0; i < TOKENS; i++) {
        if (strcmp(desk->tokens[i].origin, origin) == 0)
            return &desk->tokens[i];
        if (desk->tokens[i].made_s < oldest->made_s)
            oldest = &desk->tokens[i];
    }
    return oldest;
}

/* NULL: nothing that can be said in a token. */
static const char *signed_for(struct push_desk *desk, const char *origin, const char *subject, int64_t now_s)
{
    struct token *t = token_of(desk, origin);
    bool fits = t->made_s && t->made_s <= now_s && now_s < t->made_s + PUSH_TOKEN_S / 2 &&
                strcmp(t->origin, origin) == 0 && strcmp(t->subject, subject) == 0;
    if (fits)
        return t->text;
    *t = (struct token){.made_s = 0};
    if (strlen(subject) >= sizeof t->subject ||
        !push_sign(desk->sender, origin, subject, now_s + PUSH_TOKEN_S, t->text))
        return NULL;
    t->made_s = now_s;
    memcpy(t->origin, origin, sizeof t->origin);
    strncpy(t->subject, subject, sizeof t->subject - 1);
    return t->text;
}

/* In steps, so that its length says little of what it is. */
static size_t padded(size_t size)
{
    size_t up = (size + PAD) / PAD * PAD;
    return up < PUSH_TEXT_MAX ? up : PUSH_TEXT_MAX;
}

struct sealed *push_desk_seal(struct push_desk **desk, const struct outbound_request *r, int64_t now_s)
{
    char origin[URL_ORIGIN_SIZE] = "";
    if (!url_origin(r->url, origin) || !is_for(desk, r->push))
        return NULL;
    const char *token = signed_for(*desk, origin, r->push->subject, now_s);
    struct sealed *s = token ? calloc(1, sizeof *s) : NULL;
    if (!s)
        return NULL;
    (void)snprintf(s->authorization, sizeof s->authorization, "Authorization: %s",
                   token); /* it is long enough */
    s->size = push_seal((*desk)->sender, r->push, r->body, padded(r->body.size), NULL, s->body);
    if (s->size)
        return s;
    free(s);
    return NULL;
}
