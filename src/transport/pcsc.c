/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/pcsc.h"

#include <dirent.h>
#include <pthread.h>
#include <reader.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <winscard.h>

#include "base/gate.h"
#include "base/log.h"

#define STATUS_WORD 2u
#define ANSWER_MAX (65536 + STATUS_WORD)
/* The client library takes a lock of the process to look up what it is given, and holds it no
 * longer than that while it waits for the daemon. */
#define SETTLE_MS 20
/* And takes it again each time that it asks for a card which another program holds. */
#define ASKS_AGAIN_MS 100
/* The daemon looks into its readers every 0.4 s, later on a machine that is busy: until then a card
 * that was pulled, or is being reset, is there for it and only doesn't answer. */
#define NOTICE_MS 3000

struct pcsc {
    struct bk_transport base;
    SCARDCONTEXT context;
    SCARDHANDLE card;
    bool connected;
    bool held;
    bool renewed; /* another connection than before, or a reset nobody was told of yet: the next
                     call says so */
    bool answers; /* it has, since it was connected to or got its power anew */
    DWORD protocol;
    char reader[BK_READER_NAME_MAX];
    uint8_t *answer;
};

static enum bk_err pcsc_error(LONG rv)
{
    switch (rv) {
    case SCARD_S_SUCCESS:
        return BK_OK;
    case SCARD_W_RESET_CARD:
        return BK_ERESET;
    case SCARD_W_REMOVED_CARD:
    case SCARD_E_NO_SMARTCARD:
    case SCARD_E_READER_UNAVAILABLE:
    case SCARD_E_UNKNOWN_READER:
    case SCARD_E_INVALID_VALUE: /* so pcscd says of a handle whose reader is gone */
        return BK_EREMOVED;
    case SCARD_E_SHARING_VIOLATION:
        return BK_EBUSY;
    case SCARD_E_TIMEOUT:
        return BK_ETIMEOUT;
    case SCARD_E_NO_MEMORY:
        return BK_ENOMEM;
    default:
        bk_log(BK_LOG_INFO, "pcsc: error %lx", (unsigned long)rv);
        return BK_EIO;
    }
}

/* The daemon was stopped or started again: our handles mean nothing to it. */
static bool daemon_lost(LONG rv)
{
    return rv == SCARD_E_NO_SERVICE || rv == SCARD_E_SERVICE_STOPPED ||
           rv == SCARD_E_INVALID_HANDLE || rv == SCARD_F_COMM_ERROR || rv == SCARD_E_COMM_DATA_LOST;
}

static void disconnect(struct pcsc *p, DWORD disposition)
{
    if (p->connected) {
        (void)SCardDisconnect(p->card, disposition);
        (void)SCardReleaseContext(p->context);
    }
    p->connected = false;
    p->held = false;
}

/* While another program holds the card, this waits for the daemon, */
static LONG connect_once(struct pcsc *p)
{
    bk_gate_rest(SETTLE_MS);
    LONG rv = SCardConnect(p->context, p->reader, SCARD_SHARE_SHARED,
                           SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &p->card, &p->protocol);
    bk_gate_go_on();
    return rv;
}

/* and these within the client library, as do pcsc_begin and pcsc_transmit. */
static LONG get_status(struct pcsc *p, DWORD *len)
{
    DWORD state = 0, protocol = 0;
    bk_gate_rest_asking(SETTLE_MS, ASKS_AGAIN_MS);
    LONG rv = SCardStatus(p->card, NULL, NULL, &state, &protocol, p->base.atr, len);
    bk_gate_go_on();
    return rv;
}

static LONG reconnect(struct pcsc *p, DWORD initialization)
{
    bk_gate_rest_asking(SETTLE_MS, ASKS_AGAIN_MS);
    LONG rv = SCardReconnect(p->card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                             initialization, &p->protocol);
    bk_gate_go_on();
    return rv;
}

/* With a card that is being reset, from the first nap on. */
struct patience {
    unsigned naps;
    int64_t since_ms;
};

static int64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void rest_for(const struct timespec *nap)
{
    bk_gate_rest(0);
    (void)nanosleep(nap, NULL);
    bk_gate_go_on();
}

/* Sleeps longer each time, 0.2 ms to 2 ms. False when the patience is used up. */
static bool back_off(struct patience *p)
{
    long us = p->naps < 4 ? 200L << p->naps : 2000L;
    struct timespec nap = {.tv_nsec = us * 1000};
    if (!p->naps++)
        p->since_ms = now_ms();
    rest_for(&nap);
    return now_ms() - p->since_ms < NOTICE_MS;
}

