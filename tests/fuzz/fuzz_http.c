/* Requests as they come in: whatever they are, the gateway answers in HTTP, hands on only what its services
   can read, and its JSON is JSON. Input: how, then a head and a body (the length between them is put right),
   or the bytes of a whole connection. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/gateway.h"

enum { RAW = 1, PATIENCE_MS = 4 }; /* streams have no end */
static const char END[] = "\r\n\r\n";

static const char *find(struct bytes in, const char *text)
{
    return in.size > 0 ? memmem(in.data, in.size, text, strlen(text)) : NULL;
}

/* Head with its last line's end, and the body behind it. */
static char *split(struct bytes in, struct bytes *body)
{
    const char *end = find(in, END);
    size_t n = end != NULL ? (size_t)(end - (const char *)in.data) + 2 : in.size;
    *body = end != NULL ? bytes_of(in.data + n + 2, in.size - n - 2) : bytes_of(NULL, 0);
    return strndup(in.size > 0 ? (const char *)in.data : "", n);
}

static void check_json(struct bytes answer)
{
    const char *body = find(answer, END);
    if (body == NULL)
        return;
    struct bytes head = bytes_of(answer.data, (size_t)(body - (const char *)answer.data));
    size_t size = answer.size - head.size - strlen(END);
    if (size == 0 || find(head, "Content-Type: application/json\r\n") == NULL ||
        find(head, "Content-Encoding: gzip") != NULL)
        return;
    json_t *json = json_loadb(body + strlen(END), size, JSON_REJECT_DUPLICATES, NULL);
    assert(json != NULL);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct buffer request;
    struct bytes body;
    if (input_u8(&in) & RAW) {
        (void)gate_status(gate_talk(input_rest(&in), PATIENCE_MS, NULL));
        return 0;
    }
    char *head = split(input_rest(&in), &body);
    struct bytes answer = gate_talk(gate_request(head, body, &request), PATIENCE_MS, NULL);
    if (gate_status(answer) == 200)
        check_json(answer);
    free(head);
    buffer_release(&request);
    return 0;
}
