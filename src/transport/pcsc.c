/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/pcsc.h"

#include <reader.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "base/clock.h"
#include "base/gate.h"
#include "base/log.h"
#include "transport/pcsc_connect.h"
#include "transport/pcsc_rv.h"

#define STATUS_WORD 2u
#define ANSWER_MAX (65536 + STATUS_WORD)
#define RESET_NAP_MS 2
#define HELD_NAP_MS 20

struct pcsc {
    struct bk_transport base;
    struct bk_pcsc_wait wait;
    struct bk_pcsc_link link;
    bool connected;
    bool held;
    bool renewed; /* another connection than before, or a reset nobody was told of yet: the next
                     call says so */
    bool told;    /* of it, and nothing has gone well since */
    bool lost;    /* with the daemon, and held by another program when it was connected to anew */
    bool owes;    /* a reset, which ends a log-in of ours */
    bool answers; /* it has, since it was connected to or got its power anew */
    int64_t refused_ms; /* when another program was last waited for in vain; 0: not, or it let go */
    char reader[BK_READER_NAME_MAX];
    uint8_t *answer;
};

static void disconnect(struct pcsc *p)
{
    if (p->connected)
        bk_pcsc_disconnect(&p->link);
    p->connected = false;
    p->held = p->owes = false;
    p->refused_ms = 0;
}

/* The one call that says at once that another program holds the card. */
static LONG ask(struct pcsc *p)
{
    DWORD len = 0;
    bk_gate_rest(BK_PCSC_SETTLE_MS);
    LONG rv = SCardGetAttrib(p->link.card, SCARD_ATTR_ATR_STRING, NULL, &len);
    bk_gate_go_on();
    return rv;
}

/* Who comes soon after one who waited in vain doesn't wait as long: it is the same program that
 * holds the card. Later it may be another. */
static unsigned patience_for(const struct pcsc *p)
{
    int64_t since_ms = p->refused_ms ? bk_clock_ms() - p->refused_ms : p->wait.held_ms;
    return since_ms >= p->wait.held_ms       ? p->wait.held_ms
           : since_ms > BK_PCSC_ONCE_MORE_MS ? (unsigned)since_ms
                                             : BK_PCSC_ONCE_MORE_MS;
}

/*
 * While another program holds the card in a transaction, SCardBeginTransaction, SCardTransmit,
 * SCardReconnect and SCardStatus wait within the client library, which asks the daemon again and
 * again, without a limit. So they are called when it is free. (One who takes it just then is waited
 * for by the library after all.) SCARD_E_SHARING_VIOLATION: it isn't let go of. Whatever else is
 * wrong they find out themselves.
 */
static LONG wait_until_free(struct pcsc *p)
{
    struct bk_pcsc_patience patience = {0};
    if (p->held)
        return SCARD_S_SUCCESS;
    const unsigned limit_ms = patience_for(p);
    while (ask(p) == SCARD_E_SHARING_VIOLATION) {
        if (bk_pcsc_back_off(&patience, HELD_NAP_MS, limit_ms))
            continue;
        p->refused_ms = bk_clock_ms();
        bk_log(BK_LOG_WARN, "pcsc: another program holds the card in \"%s\"", p->reader);
        return SCARD_E_SHARING_VIOLATION;
    }
    p->refused_ms = 0;
    return SCARD_S_SUCCESS;
}

static LONG get_status(struct pcsc *p, DWORD *len)
{
    DWORD state = 0, protocol = 0;
    LONG rv = wait_until_free(p);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    bk_gate_rest_asking(BK_PCSC_SETTLE_MS, BK_PCSC_ASKS_AGAIN_MS);
    rv = SCardStatus(p->link.card, NULL, NULL, &state, &protocol, p->base.atr, len);
    bk_gate_go_on();
    return rv;
}

static LONG reconnect(struct pcsc *p, DWORD initialization)
{
    LONG rv = wait_until_free(p);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    bk_gate_rest_asking(BK_PCSC_SETTLE_MS, BK_PCSC_ASKS_AGAIN_MS);
    rv = SCardReconnect(p->link.card, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                        initialization, &p->link.protocol);
    bk_gate_go_on();
    return rv;
}

static LONG connect_card(struct pcsc *p, unsigned wait_ms)
{
    LONG rv = bk_pcsc_connect(p->reader, wait_ms, p->wait.threads, &p->link);
    if (rv != SCARD_S_SUCCESS)
        return rv;
    p->connected = true;
    p->answers = false;
    DWORD len = sizeof p->base.atr;
    rv = get_status(p, &len);
    p->base.atr_len = rv == SCARD_S_SUCCESS ? len : 0;
    if (rv != SCARD_E_SHARING_VIOLATION) /* what else is wrong shows with the first command */
        return SCARD_S_SUCCESS;
    disconnect(p);
    return rv;
}

