/* What world.c and bus.c share. */
#ifndef BATON_SIM_INTERNAL_H
#define BATON_SIM_INTERNAL_H

#include <setjmp.h>

#include "sim/world.h"

enum { TURNS_MAX = 4 };

struct message {
    uint32_t to, from;                /* ports; to 0: nobody */
    struct host *from_host, *to_host; /* to_host: of finished slow work */
    uint8_t *data;                    /* envelope and body, one behind the other */
    size_t envelope_size, body_size;
    struct slow_job *job;             /* finished slow work instead of a message */
    struct outbound_request *request; /* an exchange that ended instead of a message */
    struct outbound_result result;
    uint64_t life;  /* of to_host: its next one knows nothing of this */
    bool peer_lost; /* the peer went away, instead of a message */
    struct message *next;
};

enum event_kind { EVENT_MESSAGE, EVENT_ROUND, EVENT_CALL };
struct event {
    enum event_kind kind;
    int64_t at_us;
    uint64_t order;
    struct message *message;
    struct host *host;
    void (*fn)(void *arg);
    void *arg;
};

struct port {
    struct host *host;
    char service[32];
    bool bound, closed;
    uint32_t number;
    receive_fn *receive;
    lost_fn *lost;
    void *arg;
    struct port *next;
};

struct turn {
    turn_fn *run;
    void *arg;
};

struct host {
    struct world world; /* first */
    struct sim_world *w;
    const char *name;
    unsigned number;
    uint64_t random, rounds, life;
    int64_t clock_us;  /* how wrong its clock is */
    int64_t latest_us; /* what it showed before it went wrong: see host_latest_us */
    int64_t round_us;  /* of the next round; 0: none */
    int64_t busy_until_us, paused_until_us, wake_us;
    struct turn turns[TURNS_MAX];
    size_t n_turns;
    struct message *inbox, **inbox_end;
    size_t queue;
    unsigned idle_rounds;
    jmp_buf exit;
};

/* One way between two hosts. */
struct way {
    bool cut;
    uint64_t sent;
    int64_t last_us; /* when the newest message arrives */
};

struct sim_world {
    uint64_t seed, order;
    int64_t now_us;
    struct sim_hooks hooks;
    struct weather weather;
    struct host *hosts[SIM_HOSTS_MAX], *running;
    unsigned n_hosts;
    struct way ways[SIM_HOSTS_MAX][SIM_HOSTS_MAX];
    struct port *ports;
    uint32_t next_port;
    struct event *events;
    size_t n_events, events_room;
};

void event_add(struct sim_world *w, struct event e);
void round_at(struct host *h, int64_t at_us);

struct message *message_new(struct sim_world *w, size_t size);
void message_free(struct message *m);

/* bus.c: the world's ports */
struct port *port_bind(struct world *w, const char *service, receive_fn *receive, void *arg);
struct port *port_connect(struct world *w, const char *service, receive_fn *receive, lost_fn *lost,
                          void *arg);
bool port_send(struct port *p, const struct peer *to, struct bytes envelope, struct bytes body);
void port_close(struct port *p);
bool port_outbound(struct world *w, struct outbound_request *r);
/* NULL: closed or never there. */
struct port *port_numbered(struct sim_world *w, uint32_t number);

#endif
