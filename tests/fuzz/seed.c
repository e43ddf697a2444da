/* What the corpora begin with, made from the schema: fuzz-seed DIR writes DIR/NAME/... for each fuzzer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "baton/v1/bus.pb-c.h"
#include "bus/envelope.h"
#include "fuzz/fuzz.h"
#include "schema/internal.h"
#include "services/gateway/zip.h"
#include "tool/csv.h"

enum { MEMORY = 16 << 20, FILE_MAX = 1 << 20, VARIANTS_MAX = 24 };

static struct {
    const char *dir;
    unsigned n;
    struct buffer file;
} out;

static void begin(void)
{
    buffer_clear(&out.file);
}

static void add(struct bytes b)
{
    bool fits = buffer_add(&out.file, b.data, b.size);
    assert(fits);
}

static void add_u8(uint8_t v)
{
    add(bytes_of(&v, 1));
}

static void add_u16(uint16_t v)
{
    add_u8((uint8_t)(v >> 8));
    add_u8((uint8_t)v);
}

static void end(const char *fuzzer)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", out.dir, fuzzer);
    (void)mkdir(path, 0777); /* it may be there */
    snprintf(path, sizeof path, "%s/%s/seed-%04u", out.dir, fuzzer, out.n++);
    FILE *f = fopen(path, "wbe");
    if (f == NULL || fwrite(out.file.data, 1, out.file.size, f) != out.file.size || fclose(f) != 0) {
        perror(path);
        exit(1);
    }
}

/* --- a message with something in every field --- */

static char *text_for(const struct schema_field *f, unsigned variant, struct arena *a)
{
    static const char *const texts[] = {"Zo\xc3\xab", "a \"b\" \\ /\n", "ann@example.com", "+49 30 123456",
                                        "\xe6\x9e\x97"};
    const char *text = f->rules->reference ? "0191a3b4-0000-7000-8000-000000000001"
                                           : texts[(variant + f->pb->id) % (sizeof texts / sizeof *texts)];
    size_t limit = f->rules->has_max_length ? f->rules->max_length : SCHEMA_TEXT_MAX;
    return strlen(text) <= limit ? arena_strdup(a, text) : arena_strdup(a, "x");
}

static ProtobufCMessage *filled(const struct schema_message *m, unsigned variant, struct arena *a);

static void set_value(const struct schema_field *f, void *value, unsigned variant, struct arena *a)
{
    const ProtobufCEnumDescriptor *values = f->pb->descriptor;
    switch (f->pb->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)value = text_for(f, variant, a);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)value = (ProtobufCBinaryData){3, arena_copy(a, "\0\xff?", 3)};
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)value = values->values[variant % values->n_values].value;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)value = true;
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)value = filled(f->message, variant, a);
        break;
    default:
        schema_write_int(f, value, variant % 2 ? 1 : (int64_t)(schema_type_of(f)->largest / 2));
    }
}

/* Times have bounds of their own. */
static bool is_bounded(const struct schema_message *m, const struct schema_field *f)
{
    return schema_is_time(m) && schema_type_of(f)->is_whole;
}

