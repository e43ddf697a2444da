/* What the files of the index share: words out of texts (words.c), the dictionary (dictionary.c), matching a
   typed word (match.c, typo.c), and the records (search.c, find.c). */
#ifndef BATON_SEARCH_INTERNAL_H
#define BATON_SEARCH_INTERNAL_H

#include "search/search.h"

/* Sorted numbers, each once. */
struct list {
    uint32_t *of;
    uint32_t n, room; /* room 0: `of` itself is the only number */
};
void list_add(struct list *l, uint32_t number);
void list_remove(struct list *l, uint32_t number);
bool list_has(const struct list *l, uint32_t number);
const uint32_t *list_of(const struct list *l);
void list_release(struct list *l);

/* --- words.c --- */

enum word_kind { WORD_LETTERS, WORD_DIGITS, WORD_HAN, WORD_TAG };

/* A word as characters, and as its bytes of UTF-8. */
struct word_text {
    uint32_t chars[SEARCH_WORD_MAX];
    size_t n;
    char bytes[SEARCH_WORD_MAX * 4 + 1];
    size_t size;
    enum word_kind kind;
};

typedef void word_fn(void *arg, const struct word_text *word);
/* The words of a text, in order. */
void words_of(const char *text, word_fn *each, void *arg);
/* A phone number's one word, if it has digits. False: it has none. */
bool word_of_phone(const char *text, struct word_text *out);
/* The same number without its country; n 0: it says none. */
void word_without_country(const char *text, struct word_text *out);
/* Whether somebody types a number: nothing but digits and what stands between them, and at least 4 digits. */
bool is_phone_typed(const char *text);
enum word_kind word_kind_of(const uint32_t *chars, size_t n);
/* Characters of a word of the dictionary. */
size_t word_chars(const char *bytes, size_t size, uint32_t chars[SEARCH_WORD_MAX]);

/* --- dictionary.c --- */

/* Tags are words too: their number + 1 stands in front of their value. No letter is as small. */
struct word {
    char *text; /* with a NUL */
    struct list docs;
    uint32_t hash;
    uint8_t size;
};

/* The letters of a word and how many: a word that is few edits away has nearly the same. */
struct letters {
    uint32_t mask, word;
};

struct dictionary {
    struct word *words;
    uint32_t n_words, words_room;
    uint32_t *slots; /* word + 1 */
    uint32_t n_slots;
    uint64_t *gram_keys; /* 0: empty */
    struct list *grams;
    uint32_t n_grams, grams_room;
    struct letters *letters;
    uint32_t n_letters, letters_room;
    char *chunk; /* texts are cut from it; its first bytes lead to the one before */
    size_t chunk_left, chunk_bytes;
    uint32_t n_dead; /* words of no record */
};

enum { NO_WORD = UINT32_MAX };

void dictionary_init(struct dictionary *d);
void dictionary_release(struct dictionary *d);
uint32_t dictionary_find(const struct dictionary *d, const char *bytes, size_t size);
/* Found, or entered. */
uint32_t dictionary_enter(struct dictionary *d, const struct word_text *w);
/* NULL: no word has it. */
const struct list *dictionary_gram(const struct dictionary *d, uint64_t key);
size_t dictionary_bytes(const struct dictionary *d);

/* Grams by which a word is found; how many. */
enum { GRAMS_MAX = 2 * SEARCH_WORD_MAX + 2 };
size_t grams_of(const struct word_text *w, uint64_t out[GRAMS_MAX]);
/* Those that every word has in which this was typed; 0: nothing is looked up by so little. `*all`: whatever
   has them begins with it. */
size_t grams_typed(const struct word_text *w, uint64_t out[GRAMS_MAX], bool *all);

uint32_t letters_mask(const uint32_t *chars, size_t n);

/* --- match.c, typo.c --- */

enum { QUALITY_TYPO = 1, QUALITY_INFIX, QUALITY_PREFIX, QUALITY_EXACT };

struct match {
    uint32_t word;
    uint8_t quality;
};

/* A typed word and the words it matches. */
struct term {
    struct word_text text, other; /* other: of a phone number without its country; n 0: none */
    bool is_last;
    struct match *matches;
    size_t n, room;
    uint64_t records; /* that the matches lead to, some more than once */
    uint8_t best;     /* the best quality there is; 0: it matches nothing */
};

void term_add(struct term *t, uint32_t word, uint8_t quality);
void term_match(const struct dictionary *d, struct term *t);
void term_match_typos(const struct dictionary *d, struct term *t);
void term_release(struct term *t);
/* Edits between them, or `most` + 1; with `open` to the nearest beginning of `b`. */
unsigned typo_distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m, unsigned most, bool open);
/* Whether it is a word of letters alone: another number is another thing. */
bool typo_may_be(const struct word_text *w);
/* How many edits a typed word may be away; 0: none. */
unsigned typo_most(const struct word_text *w);

/* --- search.c --- */

struct doc {
    uint8_t id[IDENT_SIZE];
    int64_t created_us, updated_us;
    uint32_t at;    /* in `lists` */
    uint8_t n;      /* words */
    uint8_t n_open; /* the first of them; those behind are of closed fields alone */
    bool is_gone;
};

struct search {
    struct dictionary dictionary;
    struct doc *docs;
    uint32_t n_docs, docs_room, n_gone;
    uint32_t *ids; /* doc + 1, by id */
    uint32_t n_ids;
    uint32_t *lists; /* words of each doc */
    uint32_t n_lists, lists_room, lists_lost;
    uint32_t *marks; /* of each word, while a query runs: four bits a term; zero between queries */
    uint32_t marks_room;
    uint64_t *seen; /* a bit a doc; zero between queries */
    uint32_t seen_room;
};

/* The word a tag is kept as. */
void tag_word(struct word_text *w, const struct search_tag *tag);
/* Room for `n`, some more than are asked for. */
void *grown(void *of, uint32_t *room, uint32_t n, size_t size);

#endif