/* A card that another program resets just now has no protocol, or no power, for a moment. */
static bool in_reset(LONG rv)
{
    return rv == SCARD_E_PROTO_MISMATCH || rv == SCARD_W_UNPOWERED_CARD ||
           rv == SCARD_W_UNRESPONSIVE_CARD;
}

static LONG connect_card(struct pcsc *p)
{
    struct patience patience = {0};
    LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &p->context);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    for (;;) {
        rv = connect_once(p);
        if (!in_reset(rv) || !back_off(&patience))
            break;
    }
    if (rv != SCARD_S_SUCCESS) {
        (void)SCardReleaseContext(p->context);
        return rv;
    }
    p->connected = true;
    p->answers = false;
    DWORD len = sizeof p->base.atr;
    rv = get_status(p, &len);
    p->base.atr_len = rv == SCARD_S_SUCCESS ? len : 0;
    return SCARD_S_SUCCESS;
}

/* Whether the card has been pulled, as the daemon knows as soon as it looks: SCARD_W_REMOVED_CARD,
 * or the error of a daemon that is gone itself, or else rv. */
static LONG look_closer(struct pcsc *p, LONG rv)
{
    SCARD_READERSTATE state = {.szReader = p->reader};
    LONG seen = SCardGetStatusChange(p->context, 0, &state, 1);
    if (seen == SCARD_S_SUCCESS && rv == SCARD_E_NOT_TRANSACTED &&
        (state.dwEventState & SCARD_STATE_PRESENT)) {
        state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
        bk_gate_rest(SETTLE_MS);
        seen = SCardGetStatusChange(p->context, NOTICE_MS, &state, 1);
        bk_gate_go_on();
    }
    if (daemon_lost(seen))
        return seen;
    return seen == SCARD_S_SUCCESS && !(state.dwEventState & SCARD_STATE_PRESENT)
               ? SCARD_W_REMOVED_CARD
               : rv;
}

/* After a reset by somebody else, or a restart of the daemon: the same reader again. A card that
 * stays in its reader and doesn't answer any more lost its power for a moment: it gets it anew,
 * once. One that never answered may be somebody else's, who would lose what he has done on it. A
 * card that is held stays so until it is let go of, but on a new connection. */
static enum bk_err recover(struct pcsc *p, LONG rv)
{
    struct patience patience = {0};
    while (rv == SCARD_W_RESET_CARD) {
        rv = reconnect(p, SCARD_LEAVE_CARD);
        if (rv == SCARD_S_SUCCESS)
            return BK_ERESET;
        if (in_reset(rv) && back_off(&patience))
            rv = SCARD_W_RESET_CARD;
    }
    if (!daemon_lost(rv) && pcsc_error(rv) == BK_EIO)
        rv = look_closer(p, rv);
    if (rv == SCARD_E_NOT_TRANSACTED && p->answers &&
        reconnect(p, SCARD_UNPOWER_CARD) == SCARD_S_SUCCESS) {
        p->answers = false;
        return BK_ERESET;
    }
    /* a connection that isn't got back to is no better than none */
    if (!daemon_lost(rv) && !in_reset(rv))
        return pcsc_error(rv);
    disconnect(p, SCARD_LEAVE_CARD);
    rv = connect_card(p);
    bk_log(BK_LOG_INFO, "pcsc: connection lost, new one: %s", rv ? "no" : "yes");
    return rv == SCARD_S_SUCCESS ? BK_ERESET : BK_EREMOVED;
}

/*
 * The daemon, or the card's power, went while the command was with it. Most may be sent again. One
 * with a PIN, or another secret of a sequence, may not: the key may have carried it out, and that
 * costs tries.
 */
static enum bk_err lost_on_the_way(struct pcsc *p, LONG rv, bool sensitive)
{
    bool lost = daemon_lost(rv) || rv == SCARD_E_NOT_TRANSACTED;
    bool unsure = sensitive && p->held && lost;
    enum bk_err err = recover(p, rv);
    p->renewed = unsure && err == BK_ERESET;
    return p->renewed ? BK_EIO : err;
}

static bool take_renewed(struct pcsc *p)
{
    bool renewed = p->renewed;
    p->renewed = false;
    return renewed;
}

