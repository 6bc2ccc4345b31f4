/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/slot.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/gate.h"
#include "base/log.h"
#include "pkcs11/object.h"
#include "pkcs11/session.h"
#include "pkcs11/watch.h"
#include "token/unlock.h"

#define CAP_RSA 0x00010000u
#define CAP_SM2 0x0002ff00u
/* A card that takes so long to say nothing isn't asked by each call: it may be anybody's, and a key
 * that only was out of order is there again after a while, or when it is plugged in anew. */
#define DEAF_MS 2000
#define LEFT_ALONE_MS 60000
/* Who looks which keys there are isn't kept from the others by one that another program holds. */
#define LOOK_MS 5000
#define HELD_LOOK_MS 1000
#define HELD_WAIT_MS 5000 /* of a card that was held nobody tells that it is let go of */
#define WAIT_MS 60000     /* then the readers are looked at anew: a daemon may have forgotten us */

struct bk_port *bk_port_find(struct bk_module *m, CK_SLOT_ID slot, unsigned *which)
{
    struct bk_port *port = NULL;
    (void)pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < m->port_count && !port; i++)
        if (m->ports[i]->slot == slot - slot % 2 && (slot % 2 == BK_SLOT_RSA || m->sm2_slots))
            port = m->ports[i];
    (void)pthread_mutex_unlock(&m->lock);
    *which = (unsigned)(slot % 2);
    return port;
}

bool bk_port_is(struct bk_module *m, const struct bk_port *port, CK_SLOT_ID slot)
{
    (void)pthread_mutex_lock(&m->lock);
    bool is = port->slot == slot - slot % 2;
    (void)pthread_mutex_unlock(&m->lock);
    return is;
}

void bk_port_lock(struct bk_port *port)
{
    if (pthread_mutex_trylock(&port->lock) == 0)
        return;
    bk_gate_rest(0);
    (void)pthread_mutex_lock(&port->lock);
    bk_gate_go_on();
}

/* --- coming and going
 * ---------------------------------------------------------------------------*/

void bk_port_drop_locked(struct bk_port *port)
{
    bk_objects_free(port);
    bk_token_free(&port->token);
    port->unlock = 0;
    port->foreign = port->doubted = false;
    port->deaf_ms = 0;
    atomic_store(&port->held, false);
    atomic_store(&port->has_token[0], false);
    atomic_store(&port->has_token[1], false);
}

void bk_port_give_up(struct bk_module *m, struct bk_port *port)
{
    bk_port_drop_locked(port);
    port->doubted = true;
    atomic_store(&port->held, true);
    bk_readers_wake(m->readers);
}

/* Under the port's lock: a session opened on a key that is put back meanwhile isn't one of these.
 */
void bk_port_removed(struct bk_module *m, struct bk_port *port)
{
    (void)pthread_mutex_lock(&m->lock);
    port->event[0] = port->event[1] = true;
    bk_sessions_close_locked(m, port, BK_SLOT_RSA);
    bk_sessions_close_locked(m, port, BK_SLOT_SM2);
    (void)pthread_mutex_unlock(&m->lock);
    bk_readers_wake(m->readers);
}

void bk_port_changed(struct bk_module *m, struct bk_port *port)
{
    (void)pthread_mutex_lock(&m->lock);
    port->event[0] = port->event[1] = true;
    (void)pthread_mutex_unlock(&m->lock);
    bk_readers_wake(m->readers);
}

static bool is_left_alone(const struct bk_port *port)
{
    return port->deaf_ms && bk_clock_ms() - port->deaf_ms < LEFT_ALONE_MS;
}

