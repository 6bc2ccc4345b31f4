/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out where a test says: an allocation of the objects linked into the program (the
 * linker's --wrap has their calls come by; libraries have theirs), or it and all after it.
 */
#ifndef TEST_NO_MEMORY_H
#define TEST_NO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "transport/transport.h"

#define NEVER 0u
#define NEVER_REACHED 1000000u

extern struct no_memory {
    unsigned counted;  /* allocations since it was set to 0 */
    unsigned fails_at; /* the first to fail is 1; NEVER: none fails or is counted */
    bool for_good;     /* and all after it */
    bool aside;        /* key and platform run in this process, with a memory of their own */
} no_memory;

/* From now on libcrypto's allocations count and fail, too: before it has asked for any. */
bool no_memory_for_libcrypto(void);
/* For life_transmit: what the key does has a memory of its own. */
enum bk_err no_memory_pass_on(struct bk_transport *inner, const uint8_t *command, size_t len,
                              bool sensitive, struct bk_buf *answer);

#endif