static ProtobufCMessage *filled(const struct schema_message *m, unsigned variant, struct arena *a)
{
    ProtobufCMessage *message = arena_alloc(a, m->pb->sizeof_message);
    m->pb->message_init(message);
    for (unsigned i = 0; i < m->pb->n_fields; i++) {
        const struct schema_field *f = &m->fields[i];
        bool is_oneof = (f->pb->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (is_oneof && i % m->pb->n_fields != variant % m->pb->n_fields)
            continue;
        if (is_bounded(m, f)) {
            schema_write_int(f, schema_value(message, f, 0), 1772431200 / (i + 1) % 999999999);
        } else if (schema_is_repeated(f)) {
            size_t n = schema_items_limit(f) > 1 ? 2 : 1, size = schema_type_of(f)->size;
            char *values = arena_alloc(a, n * size);
            for (size_t k = 0; k < n; k++)
                set_value(f, values + k * size, variant + (unsigned)k, a);
            schema_set_values(message, f, values, n);
            continue;
        } else {
            set_value(f, schema_value(message, f, 0), variant, a);
        }
        schema_mark_present(message, f);
    }
    return message;
}

static unsigned variants_of(const struct schema_message *m)
{
    for (unsigned i = 0; i < m->pb->n_fields; i++)
        if (m->pb->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
            return m->pb->n_fields < VARIANTS_MAX ? m->pb->n_fields : VARIANTS_MAX;
    return 1;
}

static struct bytes json_of(const ProtobufCMessage *message, struct buffer *json)
{
    buffer_clear(json);
    bool fits = schema_to_json(message, SCHEMA_JSON_SECRETS, json);
    assert(fits);
    return buffer_bytes(json);
}

static void seed_type(const struct schema_message *m, unsigned variant, struct arena *a)
{
    struct buffer json;
    buffer_init(&json, FILE_MAX);
    arena_reset(a);
    const ProtobufCMessage *message = filled(m, variant, a);
    struct bytes wire = schema_pack(message, a);
    begin(), add_u16(type_tag(m)), add(wire), end("message");
    begin(), add_u16(type_tag(m)), add_u8(16), add(wire), end("scan");
    begin(), add_u16(type_tag(m)), add(json_of(message, &json)), end("json");
    if (m->pb == &baton__envelope__descriptor)
        begin(), add_u8(8), add(bytes_text("body")), add(wire), end("envelope");
    buffer_release(&json);
}

static void seed_types(struct arena *a)
{
    size_t n;
    const struct schema_message *const *types = types_all(&n);
    for (size_t i = 0; i < n; i++)
        for (unsigned variant = 0; variant < variants_of(types[i]); variant++)
            seed_type(types[i], variant, a);
}

/* --- questions, to the gateway and to services --- */

static void seed_request(const struct schema_method *m, const ProtobufCMessage *message, struct buffer *json,
                         struct arena *a)
{
    const char *path = arena_printf(a, "POST /baton.v1.%s HTTP/1.1\r\nAuthorization: Bearer t\r\n", m->name);
    begin(), add_u8(0), add(bytes_text(path)), add(bytes_text("Content-Type: application/json\r\n\r\n"));
    add(json_of(message, json)), end("http");
    begin(), add_u8(0), add(bytes_text(path)), add(bytes_text("Content-Type: application/proto\r\n\r\n"));
    add(schema_pack(message, a)), end("http");
}

static void seed_methods(struct arena *a)
{
    size_t n;
    uint8_t query = 0;
    struct buffer json;
    const struct schema_method *methods = schema_methods(&n);
    buffer_init(&json, FILE_MAX);
    for (size_t i = 0; i < n; i++) {
        arena_reset(a);
        const ProtobufCMessage *message = filled(methods[i].input, 0, a);
        seed_request(&methods[i], message, &json, a);
        if (!methods[i].no_side_effects)
            continue;
        for (uint8_t service = 0; service < 3; service++)
            begin(), add_u8(service), add_u8(0), add_u8(query), add_u8(1), add(json_of(message, &json)),
                end("service");
        begin(), add_u8(0), add_u8(0), add_u8(query++), add_u8(1);
        add(bytes_text("{\"type\":\"team\",\"id\":\"team\",\"pageSize\":1,\"pageToken\":\"3\"}")),
            end("service");
    }
    buffer_release(&json);
}

/* --- texts: a table of what each fuzzer reads --- */

#define BYTES(text) (text), sizeof(text) - 1

static const struct {
    const char *fuzzer, *data;
    size_t size;
} texts[] = {
    {"text", BYTES("2026-02-28T23:59:59.123456789+01:30\0"
                   "2024-02-29T00:00:00Z\0"
                   "2026-01-31")},
    {"text", BYTES("0191a3b4-0000-7000-8000-000000000001\0"
                   "00ffAA\0"
                   "Europe/Berlin\0"
                   "Asia/Taipei")},
    {"text", BYTES(" \xe3\x80\x80 Stra\xc3\x9f"
                   "e \xef\xac\x81 \xe2\x84\xab\t\0"
                   "ann.b+c@example.co.uk\0"
                   "+49 (30) 123-456")},
    {"head", BYTES("application/json; charset=utf-8\0"
                   "application/proto\0"
                   "json\0"
                   "gzip;q=0.5, br\0"
                   "identity")},
    {"head", BYTES("5000\0"
                   "0009223372036854775807\0"
                   "Bearer abc.def\0"
                   "203.0.113.9, 10.0.0.1\0"
                   "AQID_-8=")},
    {"head", BYTES("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\0"
                   "/thanks\0"
                   "https://example.com/a?b")},
    {"head", BYTES("https://baton.example\0"
                   "baton.example\0"
                   "https://baton.example/app\0"
                   "/baton.v1.LeadService/X\0"
                   "/forms/a")},
    {"http", BYTES("\0GET /healthz HTTP/1.1\r\n\r\n")},
    {"http", BYTES("\0GET /readyz HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n")},
    {"http", BYTES("\0GET /metrics HTTP/1.1\r\n\r\n")},
    {"http", BYTES("\0HEAD /schema.binpb HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n")},
    {"http", BYTES("\0GET /index.html HTTP/1.1\r\nIf-None-Match: \"x\"\r\n\r\n")},
    {"http",
     BYTES("\0GET /v1/stream?after=12 HTTP/1.1\r\nAuthorization: Bearer t\r\nLast-Event-ID: 7\r\n\r\n")},
    {"http",
     BYTES(
         "\0GET /v1/stream HTTP/1.1\r\nCookie: a=b; baton_session=t\r\nSec-Fetch-Site: same-origin\r\n\r\n")},
    {"http", BYTES("\0GET /baton.v1.SystemService/ListServices?encoding=json&message={} "
                   "HTTP/1.1\r\nAuthorization: Bearer t\r\n\r\n")},
    {"http",
     BYTES("\0GET /baton.v1.LeadService/ListLeads?connect=v1&encoding=proto&base64=1&message=CAE HTTP/1.1\r\n"
           "Authorization: Bearer t\r\ntraceparent: "
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n")},
    {"http",
     BYTES("\0POST /baton.v1.LeadService/CaptureLead HTTP/1.1\r\nCookie: baton_session=t\r\nOrigin: "
           "https://baton.example\r\n"
           "Connect-Protocol-Version: 1\r\nConnect-Timeout-Ms: 900\r\nContent-Type: application/json\r\n\r\n"
           "{\"requestId\":\"r\",\"lead\":{\"lastName\":\"Li\",\"annualRevenue\":\"12\"}}")},
    {"http",
     BYTES(
         "\1POST /baton.v1.DirectoryService/SignIn HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
         "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")},
    {"form", BYTES("\0email=ann%40example.com&name=Ann+B&x=&message=%E6%9E%97%ff")},
    {"form", BYTES("\1--limit\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.c\r\n--limit\r\n"
                   "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: "
                   "text/plain\r\n\r\nxyz\r\n--limit--\r\n")},
    {"form", BYTES("\2email\0ann@example.com\0name\0Ann & B = C\0text\0\xe6\x9e\x97%")},
    {"form", BYTES("\2email\0!ann\0<b>\0\"'&\0phone\0!\0")},
    {"form", BYTES("\xe0news\0<\"page\"?x=1")},
    {"form", BYTES("\3email\0ann@example.com\0name\0Ann & B = C\0text\0two\r\nlines\0")},
    {"csv", BYTES("\0\0Name,E-Mail,Umsatz,Land\nAnn,ann@example.com,1200,DE\n\"B, "
                  "C\",b@example.com,\"1,5\",\n\n\"two\nlines\",x,y\n")},
    {"csv", BYTES("\0\0sep=;\r\nfirst name;last name;id\r\nA;B;1\r\nC;D;2;3\r\n\"open;E;3\r\n")},
    {"csv", BYTES("\2\3a\tb\r1\tM\xfcller\r")},
    {"csv", BYTES("\0\0\xff\xfe"
                  "a\0,\0b\0\n\0"
                  "1\0,\0\xe9\0\n\0")},
    {"csv", BYTES("\5\1\xa9m\xa6W,\xa4\xbd\xa5q\n\xaaL,\xa4\xa4\xa4\xe5\n")},
    {"csv", BYTES("\0\4a|a|\n1|2|3\n")},
    {"card",
     BYTES("BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:M=FCller;J=F6rg;;Dr.\r\n"
           "TEL;CELL;PREF:1\r\nPHOTO;JPEG;BASE64:\r\n AAAA\r\n BBBB\r\n\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:b\r\n"
           "END:VCARD\r\nLABEL;WORK;ENCODING=QUOTED-PRINTABLE:a=0D=0A=\r\nb\r\nEND:VCARD\r\n")},
    {"card", BYTES("BEGIN:VCARD\nVERSION:3.0\nFN:Ada L\nN:L;Ada;King;;Jr.\nORG:Acme\\; "
                   "Inc.;Sales;Below\nitem1.URL:http\\:"
                   "//x\nitem1.X-ABLabel:blog\nEMAIL;TYPE=pref:a@x.example\nNOTE:long\n  "
                   "er\nBDAY:1980-03-22T00:00:00Z\n"
                   "KEY;ENCODING=b;TYPE=X509:AAAA\nEND:VCARD\n")},
    {"card",
     BYTES("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\r\nADR;TYPE=home;LABEL=\"a^nb\":;;s;c;;p;DE\r\nTEL;VALUE=uri;"
           "TYPE=\"voice,cell\";PREF=1:tel:+49-1\r\nPHOTO:data:image/png;base64,AAAA\r\nBDAY:--0203\r\n"
           "UID:urn:uuid:1\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:open\r\n")},
    {"token", BYTES("\0"
                    "0269642030"
                    "00")},
    {"token", BYTES("\1"
                    "010191a3b40000700080000000"
                    "00000001")},
    {"token", BYTES("\2"
                    "0275310002696420"
                    "3400")},
    {"token", BYTES("\5"
                    "02753200"
                    "00000000000000c8"
                    "0000000000000002")},
    {"key",
     BYTES("\x64"
           "0191a3b4-0000-7000-8000-000000000001\0ab\0\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\6plain\0\xc3\xa4\0")},
    {"key", BYTES("\x02"
                  "ab\0"
                  "a\0"
                  "\0\0\0\0\0\0\0\1"
                  "\0\0\0\0\0\0\1\0"
                  "\xff\xff\xff\xff\xff\xff\xff\xff"
                  "\0\0\0\0\0\0\0\0")},
    {"follow", BYTES("\0\0\0\3\0\0\6\1\0\3\3\0\3\6\1")},
    {"follow", BYTES("\3\0\1\5\0\1\6\1\1\0\6\1\0\0\0\2")},
    {"follow", BYTES("\0\x11\0\4\x0a\2no\1\x10\0\0\0")},
    {"service", BYTES("\0\x0c\x10\0\1\x08\x10")},
    {"service", BYTES("\1\x0c\xff\xff\2\x08\x01")},
    {"service", BYTES("\0\4\1\0\1\2\x28\1")},
};

static void seed_texts(void)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        begin(), add(bytes_of(texts[i].data, texts[i].size)), end(texts[i].fuzzer);
}

/* More columns than are taken, in the header and in a row. */
static void seed_wide(void)
{
    for (unsigned header = 0; header < 2; header++) {
        begin(), add_u8(0), add_u8(1);
        for (unsigned i = 0; header && i <= CSV_COLUMNS_MAX; i++)
            add(bytes_text("a,"));
        add(bytes_text("a,b\n"));
        for (unsigned i = 0; i <= CSV_COLUMNS_MAX; i++)
            add(bytes_text(","));
        add(bytes_text("c\n")), end("csv");
    }
}

static void seed_packed(void)
{
    struct zip *zip = zip_new();
    struct buffer packed;
    buffer_init(&packed, FILE_MAX);
    bool fits = zip_pack(zip, schema_descriptor_set(), &packed);
    assert(fits);
    begin(), add(buffer_bytes(&packed)), end("gzip");
    buffer_clear(&packed);
    fits = zip_pack(zip, bytes_text("{\"lead\":{}}"), &packed);
    assert(fits);
    begin(), add(buffer_bytes(&packed)), end("gzip");
    buffer_release(&packed);
    zip_free(zip);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: fuzz-seed DIR\n");
        return 2;
    }
    out.dir = argv[1];
    (void)mkdir(out.dir, 0777); /* it may be there */
    buffer_init(&out.file, FILE_MAX);
    (void)LLVMFuzzerInitialize(&argc, &argv); /* always 0 */
    struct arena *a = fuzz_arena(MEMORY);
    seed_types(a);
    seed_methods(a);
    seed_texts();
    seed_wide();
    seed_packed();
    buffer_release(&out.file);
    return 0;
}