static enum bk_err attach(struct bk_module *m, struct bk_port *port, unsigned at_most_ms)
{
    (void)pthread_mutex_lock(&m->lock);
    struct bk_reader reader = port->reader;
    bool present = port->there && reader.present;
    (void)pthread_mutex_unlock(&m->lock);
    reader.at_most_ms = at_most_ms;
    if (port->token)
        return BK_OK;
    if (!present)
        return BK_ENOKEY;
    if (port->foreign && port->token_events == reader.events)
        return BK_EUNKNOWN_KEY;
    if (is_left_alone(port) && port->token_events == reader.events)
        return BK_EIO;
    int64_t from = bk_clock_ms();
    enum bk_err err = bk_reader_open(m->readers, &reader, &port->token);
    int64_t now = bk_clock_ms();
    bool doubted = port->doubted;
    port->token_events = reader.events;
    port->doubted = err == BK_EBUSY;
    if (err == BK_EBUSY && !atomic_exchange(&port->held, true))
        bk_readers_wake(m->readers); /* who waits for events looks at it from now on */
    else if (err != BK_EBUSY)
        atomic_store(&port->held, false);
    port->foreign = err == BK_EUNKNOWN_KEY;
    port->deaf_ms = err == BK_EIO && now - from >= DEAF_MS ? now : 0;
    if (err)
        return err == BK_EREMOVED ? BK_ENOKEY : err;
    if (doubted) /* it came without the daemon's telling */
        bk_port_changed(m, port);
    uint32_t caps = port->token->card->info.asym_caps;
    port->can[BK_SLOT_RSA] = caps == 0 || (caps & CAP_RSA);
    port->can[BK_SLOT_SM2] = caps == 0 || (caps & CAP_SM2);
    port->objects_at = 0;
    atomic_store(&port->has_token[0], port->can[0]);
    atomic_store(&port->has_token[1], port->can[1]);
    return BK_OK;
}

enum bk_err bk_port_attach(struct bk_module *m, struct bk_port *port)
{
    return attach(m, port, 0);
}

/* For a reader whose name isn't in the table. */
static void settle_locked(struct bk_module *m, struct bk_port *port, const struct bk_reader *reader)
{
    port->reader = *reader;
    port->slot = m->next_slot;
    port->there = true;
    port->seen = m->listed;
    port->event[0] = port->event[1] = false;
    m->next_slot += 2;
}

static CK_RV add_locked(struct bk_module *m, const struct bk_reader *reader)
{
    struct bk_port *port = calloc(1, sizeof *port);
    if (!port)
        return CKR_HOST_MEMORY;
    (void)pthread_mutex_init(&port->lock, NULL);
    settle_locked(m, port, reader);
    m->ports[m->port_count++] = port;
    return CKR_OK;
}

/* What a list tells of a reader that was in the table before. */
enum { NOTHING, PLUGGED, CHANGED };

/* A reader keeps its place in the table, and its slots, by its name. */
static bool keep_locked(struct bk_module *m, const struct bk_reader *reader, unsigned char *news)
{
    for (size_t i = 0; i < m->port_count; i++) {
        struct bk_port *port = m->ports[i];
        if (strcmp(port->reader.name, reader->name) != 0)
            continue;
        news[i] = port->reader.events != reader->events ? CHANGED
                  : port->reader.plugs != reader->plugs ? PLUGGED
                                                        : NOTHING;
        port->reader = *reader;
        port->there = true;
        port->seen = m->listed;
        return true;
    }
    return false;
}

/* Nobody is at it, which its lock tells, and nothing of its key is left. */
static bool is_idle_locked(struct bk_port *port)
{
    if (port->there || port->sessions[0] + port->sessions[1] ||
        pthread_mutex_trylock(&port->lock) != 0)
        return false;
    bool idle = !port->token && !port->unlock && !port->watched;
    (void)pthread_mutex_unlock(&port->lock);
    return idle;
}

/* The system puts a key's serial number into its reader's name: where keys come and go there are
 * ever new ones. */
static void replace_locked(struct bk_module *m, const struct bk_reader *reader)
{
    struct bk_port *oldest = NULL;
    for (size_t i = 0; i < m->port_count; i++)
        if ((!oldest || m->ports[i]->seen < oldest->seen) && is_idle_locked(m->ports[i]))
            oldest = m->ports[i];
    /* who waits for its lock looks at its number then (bk_port_is) */
    if (oldest && pthread_mutex_trylock(&oldest->lock) == 0) {
        oldest->foreign = oldest->doubted = false;
        oldest->deaf_ms = 0;
        atomic_store(&oldest->held, false);
        settle_locked(m, oldest, reader);
        (void)pthread_mutex_unlock(&oldest->lock);
    } else {
        bk_log(BK_LOG_WARN, "no slot is left for the reader \"%s\"", reader->name);
    }
}