/*
 * While another program holds the card in a transaction, this and pcsc_begin wait within the client
 * library, which asks the daemon again and again: no call of PC/SC has a limit for that. Nor does
 * anything return while the daemon is stopped (SIGSTOP).
 */
static enum bk_err pcsc_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    struct pcsc *p = (struct pcsc *)t;
    const SCARD_IO_REQUEST *pci = p->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    bk_buf_clear(answer);
    if (!p->connected)
        return BK_EREMOVED;
    if (take_renewed(p))
        return BK_ERESET;
    DWORD got = ANSWER_MAX;
    bk_gate_rest_asking(SETTLE_MS, p->held ? 0 : ASKS_AGAIN_MS);
    LONG rv = SCardTransmit(p->card, pci, command, len, NULL, p->answer, &got);
    bk_gate_go_on();
    if (rv == SCARD_S_SUCCESS && got < STATUS_WORD)
        rv = SCARD_E_NOT_TRANSACTED; /* so some drivers say it */
    if (rv != SCARD_S_SUCCESS)
        return lost_on_the_way(p, rv, sensitive);
    p->answers = true;
    enum bk_err err = bk_buf_put(answer, p->answer, got);
    explicit_bzero(p->answer, got);
    return err;
}

static enum bk_err pcsc_begin(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    if (!p->connected)
        return BK_EREMOVED;
    if (take_renewed(p))
        return BK_ERESET;
    if (p->held) /* the daemon counts */
        return BK_OK;
    bk_gate_rest_asking(SETTLE_MS, ASKS_AGAIN_MS);
    LONG rv = SCardBeginTransaction(p->card);
    bk_gate_go_on();
    p->held = rv == SCARD_S_SUCCESS;
    return p->held ? BK_OK : recover(p, rv);
}

/* The daemon doesn't let go of a card for one who hasn't heard yet that it was reset, or pulled. */
static void pcsc_end(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    LONG rv = p->held ? SCardEndTransaction(p->card, SCARD_LEAVE_CARD) : SCARD_S_SUCCESS;
    if (rv == SCARD_W_RESET_CARD) {
        p->renewed = recover(p, rv) == BK_ERESET;
        if (p->held)
            (void)SCardEndTransaction(p->card, SCARD_LEAVE_CARD);
    } else if (rv == SCARD_W_REMOVED_CARD) {
        disconnect(p, SCARD_LEAVE_CARD);
    }
    p->held = false;
}

static enum bk_err pcsc_reset(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    if (!p->connected)
        return BK_EREMOVED;
    /* A reset within the transaction keeps others out until the log-in is gone. */
    LONG rv = reconnect(p, SCARD_RESET_CARD);
    enum bk_err err = rv == SCARD_S_SUCCESS ? BK_OK : recover(p, rv);
    pcsc_end(t);
    return err == BK_ERESET ? BK_OK : err;
}

static void pcsc_close(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    pcsc_end(t);
    disconnect(p, SCARD_LEAVE_CARD);
    free(p->answer);
    free(p);
}

/* A call that says at once that another program holds the card. A command of one who doesn't hold
 * it is waited for, within the daemon. */
static bool pcsc_went(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    DWORD len = 0;
    if (!p->connected)
        return true;
    bk_gate_rest(SETTLE_MS);
    LONG rv = SCardGetAttrib(p->card, SCARD_ATTR_ATR_STRING, NULL, &len);
    bk_gate_go_on();
    return pcsc_error(rv) == BK_EREMOVED;
}

static const struct bk_transport_ops pcsc_ops = {pcsc_transmit, pcsc_begin, pcsc_end,
                                                 pcsc_reset,    pcsc_close, pcsc_went};

enum bk_err bk_pcsc_open(const char *reader, struct bk_transport **t)
{
    size_t len = strlen(reader);
    if (len >= BK_READER_NAME_MAX)
        return BK_ELIMIT;
    struct pcsc *p = calloc(1, sizeof *p);
    if (!p)
        return BK_ENOMEM;
    p->base.ops = &pcsc_ops;
    memcpy(p->reader, reader, len + 1);
    p->answer = malloc(ANSWER_MAX);
    LONG rv = p->answer ? connect_card(p) : SCARD_E_NO_MEMORY;
    if (rv != SCARD_S_SUCCESS) {
        pcsc_close(&p->base);
        enum bk_err err = pcsc_error(rv);
        return err == BK_EREMOVED || daemon_lost(rv) ? BK_ENOKEY : err;
    }
    *t = &p->base;
    return BK_OK;
}

