/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <winscard.h>

#include "base/gate.h"
#include "transport/pcsc.h"
#include "transport/pcsc_rv.h"

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
    if (bk_pcsc_lost(rv))
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
    bk_gate_rest(BK_PCSC_SETTLE_MS);
    LONG rv = SCardGetStatusChange(context, timeout_ms, states, (DWORD)count);
    bk_gate_go_on();
    wake_up(m);
    if (rv == SCARD_S_SUCCESS || rv == SCARD_E_CANCELLED)
        return BK_OK;
    if (rv == SCARD_E_TIMEOUT)
        return BK_ETIMEOUT;
    if (rv == SCARD_E_UNKNOWN_READER || rv == SCARD_E_READER_UNAVAILABLE)
        return BK_OK; /* it has gone since it was listed */
    if (!bk_pcsc_lost(rv))
        return bk_pcsc_error(rv);
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
        bk_gate_rest(0);
        (void)nanosleep(&nap, NULL);
        bk_gate_go_on();
        (void)pthread_mutex_lock(&m->lock);
    }
    (void)pthread_mutex_unlock(&m->lock);
}