/* All that are in the table before any that isn't. */
static CK_RV place_locked(struct bk_module *m, const struct bk_reader *list, size_t count,
                          unsigned char *news)
{
    CK_RV rv = CKR_OK;
    bool known[BK_READER_MAX];
    for (size_t i = 0; i < count; i++)
        known[i] = keep_locked(m, &list[i], news);
    for (size_t i = 0; i < count && rv == CKR_OK; i++) {
        if (known[i])
            continue;
        if (m->port_count < BK_PORTS)
            rv = add_locked(m, &list[i]);
        else
            replace_locked(m, &list[i]);
    }
    return rv;
}

/* A list that was asked for before one that is already in the table says nothing new. */
static CK_RV update_table(struct bk_module *m, const struct bk_reader *list, size_t count,
                          unsigned long asked, unsigned char news[BK_PORTS])
{
    CK_RV rv = CKR_OK;
    bool was[BK_PORTS] = {false}, event = false;
    (void)pthread_mutex_lock(&m->lock);
    if (asked < m->listed) {
        (void)pthread_mutex_unlock(&m->lock);
        return CKR_OK;
    }
    m->listed = asked;
    for (size_t i = 0; i < m->port_count; i++) {
        was[i] = m->ports[i]->there && m->ports[i]->reader.present;
        m->ports[i]->there = false;
    }
    rv = place_locked(m, list, count, news);
    for (size_t i = 0; i < m->port_count; i++) {
        struct bk_port *port = m->ports[i];
        bool is = port->there && port->reader.present;
        if (was[i] != is)
            news[i] = CHANGED;
        else if (!is)
            news[i] = NOTHING;
        /* what was there when the caller looked first is no event */
        if (news[i] == CHANGED && m->looked)
            port->event[0] = port->event[1] = event = true;
    }
    m->looked = true;
    (void)pthread_mutex_unlock(&m->lock);
    /* who is about to wait knows this table already, and would see nothing new in it */
    if (event)
        bk_readers_wake(m->readers);
    return rv;
}

/* The same key, though the daemon counts anew: it answers on the connection we have. One that was
 * pulled and put back doesn't. */
static bool still_there(struct bk_module *m, struct bk_port *port)
{
    struct bk_token *t = port->token;
    (void)pthread_mutex_lock(&m->lock);
    bool present = port->there && port->reader.present;
    port->token_events = port->reader.events;
    (void)pthread_mutex_unlock(&m->lock);
    return present && t && (bk_unlock_holds(t) || bk_token_same_key(t));
}

static void look_again(struct bk_module *m, struct bk_port *port)
{
    bk_port_lock(port);
    bool had = port->token != NULL;
    bool same = still_there(m, port);
    if (!same)
        bk_port_drop_locked(port);
    if (had && !same)
        bk_port_removed(m, port);
    (void)pthread_mutex_unlock(&port->lock);
}

/* Something was plugged: a card that was no key of ours, or didn't answer, may be another by now,
 * and a key may be gone. Who holds it isn't waited for: he finds out by himself. */
static void doubt(struct bk_module *m, struct bk_port *port)
{
    if (pthread_mutex_trylock(&port->lock) != 0)
        return;
    port->doubted = port->doubted || port->foreign || port->deaf_ms;
    port->foreign = false;
    port->deaf_ms = 0;
    if (port->token && bk_transport_went(port->token->card->t)) {
        bk_port_drop_locked(port);
        bk_port_removed(m, port);
    }
    (void)pthread_mutex_unlock(&port->lock);
}

CK_RV bk_ports_refresh(struct bk_module *m)
{
    struct bk_reader list[BK_READER_MAX];
    unsigned char news[BK_PORTS] = {NOTHING};
    size_t count = 0;
    unsigned long asked = atomic_fetch_add(&m->asked, 1) + 1;
    enum bk_err err = bk_readers_list(m->readers, list, &count);
    if (err)
        return err == BK_ENOMEM ? CKR_HOST_MEMORY : CKR_GENERAL_ERROR;
    CK_RV rv = update_table(m, list, count, asked, news);
    for (size_t i = 0; i < BK_PORTS; i++)
        if (news[i] == CHANGED)
            look_again(m, m->ports[i]);
        else if (news[i] == PLUGGED)
            doubt(m, m->ports[i]);
    return rv;
}

