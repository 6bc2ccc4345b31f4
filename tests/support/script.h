/* SPDX-License-Identifier: Apache-2.0 */
/* A transport that answers from a list; what was sent stays to be looked at. */
#ifndef TEST_SCRIPT_H
#define TEST_SCRIPT_H

#include "transport/transport.h"

#define SCRIPT_MAX 64

struct script {
    struct bk_transport base;        /* first */
    const char *answers[SCRIPT_MAX]; /* hex, status word included; "lost", "reset" */
    size_t count, at;
    char sent[SCRIPT_MAX][512]; /* hex */
    bool sensitive[SCRIPT_MAX], was_held[SCRIPT_MAX];
    size_t sent_count;
    int held; /* from begin to end, or "reset" */
};

/* The script stays the caller's: close frees nothing. */
struct bk_transport *script_open(struct script *s);
void script_add(struct script *s, const char *answer);

#endif
