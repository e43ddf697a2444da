/* mosquitto with subscribers at QoS 0, in as much of MQTT 3.1.1 as that takes. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fanout.h"

enum {
    CONNECT = 0x10,
    PUBLISH = 0x30,
    SUBSCRIBE = 0x82,
    PACKET_MIN = 200,
    PACKET_MAX = 2048,
    HEAD = 5, /* of a packet with a payload: kind, length, length of the topic */
    PATIENCE_US = 10000000,
    AGAIN_MS = 5,
};

static const char topic[] = "baton/fanout";

/* --- packets --- */

static size_t put_text(uint8_t *at, const char *text)
{
    size_t n = strlen(text);
    put_be16(at, (uint16_t)n);
    memcpy(at + 2, text, n);
    return n + 2;
}

/* A packet of less than 16 KiB: its kind, its length in two digits, its content. */
static size_t put_packet(uint8_t *at, uint8_t kind, const uint8_t *content, size_t n)
{
    at[0] = kind;
    at[1] = (uint8_t)(n % 128 | 128);
    at[2] = (uint8_t)(n / 128);
    memcpy(at + 3, content, n);
    return n + 3;
}

static size_t put_connect(uint8_t *at, const char *client)
{
    static const uint8_t head[] = {0, 4, 'M', 'Q', 'T', 'T', 4, 2 /* a clean session */,
                                   0, 0 /* no keep-alive */};
    uint8_t content[PACKET_MAX];
    memcpy(content, head, sizeof head);
    return put_packet(at, CONNECT, content, sizeof head + put_text(content + sizeof head, client));
}

static size_t put_subscribe(uint8_t *at)
{
    uint8_t content[PACKET_MAX] = {0, 1};
    size_t n = 2 + put_text(content + 2, topic);
    content[n++] = 0; /* QoS 0 */
    return put_packet(at, SUBSCRIBE, content, n);
}

static size_t put_publish(uint8_t *at, const char *payload, size_t size)
{
    uint8_t content[PACKET_MAX];
    size_t n = put_text(content, topic);
    memcpy(content + n, payload, size);
    return put_packet(at, PUBLISH, content, n + size);
}

/* --- the broker --- */

static void more_subscribers(struct side *s, size_t upto)
{
    uint8_t hello[2 * PACKET_MAX];
    char client[32];
    for (size_t i = s->n; i < upto; i++) {
        snprintf(client, sizeof client, "ear%zu", i);
        size_t n = put_connect(hello, client);
        n += put_subscribe(hello + n);
        (void)ears_add(s->ears, bytes_of(hello, n), 0); /* they are numbered as they come */
    }
}

static void publish(struct side *s, const char *mark)
{
    uint8_t packet[PACKET_MAX];
    char payload[PACKET_MAX];
    size_t size = s->packet_bytes - HEAD - strlen(topic);
    memset(payload, '.', size);
    memcpy(payload + size / 2, mark, strlen(mark));
    size_t n = put_publish(packet, payload, size);
    if (send(s->publisher, packet, n, MSG_NOSIGNAL) != (ssize_t)n)
        drive_die("cannot publish: %s", strerror(errno));
}

/* -1: nobody listens. */
static int connect_to(unsigned short port)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void start(struct side *s, const char *dir, unsigned short port)
{
    char conf[4096], log[4096];
    (void)mkdir(dir, 0700); /* if it is there, all the better */
    snprintf(conf, sizeof conf, "%s/mosquitto.conf", dir);
    snprintf(log, sizeof log, "%s/mosquitto.log", dir);
    FILE *f = fopen(conf, "we");
    if (!f ||
        fprintf(f,
                "listener %hu 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\n"
                "log_dest stderr\nlog_type error\nlog_type warning\n",
                port) < 0 ||
        fclose(f) != 0)
        drive_die("cannot write %s", conf);
    s->pid = drive_spawn((const char *[]){"/usr/sbin/mosquitto", "-c", conf, NULL}, log);
}

void broker_open(struct side *s, const char *data, size_t packet_bytes)
{
    static const uint8_t subscribed[] = {0x90, 3, 0, 1, 0};
    char dir[4000];
    uint8_t hello[PACKET_MAX];
    unsigned short port = drive_free_port();
    if (packet_bytes < PACKET_MIN || packet_bytes > PACKET_MAX / 2)
        drive_die("an event of %zu bytes", packet_bytes);
    *s = (struct side){.name = "mosquitto",
                       .more = more_subscribers,
                       .say = publish,
                       .publisher = -1,
                       .packet_bytes = packet_bytes,
                       .ready = bytes_of(subscribed, sizeof subscribed)};
    snprintf(dir, sizeof dir, "%s-mosquitto", data);
    start(s, dir, port);
    for (int64_t end = drive_now_us() + PATIENCE_US; (s->publisher = connect_to(port)) < 0;
         drive_wait_ms(AGAIN_MS))
        if (drive_now_us() > end)
            drive_die("mosquitto does not start (apt-get install mosquitto)");
    size_t n = put_connect(hello, "bench");
    if (send(s->publisher, hello, n, MSG_NOSIGNAL) != (ssize_t)n)
        drive_die("cannot greet mosquitto: %s", strerror(errno));
    s->ears = ears_new(port);
}

void broker_close(struct side *s)
{
    ears_free(s->ears);
    close(s->publisher);
    drive_end(s->pid);
}