void bk_ports_free(struct bk_module *m)
{
    for (size_t i = 0; i < m->port_count; i++) {
        bk_watch_end(m->ports[i]);
        bk_port_drop_locked(m->ports[i]);
        (void)pthread_mutex_destroy(&m->ports[i]->lock);
        free(m->ports[i]);
    }
    m->port_count = 0;
}

/* --- entry points
 * -------------------------------------------------------------------------------*/

/* Whether there is a key of ours. A port that is busy with a key known to be there is left alone;
 * of another the one who is at it is waited for, who may be just finding out. */
static void look(struct bk_module *m, struct bk_port *port, unsigned at_most_ms)
{
    if (pthread_mutex_trylock(&port->lock) != 0) {
        if (atomic_load(&port->has_token[0]) || atomic_load(&port->has_token[1]))
            return;
        bk_port_lock(port);
    }
    enum bk_err err = attach(m, port, at_most_ms);
    if (err) {
        atomic_store(&port->has_token[0], false);
        atomic_store(&port->has_token[1], false);
    }
    (void)pthread_mutex_unlock(&port->lock);
}

static bool has_looked(struct bk_module *m)
{
    (void)pthread_mutex_lock(&m->lock);
    bool looked = m->looked;
    (void)pthread_mutex_unlock(&m->lock);
    return looked;
}

CK_RV C_GetSlotList(unsigned char token_present, CK_SLOT_ID *slot_list, unsigned long *count)
{
    struct bk_call call;
    CK_RV rv = bk_call_enter(&call);
    if (rv == CKR_OK && !count)
        rv = CKR_ARGUMENTS_BAD;
    /* the numbers asked for in a second call are those of the first, if there was one */
    if (rv == CKR_OK && (!slot_list || token_present || !has_looked(call.m)))
        rv = bk_ports_refresh(call.m);
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    CK_ULONG n = 0, room = *count;
    CK_SLOT_ID slots[BK_PORTS];
    (void)pthread_mutex_lock(&call.m->lock);
    size_t ports = call.m->port_count;
    for (size_t i = 0; i < ports; i++)
        slots[i] = call.m->ports[i]->slot;
    (void)pthread_mutex_unlock(&call.m->lock);
    for (size_t i = 0; i < ports; i++) {
        struct bk_port *port = call.m->ports[i];
        if (token_present)
            look(call.m, port, LOOK_MS);
        for (unsigned which = 0; which < 2; which++) {
            if (which == BK_SLOT_SM2 && !call.m->sm2_slots)
                continue;
            if (token_present && !atomic_load(&port->has_token[which]))
                continue;
            if (slot_list && n < room)
                slot_list[n] = slots[i] + which;
            n++;
        }
    }
    if (slot_list && n > room)
        rv = CKR_BUFFER_TOO_SMALL;
    *count = n;
    return bk_call_leave(&call, rv);
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    struct bk_call call;
    unsigned which = 0;
    CK_RV rv = bk_call_enter(&call);
    if (rv == CKR_OK && !info)
        rv = CKR_ARGUMENTS_BAD;
    if (rv == CKR_OK)
        rv = bk_ports_refresh(call.m);
    struct bk_port *port = rv == CKR_OK ? bk_port_find(call.m, slot, &which) : NULL;
    if (rv == CKR_OK && !port)
        rv = CKR_SLOT_ID_INVALID;
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    look(call.m, port, LOOK_MS);
    if (!bk_port_is(call.m, port, slot))
        return bk_call_leave(&call, CKR_SLOT_ID_INVALID);
    memset(info, 0, sizeof *info);
    (void)pthread_mutex_lock(&call.m->lock);
    /* printable ASCII, and the two slots of a reader told apart */
    char name[65];
    size_t len = strnlen(port->reader.name, which == BK_SLOT_SM2 ? 60 : 64);
    for (size_t i = 0; i < len; i++)
        name[i] = (char)(port->reader.name[i] >= 0x20 && port->reader.name[i] < 0x7f
                             ? port->reader.name[i]
                             : '?');
    memcpy(name + len, which == BK_SLOT_SM2 ? " SM2" : "", which == BK_SLOT_SM2 ? 5 : 1);
    info->flags = CKF_REMOVABLE_DEVICE | (port->reader.virtual_key ? 0 : CKF_HW_SLOT);
    (void)pthread_mutex_unlock(&call.m->lock);
    bk_call_text(info->slotDescription, sizeof info->slotDescription, name);
    bk_call_text(info->manufacturerID, sizeof info->manufacturerID, "bjca-pkcs11");
    if (atomic_load(&port->has_token[which]))
        info->flags |= CKF_TOKEN_PRESENT;
    return bk_call_leave(&call, rv);
}

