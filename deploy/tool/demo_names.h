/* Made-up names, companies and places for the demo. None of them is anybody. */
#ifndef BATON_TOOL_DEMO_NAMES_H
#define BATON_TOOL_DEMO_NAMES_H

#include <stddef.h>

#include "baton/v1/leads.pb-c.h"

struct demo_words {
    const char *const *words;
    size_t n;
};
extern const struct demo_words demo_first_names, demo_last_names, demo_company_starts, demo_company_ends,
    demo_titles, demo_sources, demo_messages;

/* A place leads come from. */
struct demo_place {
    const char *city, *country;
    unsigned region; /* of demo_regions */
};
extern const struct demo_place demo_places[];
extern const size_t demo_places_n;

enum { DEMO_ZONES = 3, DEMO_COUNTRIES_MAX = 8 };
struct demo_region {
    const char *name;
    const char *zones[DEMO_ZONES]; /* where its people work */
    const char *countries[DEMO_COUNTRIES_MAX];
    size_t n_countries;
};
extern const struct demo_region demo_regions[];
extern const size_t demo_regions_n;

struct demo_product {
    const char *code, *name, *family;
    long long cents;
};
extern const struct demo_product demo_products[];
extern const size_t demo_products_n;

extern const struct demo_words demo_industries;

/* demo_form.c: the form of its web site. */
struct arena;
Baton__LeadForm *demo_form(struct arena *a);

struct demo_template {
    const char *name, *language, *written_in, *subject, *body;
};
extern const struct demo_template demo_templates[];
extern const size_t demo_templates_n;

#endif
