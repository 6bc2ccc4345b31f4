/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The state in its file. Layout, big-endian: `BJVK`, version (2, now 2), 2 zero bytes, sequence
 * number (8), length of the payload (4), payload, SM3 over all bytes before (32). The payload
 * is put_state's in store.c; a string there is a length byte and its bytes. Behind it, from the
 * next multiple of 64 on, the counters' slots (vkey/counter.h). Version 1 had none; it is still
 * read.
 *
 * A save writes PATH.new, syncs it, renames it over PATH and syncs the folder: after a cut at any
 * moment PATH holds the whole old or the whole new state. A half-written PATH.new is never read.
 * A PATH that is damaged all the same (the checksum says so) is refused: an older copy would bring
 * back spent tries. Internal to src/vkey.
 */
#ifndef BK_VKEY_STORE_H
#define BK_VKEY_STORE_H

#include "vkey/state.h"

/* With empty slots. */
enum bk_err vk_store_encode(const struct vk_state *state, struct bk_buf *out) BK_MUST_CHECK;
/* `state` must be zeroed before; untouched on failure. */
enum bk_err vk_store_decode(const void *data, size_t len, struct vk_state *state) BK_MUST_CHECK;

/* Brings vkey->state up to the file when that has changed. The caller holds the lock. Key objects
 * that are still the same are kept. */
enum bk_err vk_store_refresh(struct bk_vkey *vkey) BK_MUST_CHECK;
/* The file that a refresh has left open. */
void vk_store_close(struct bk_vkey *vkey);
/* Makes vkey->state durable. On failure the state in memory is dropped: the next refresh reads
 * what is on disk. The caller holds the lock. */
enum bk_err vk_store_save(struct bk_vkey *vkey) BK_MUST_CHECK;
/* What is in the open file is what vkey->state is now. */
enum bk_err vk_store_stamp(struct bk_vkey *vkey, int fd) BK_MUST_CHECK;

#endif