static bool take_event(struct bk_module *m, CK_SLOT_ID *slot)
{
    bool found = false;
    (void)pthread_mutex_lock(&m->lock);
    for (size_t i = 0; !found && i < m->port_count * 2; i++) {
        struct bk_port *port = m->ports[i / 2];
        if (i % 2 == BK_SLOT_SM2 && !m->sm2_slots)
            port->event[BK_SLOT_SM2] = false;
        if (!port->event[i % 2])
            continue;
        port->event[i % 2] = false;
        *slot = port->slot + i % 2;
        found = true;
    }
    (void)pthread_mutex_unlock(&m->lock);
    return found;
}

static void look_at_held(struct bk_module *m)
{
    (void)pthread_mutex_lock(&m->lock);
    size_t count = m->port_count;
    (void)pthread_mutex_unlock(&m->lock);
    for (size_t i = 0; i < count; i++)
        if (atomic_load(&m->ports[i]->held))
            look(m, m->ports[i], HELD_LOOK_MS);
}

static CK_RV sleep_once(struct bk_module *m)
{
    bool held = false;
    struct bk_reader list[BK_READER_MAX];
    size_t count = 0;
    (void)pthread_mutex_lock(&m->lock);
    bool over = m->finalizing;
    for (size_t i = 0; i < m->port_count && count < BK_READER_MAX; i++)
        if (m->ports[i]->there) {
            held = held || atomic_load(&m->ports[i]->held);
            list[count++] = m->ports[i]->reader;
        }
    (void)pthread_mutex_unlock(&m->lock);
    if (over)
        return CKR_CRYPTOKI_NOT_INITIALIZED;
    enum bk_err err = bk_readers_wait(m->readers, list, count, held ? HELD_WAIT_MS : WAIT_MS);
    if (held)
        look_at_held(m);
    return err ? CKR_GENERAL_ERROR : CKR_OK;
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID *slot, void *reserved)
{
    struct bk_call call;
    CK_RV rv = bk_call_enter(&call);
    if (rv == CKR_OK && (!slot || reserved))
        rv = CKR_ARGUMENTS_BAD;
    if (rv != CKR_OK)
        return bk_call_leave(&call, rv);
    (void)pthread_mutex_lock(&call.m->lock);
    bool second = call.m->waiting && !(flags & CKF_DONT_BLOCK);
    call.m->waiting = call.m->waiting || !(flags & CKF_DONT_BLOCK);
    (void)pthread_mutex_unlock(&call.m->lock);
    if (second)
        return bk_call_leave(&call, CKR_FUNCTION_FAILED);
    for (;;) {
        rv = bk_ports_refresh(call.m);
        if (rv != CKR_OK || take_event(call.m, slot))
            break;
        rv = flags & CKF_DONT_BLOCK ? CKR_NO_EVENT : sleep_once(call.m);
        if (rv != CKR_OK)
            break;
    }
    (void)pthread_mutex_lock(&call.m->lock);
    if (!(flags & CKF_DONT_BLOCK))
        call.m->waiting = false;
    bool over = call.m->finalizing;
    (void)pthread_mutex_unlock(&call.m->lock);
    return bk_call_leave(&call, over ? CKR_CRYPTOKI_NOT_INITIALIZED : rv);
}
