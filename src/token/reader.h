/* SPDX-License-Identifier: Apache-2.0 */
/* Where keys may be: PC/SC readers, and the virtual key that the configuration names. */
#ifndef BK_TOKEN_READER_H
#define BK_TOKEN_READER_H

#include "token/token.h"

#define BK_READER_MAX 32
#define BK_READER_NAME 128
#define BK_VIRTUAL_READER "BJCA Virtual Key" /* the others have a number behind it, from 2 on */
#define BK_VIRTUAL_MAX 8

/* Strings belong to the caller and outlive the readers. */
struct bk_reader_options {
    const char *virtual_key; /* a state file, or several with a colon between two; NULL: none */
    bool pcsc;
    unsigned held_ms; /* what another program that holds a card behind PC/SC is waited for */
    bool no_threads;  /* none is made so that this holds while a card is opened, too */
    const char *dialect;
    int trace_fd; /* -1: no trace */
    struct bk_token_options token;
};

struct bk_reader {
    char name[BK_READER_NAME];
    const char *virtual_key; /* its state file; NULL: behind PC/SC */
    bool present;            /* a card is in it; whether one of ours isn't known here */
    unsigned long state;     /* as PC/SC has it */
    unsigned long events;    /* differs when the card was changed in between */
    uint64_t plugs;          /* differs when it may have been (bk_pcsc_reader) */
    unsigned at_most_ms;     /* to be opened: how long another program that holds it is waited for,
                                where that is less than the options say; 0: as they say */
};

struct bk_readers;

enum bk_err bk_readers_new(const struct bk_reader_options *options,
                           struct bk_readers **readers) BK_MUST_CHECK;
void bk_readers_free(struct bk_readers **readers);
/* All there are now; returns at once, also without daemon, reader and key. */
enum bk_err bk_readers_list(struct bk_readers *readers, struct bk_reader list[BK_READER_MAX],
                            size_t *count) BK_MUST_CHECK;
/*
 * Sleeps until something differs from `list` or bk_readers_wake, at most timeout_ms. One thread at
 * a time; bk_readers_list may run meanwhile.
 */
enum bk_err bk_readers_wait(struct bk_readers *readers, const struct bk_reader *list, size_t count,
                            unsigned timeout_ms) BK_MUST_CHECK;
void bk_readers_wake(struct bk_readers *readers);

/* The key in this reader: BK_ENOKEY, BK_EUNKNOWN_KEY (a card that isn't one of ours; it got one
 * harmless command). */
enum bk_err bk_reader_open(const struct bk_readers *readers, const struct bk_reader *reader,
                           struct bk_token **token) BK_MUST_CHECK;

/* For programs that put something between keys and the layers above (test programs do): called for
 * each transport that is opened. The module doesn't export it. NULL takes it away. */
typedef enum bk_err (*bk_reader_wrap)(void *context, struct bk_transport **t);
void bk_reader_set_wrap(bk_reader_wrap wrap, void *context);

#endif