/* Whether the card has been pulled, as the daemon knows as soon as it looks: SCARD_W_REMOVED_CARD,
 * or the error of a daemon that is gone itself, or else rv. */
static LONG look_closer(struct pcsc *p, LONG rv)
{
    SCARD_READERSTATE state = {.szReader = p->reader};
    LONG seen = SCardGetStatusChange(p->link.context, 0, &state, 1);
    if (seen == SCARD_S_SUCCESS && rv == SCARD_E_NOT_TRANSACTED &&
        (state.dwEventState & SCARD_STATE_PRESENT)) {
        state.dwCurrentState = state.dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
        bk_gate_rest(BK_PCSC_SETTLE_MS);
        seen = SCardGetStatusChange(p->link.context, BK_PCSC_NOTICE_MS, &state, 1);
        bk_gate_go_on();
    }
    if (bk_pcsc_lost(seen))
        return seen;
    return seen == SCARD_S_SUCCESS && !(state.dwEventState & SCARD_STATE_PRESENT)
               ? SCARD_W_REMOVED_CARD
               : rv;
}

/* BK_EBUSY: another program was faster, and keeps it. */
static enum bk_err connect_anew(struct pcsc *p)
{
    LONG rv = connect_card(p, p->wait.held_ms);
    p->lost = rv == SCARD_E_SHARING_VIOLATION;
    bk_log(BK_LOG_INFO, "pcsc: connection lost, new one: %s", rv ? "no" : "yes");
    return rv == SCARD_S_SUCCESS ? BK_ERESET : p->lost ? BK_EBUSY : BK_EREMOVED;
}

/* After a reset by somebody else, or a restart of the daemon: the same reader again. A card that
 * stays in its reader and doesn't answer any more lost its power for a moment: it gets it anew,
 * once. One that never answered may be somebody else's, who would lose what he has done on it. A
 * card that is held stays so until it is let go of, but on a new connection. */
static enum bk_err recover(struct pcsc *p, LONG rv)
{
    struct bk_pcsc_patience patience = {0};
    while (rv == SCARD_W_RESET_CARD) {
        rv = reconnect(p, SCARD_LEAVE_CARD);
        if (rv == SCARD_S_SUCCESS)
            return BK_ERESET;
        if (bk_pcsc_in_reset(rv) && bk_pcsc_back_off(&patience, RESET_NAP_MS, BK_PCSC_NOTICE_MS))
            rv = SCARD_W_RESET_CARD;
    }
    if (!bk_pcsc_lost(rv) && bk_pcsc_error(rv) == BK_EIO)
        rv = look_closer(p, rv);
    if (rv == SCARD_E_NOT_TRANSACTED && p->answers &&
        reconnect(p, SCARD_UNPOWER_CARD) == SCARD_S_SUCCESS) {
        p->answers = false;
        return BK_ERESET;
    }
    /* a connection that isn't got back to is no better than none */
    if (!bk_pcsc_lost(rv) && !bk_pcsc_in_reset(rv))
        return bk_pcsc_error(rv);
    disconnect(p);
    return connect_anew(p);
}

/*
 * The daemon, or the card's power, went while the command was with it. Most may be sent again. One
 * with a PIN, or another secret of a sequence, may not: the key may have carried it out, and that
 * costs tries.
 */
static enum bk_err lost_on_the_way(struct pcsc *p, LONG rv, bool sensitive)
{
    bool lost = bk_pcsc_lost(rv) || rv == SCARD_E_NOT_TRANSACTED;
    bool unsure = sensitive && p->held && lost;
    enum bk_err err = recover(p, rv);
    p->renewed = unsure && err == BK_ERESET;
    return unsure && (err == BK_ERESET || err == BK_EBUSY) ? BK_EIO : err;
}

static enum bk_err pay_reset(struct pcsc *p)
{
    LONG rv = reconnect(p, SCARD_RESET_CARD);
    p->owes = rv == SCARD_E_SHARING_VIOLATION;
    return rv == SCARD_S_SUCCESS ? BK_ERESET : recover(p, rv);
}

static enum bk_err get_ready(struct pcsc *p)
{
    if (!p->connected)
        return p->lost ? connect_anew(p) : BK_EREMOVED;
    if (p->renewed) {
        p->renewed = false;
        return BK_ERESET;
    }
    if (wait_until_free(p) != SCARD_S_SUCCESS)
        return BK_EBUSY;
    return p->owes ? pay_reset(p) : BK_OK;
}

/* One who heard of a reset, and could do nothing about it since the card was busy then, hears of it
 * again. */
