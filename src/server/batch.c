/* SPDX-License-Identifier: Apache-2.0 */
#include "server/batch.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct bk_batch *bk_batch_new(void)
{
    struct bk_batch *batch = calloc(1, sizeof *batch);
    if (batch) {
        batch->users = 1;
        batch->last = &batch->later;
    }
    return batch;
}

void bk_batch_leave(struct bk_batch *batch)
{
    if (atomic_fetch_sub(&batch->users, 1) == 1)
        free(batch);
}

void bk_batch_put(struct bk_batch *batch, struct bk_tx_later *later)
{
    later->next = NULL;
    *batch->last = later;
    batch->last = &later->next;
}

void bk_batch_tell(struct bk_batch *batch, enum bk_err result)
{
    struct bk_tx_later *next = batch->later;
    batch->result = result;
    atomic_store(&batch->over, 1);
    if (atomic_load(&batch->users) > 1)
        (void)syscall(SYS_futex, &batch->over, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    bk_batch_leave(batch);
    while (next) { /* it is gone when it was told */
        struct bk_tx_later *one = next;
        next = one->next;
        one->told(one, result);
    }
}

enum bk_err bk_batch_wait(struct bk_batch *batch)
{
    while (!atomic_load(&batch->over))
        (void)syscall(SYS_futex, &batch->over, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    enum bk_err result = batch->result;
    bk_batch_leave(batch);
    return result;
}