/* --- monitor
 * ------------------------------------------------------------------------------------*/

/* A context of pcsc-lite's is for one thread at a time: two that ask at once get each other's
 * answers, or none. SCardCancel alone may come from another. */
struct bk_pcsc_monitor {
    pthread_mutex_t lock;
    SCARDCONTEXT context;
    bool connected;
    bool asleep; /* somebody waits, or is about to */
    bool woken;  /* who waits, or does so next, is to return */
};

enum bk_err bk_pcsc_monitor_new(struct bk_pcsc_monitor **monitor)
{
    *monitor = calloc(1, sizeof **monitor);
    if (!*monitor)
        return BK_ENOMEM;
    (void)pthread_mutex_init(&(*monitor)->lock, NULL);
    return BK_OK;
}

static void monitor_drop(struct bk_pcsc_monitor *m)
{
    if (m->connected)
        (void)SCardReleaseContext(m->context);
    m->connected = false;
}

void bk_pcsc_monitor_free(struct bk_pcsc_monitor **monitor)
{
    if (!*monitor)
        return;
    monitor_drop(*monitor);
    (void)pthread_mutex_destroy(&(*monitor)->lock);
    free(*monitor);
    *monitor = NULL;
}

static bool monitor_connect(struct bk_pcsc_monitor *m)
{
    if (m->connected && SCardIsValidContext(m->context) != SCARD_S_SUCCESS)
        monitor_drop(m);
    if (!m->connected)
        m->connected =
            SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &m->context) == SCARD_S_SUCCESS;
    return m->connected;
}

static size_t list_names(struct bk_pcsc_monitor *m, struct bk_pcsc_reader list[BK_READERS_MAX])
{
    char names[BK_READERS_MAX * BK_READER_NAME_MAX] = {0};
    DWORD len = sizeof names - 2;
    size_t n = 0;
    LONG rv = SCardListReaders(m->context, NULL, names, &len);
    if (daemon_lost(rv))
        monitor_drop(m);
    if (rv != SCARD_S_SUCCESS)
        return 0;
    for (const char *at = names; *at && n < BK_READERS_MAX; at += strlen(at) + 1) {
        memset(&list[n], 0, sizeof list[n]);
        if (strlen(at) < BK_READER_NAME_MAX)
            memcpy(list[n++].name, at, strlen(at) + 1);
    }
    return n;
}

/* What makes a wait return at once where it isn't said: a card that is mute, a reader that doesn't
 * answer. */
#define WAITED_FOR                                                                                 \
    (SCARD_STATE_EMPTY | SCARD_STATE_PRESENT | SCARD_STATE_MUTE | SCARD_STATE_UNAVAILABLE)

/* What was plugged when, of one bus: 0 where the system doesn't tell. */
static uint64_t plugs_of(int usb, const char *bus)
{
    struct stat st;
    bool is = *bus >= '0' && *bus <= '9' && fstatat(usb, bus, &st, 0) == 0;
    return is ? (uint64_t)st.st_mtim.tv_sec * 1000000000 + (uint64_t)st.st_mtim.tv_nsec : 0;
}

/* The system makes a file of each device in the folder of its bus. */
static uint64_t usb_plugs(void)
{
    uint64_t plugs = 0;
    DIR *usb = opendir("/dev/bus/usb");
    for (const struct dirent *e; usb && (e = readdir(usb));)
        plugs += plugs_of(dirfd(usb), e->d_name);
    if (usb)
        (void)closedir(usb);
    return plugs;
}

/* False when the daemon went away under it. */
static bool look(struct bk_pcsc_monitor *m, struct bk_pcsc_reader list[BK_READERS_MAX],
                 size_t *count)
{
    SCARD_READERSTATE states[BK_READERS_MAX];
    memset(states, 0, sizeof states);
    *count = list_names(m, list);
    if (*count == 0)
        return m->connected;
    const uint64_t plugs = usb_plugs();
    for (size_t i = 0; i < *count; i++)
        states[i].szReader = list[i].name;
    LONG rv = SCardGetStatusChange(m->context, 0, states, (DWORD)*count);
    if (rv != SCARD_S_SUCCESS && rv != SCARD_E_TIMEOUT) {
        *count = 0;
        monitor_drop(m);
        return false;
    }
    for (size_t i = 0; i < *count; i++) {
        list[i].present = (states[i].dwEventState & SCARD_STATE_PRESENT) &&
                          !(states[i].dwEventState & SCARD_STATE_MUTE);
        list[i].state = states[i].dwEventState & WAITED_FOR;
        list[i].events = states[i].dwEventState >> 16;
        list[i].plugs = plugs;
    }
    return true;
}