static enum bk_err tell(struct pcsc *p, enum bk_err err)
{
    p->renewed = p->renewed || (err == BK_EBUSY && p->told);
    if (err == BK_OK || err == BK_ERESET)
        p->told = err == BK_ERESET;
    return err;
}

/* Nothing here returns while the daemon is stopped (SIGSTOP): no call of PC/SC has a limit. */
static enum bk_err pcsc_transmit(struct bk_transport *t, const uint8_t *command, size_t len,
                                 bool sensitive, struct bk_buf *answer)
{
    struct pcsc *p = (struct pcsc *)t;
    const SCARD_IO_REQUEST *pci =
        p->link.protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    bk_buf_clear(answer);
    enum bk_err err = get_ready(p);
    if (err)
        return tell(p, err);
    DWORD got = ANSWER_MAX;
    bk_gate_rest_asking(BK_PCSC_SETTLE_MS, p->held ? 0 : BK_PCSC_ASKS_AGAIN_MS);
    LONG rv = SCardTransmit(p->link.card, pci, command, len, NULL, p->answer, &got);
    bk_gate_go_on();
    if (rv == SCARD_S_SUCCESS && got < STATUS_WORD)
        rv = SCARD_E_NOT_TRANSACTED; /* so some drivers say it */
    if (rv != SCARD_S_SUCCESS)
        return tell(p, lost_on_the_way(p, rv, sensitive));
    p->answers = true;
    p->told = false;
    err = bk_buf_put(answer, p->answer, got);
    explicit_bzero(p->answer, got);
    return err;
}

static enum bk_err pcsc_begin(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    enum bk_err err = get_ready(p);
    if (err || p->held) /* the daemon counts */
        return tell(p, err);
    bk_gate_rest_asking(BK_PCSC_SETTLE_MS, BK_PCSC_ASKS_AGAIN_MS);
    LONG rv = SCardBeginTransaction(p->link.card);
    bk_gate_go_on();
    p->held = rv == SCARD_S_SUCCESS;
    return tell(p, p->held ? BK_OK : recover(p, rv));
}

/* The daemon doesn't let go of a card for one who hasn't heard yet that it was reset, or pulled. */
static void pcsc_end(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    LONG rv = p->held ? SCardEndTransaction(p->link.card, SCARD_LEAVE_CARD) : SCARD_S_SUCCESS;
    if (rv == SCARD_W_RESET_CARD) {
        p->renewed = recover(p, rv) == BK_ERESET;
        if (p->held)
            (void)SCardEndTransaction(p->link.card, SCARD_LEAVE_CARD);
    } else if (rv == SCARD_W_REMOVED_CARD) {
        disconnect(p);
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
    p->owes = rv == SCARD_E_SHARING_VIOLATION;
    enum bk_err err = rv == SCARD_S_SUCCESS ? BK_OK : recover(p, rv);
    pcsc_end(t);
    return err == BK_ERESET ? BK_OK : err;
}

static void pcsc_close(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    pcsc_end(t);
    if (p->connected && p->owes)
        bk_pcsc_reset_when_free(p->reader, &p->link, p->wait.threads);
    else
        disconnect(p);
    free(p->answer);
    free(p);
}

/* A command of one who doesn't hold the card is waited for, within the daemon. */
static bool pcsc_went(struct bk_transport *t)
{
    struct pcsc *p = (struct pcsc *)t;
    return p->connected ? bk_pcsc_error(ask(p)) == BK_EREMOVED : !p->lost;
}

static const struct bk_transport_ops pcsc_ops = {pcsc_transmit, pcsc_begin, pcsc_end,
                                                 pcsc_reset,    pcsc_close, pcsc_went};

enum bk_err bk_pcsc_open(const char *reader, const struct bk_pcsc_wait *wait,
                         struct bk_transport **t)
{
    size_t len = strlen(reader);
    if (len >= BK_READER_NAME_MAX)
        return BK_ELIMIT;
    struct pcsc *p = calloc(1, sizeof *p);
    if (!p)
        return BK_ENOMEM;
    p->base.ops = &pcsc_ops;
    p->wait = *wait;
    memcpy(p->reader, reader, len + 1);
    p->answer = malloc(ANSWER_MAX);
    LONG rv = p->answer ? connect_card(p, wait->open_ms) : SCARD_E_NO_MEMORY;
    if (rv != SCARD_S_SUCCESS) {
        pcsc_close(&p->base);
        enum bk_err err = bk_pcsc_error(rv);
        return err == BK_EREMOVED || bk_pcsc_lost(rv) ? BK_ENOKEY : err;
    }
    *t = &p->base;
    return BK_OK;
}
