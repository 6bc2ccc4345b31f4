/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The retry counters by themselves: each log-in changes them twice, and writing the whole state
 * anew for that takes four syncs. They stand in two slots of 64 bytes behind the state, which
 * begin at a multiple of 64, so that each lies within a sector:
 *
 *   `BJVC`, sequence number of the state (8), number (4), count of applications (1), of each its
 *   uid (4), tries left of administrator and user (1, 1); tries left of the device key (1); zeros
 *   up to 56 bytes; the first 8 of SM3 over these
 *
 * The valid slot with the higher number rules, if its state is this one; without one, the counters
 * in the state do. The other slot is written: cut at any byte, the one that ruled still does. A slot that
 * is damaged otherwise counts as one that was cut, and gives the try back that it took: what keeps
 * tries from whoever may write this file are its rights alone.
 * Internal to src/vkey.
 */
#ifndef BK_VKEY_COUNTER_H
#define BK_VKEY_COUNTER_H

#include "vkey/state.h"

/* Appends two empty slots to a state. */
enum bk_err vk_counters_append(struct bk_buf *out) BK_MUST_CHECK;
/* Where they begin behind a state of `body` bytes in a file of `len`: 0 when there are none.
 * BK_ECORRUPT: something else is there. */
enum bk_err vk_counters_find(const uint8_t *file, size_t body, size_t len,
                             size_t *at) BK_MUST_CHECK;
/* Puts what the slots say into the state. BK_ECORRUPT: more is wrong than a cut makes. */
enum bk_err vk_counters_take(const uint8_t slots[VK_COUNTERS],
                             struct vk_state *state) BK_MUST_CHECK;
/* Writes the counters of vkey->state. With `sync` they are on the disk when it returns; without,
 * a power failure may bring back the ones before, but nothing in between. On failure the state in
 * memory is dropped. The caller holds the lock. */
enum bk_err vk_counters_save(struct bk_vkey *vkey, bool sync) BK_MUST_CHECK;

#endif