enum bk_err bk_pcsc_readers(struct bk_pcsc_monitor *m, struct bk_pcsc_reader list[BK_READERS_MAX],
                            size_t *count)
{
    *count = 0;
    (void)pthread_mutex_lock(&m->lock);
    /* a connection from before the daemon's restart is found out by its failing, once */
    for (int i = 0; i < 2 && monitor_connect(m); i++)
        if (look(m, list, count))
            break;
    (void)pthread_mutex_unlock(&m->lock);
    return BK_OK;
}

/* BK_EBUSY: not now, since a wake came before. */
static enum bk_err fall_asleep(struct bk_pcsc_monitor *m, SCARDCONTEXT *context)
{
    enum bk_err err = BK_OK;
    (void)pthread_mutex_lock(&m->lock);
    if (m->woken)
        err = BK_EBUSY;
    else if (!monitor_connect(m))
        err = BK_ENOKEY;
    m->woken = false;
    m->asleep = err == BK_OK;
    *context = m->context;
    (void)pthread_mutex_unlock(&m->lock);
    return err;
}

static void wake_up(struct bk_pcsc_monitor *m)
{
    (void)pthread_mutex_lock(&m->lock);
    m->asleep = m->woken = false;
    (void)pthread_mutex_unlock(&m->lock);
}

enum bk_err bk_pcsc_wait(struct bk_pcsc_monitor *m, const struct bk_pcsc_reader *list, size_t count,
                         unsigned timeout_ms)
{
    SCARD_READERSTATE states[BK_READERS_MAX];
    memset(states, 0, sizeof states);
    if (count > BK_READERS_MAX)
        return BK_ELIMIT;
    SCARDCONTEXT context = 0;
    enum bk_err err = fall_asleep(m, &context);
    if (err)
        return err == BK_EBUSY ? BK_OK : err;
    for (size_t i = 0; i < count; i++) {
        states[i].szReader = list[i].name;
        states[i].dwCurrentState =
            (list[i].state ? list[i].state : SCARD_STATE_EMPTY) | list[i].events << 16;
    }
    /* a reader that comes or goes; none can come when there are as many as can be waited on */
    if (count < BK_READERS_MAX)
        states[count++].szReader = "\\\\?PnP?\\Notification";
    bk_gate_rest(SETTLE_MS);
    LONG rv = SCardGetStatusChange(context, timeout_ms, states, (DWORD)count);
    bk_gate_go_on();
    wake_up(m);
    if (rv == SCARD_S_SUCCESS || rv == SCARD_E_CANCELLED)
        return BK_OK;
    if (rv == SCARD_E_TIMEOUT)
        return BK_ETIMEOUT;
    if (rv == SCARD_E_UNKNOWN_READER || rv == SCARD_E_READER_UNAVAILABLE)
        return BK_OK; /* it has gone since it was listed */
    if (!daemon_lost(rv))
        return pcsc_error(rv);
    (void)pthread_mutex_lock(&m->lock);
    monitor_drop(m);
    (void)pthread_mutex_unlock(&m->lock);
    return BK_OK; /* and its readers with it: they are looked at anew */
}

bool bk_pcsc_is_there(struct bk_pcsc_monitor *m)
{
    (void)pthread_mutex_lock(&m->lock);
    bool there = monitor_connect(m);
    (void)pthread_mutex_unlock(&m->lock);
    return there;
}

const char *bk_pcsc_socket(void)
{
    const char *other = secure_getenv("PCSCLITE_CSOCK_NAME");
    return other ? other : "/run/pcscd/pcscd.comm";
}

/* The daemon forgets a cancel that comes before the wait has reached it: it is told until the one
 * who sleeps has seen it. */
void bk_pcsc_wake(struct bk_pcsc_monitor *m)
{
    struct timespec nap = {.tv_nsec = 1000000};
    (void)pthread_mutex_lock(&m->lock);
    m->woken = true;
    while (m->asleep && m->woken) {
        (void)SCardCancel(m->context);
        (void)pthread_mutex_unlock(&m->lock);
        rest_for(&nap);
        (void)pthread_mutex_lock(&m->lock);
    }
    (void)pthread_mutex_unlock(&m->lock);
}
