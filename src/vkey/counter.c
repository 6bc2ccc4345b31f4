/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/counter.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write.h"
#include "crypto/digest.h"
#include "vkey/store.h"

#define SLOT (VK_COUNTERS / 2)
#define CHECK 8u

static const char magic[4] = "BJVC";

enum bk_err vk_counters_append(struct bk_buf *out)
{
    return bk_buf_put_zero(out, (SLOT - out->len % SLOT) % SLOT + VK_COUNTERS);
}

enum bk_err vk_counters_find(const uint8_t *file, size_t body, size_t len, size_t *at)
{
    size_t begin = (body + SLOT - 1) / SLOT * SLOT;
    *at = 0;
    if (len == body)
        return BK_OK;
    if (len != begin + VK_COUNTERS)
        return BK_ECORRUPT;
    for (size_t i = body; i < begin; i++)
        if (file[i])
            return BK_ECORRUPT;
    *at = begin;
    return BK_OK;
}

static enum bk_err encode(const struct vk_state *state, struct bk_buf *out)
{
    uint8_t sum[32];
    enum bk_err err = bk_buf_put(out, magic, sizeof magic);
    if (err == BK_OK)
        err = bk_buf_put_u64be(out, state->sequence);
    if (err == BK_OK)
        err = bk_buf_put_u32be(out, state->counter);
    if (err == BK_OK)
        err = bk_buf_put_u8(out, (uint8_t)VK_COUNT(state->apps));
    for (size_t i = 0; err == BK_OK && i < VK_COUNT(state->apps); i++) {
        err = bk_buf_put_u32be(out, state->apps[i]->uid);
        for (int k = 0; err == BK_OK && k < 2; k++)
            err = bk_buf_put_u8(out, state->apps[i]->pin[k].left);
    }
    if (err == BK_OK)
        err = bk_buf_put_u8(out, state->device.left);
    if (err == BK_OK)
        err = bk_buf_put_zero(out, SLOT - CHECK - out->len);
    if (err == BK_OK)
        err = bk_digest(BK_HASH_SM3, out->data, out->len, sum);
    return err == BK_OK ? bk_buf_put(out, sum, CHECK) : err;
}

/* The number of a slot that is valid and this state's; 0 when it isn't. */
static enum bk_err number_of(const uint8_t *slot, const struct vk_state *state, uint32_t *number)
{
    struct bk_rd rd = bk_rd(slot + sizeof magic, SLOT);
    uint64_t sequence = 0;
    uint32_t n = 0;
    uint8_t sum[32];
    *number = 0;
    enum bk_err err = bk_digest(BK_HASH_SM3, slot, SLOT - CHECK, sum);
    if (err != BK_OK)
        return err;
    if (memcmp(slot, magic, sizeof magic) == 0 && memcmp(sum, slot + SLOT - CHECK, CHECK) == 0 &&
        bk_rd_u64be(&rd, &sequence) == BK_OK && sequence == state->sequence &&
        bk_rd_u32be(&rd, &n) == BK_OK)
        *number = n;
    return BK_OK;
}

/* Between its tries and none: whatever the slot says, no PIN has more tries than it may. */
static uint8_t bounded(uint8_t left, const struct vk_secret *secret)
{
    return left < secret->max ? left : secret->max;
}

static enum bk_err apply(const uint8_t *slot, struct vk_state *state)
{
    struct bk_rd rd = bk_rd(slot + sizeof magic + 12, SLOT - CHECK - sizeof magic - 12);
    uint8_t count = 0, left[2], device = 0;
    enum bk_err err = bk_rd_u8(&rd, &count);
    for (; err == BK_OK && count; count--) {
        uint32_t uid = 0;
        err = bk_rd_u32be(&rd, &uid);
        if (err == BK_OK)
            err = bk_rd_copy(&rd, left, sizeof left);
        struct vk_app *app = err == BK_OK ? vk_app_by_uid(state, uid) : NULL;
        for (int k = 0; app && k < 2; k++)
            app->pin[k].left = bounded(left[k], &app->pin[k]);
    }
    if (err == BK_OK)
        err = bk_rd_u8(&rd, &device);
    if (err == BK_OK)
        state->device.left = bounded(device, &state->device);
    return err == BK_OK ? BK_OK : BK_ECORRUPT;
}

static bool is_empty(const uint8_t *slot)
{
    static const uint8_t empty[SLOT];
    return memcmp(slot, empty, SLOT) == 0;
}

enum bk_err vk_counters_take(const uint8_t slots[VK_COUNTERS], struct vk_state *state)
{
    uint32_t first = 0, second = 0;
    enum bk_err err = number_of(slots, state, &first);
    if (err == BK_OK)
        err = number_of(slots + SLOT, state, &second);
    state->counter = first > second ? first : second;
    if (err == BK_OK && !state->counter)
        /* the first write behind a state is to the second slot, and a cut spoils one at most */
        return is_empty(slots) ? BK_OK : BK_ECORRUPT;
    if (err != BK_OK)
        return err;
    return apply(first > second ? slots : slots + SLOT, state);
}

/* Odd numbers go to the second slot, even ones to the first. */
static enum bk_err write_slot(struct bk_vkey *vkey, int fd, const struct bk_buf *slot, bool sync)
{
    size_t at = vkey->state.counter % 2 * SLOT, done = 0;
    while (done < slot->len) {
        ssize_t n = bk_pwrite(fd, slot->data + done, slot->len - done,
                              (off_t)(vkey->counters_at + at + done));
        if (n < 0 && errno != EINTR)
            return BK_EIO;
        done += n > 0 ? (size_t)n : 0;
    }
    if (sync && fdatasync(fd) != 0)
        return BK_EIO;
    memcpy(vkey->slots + at, slot->data, slot->len);
    return BK_OK;
}

enum bk_err vk_counters_save(struct bk_vkey *vkey, bool sync)
{
    struct bk_buf slot = BK_BUF_INIT;
    /* a file without slots, as earlier versions wrote it */
    if (!vkey->counters_at)
        return vk_store_save(vkey);
    int fd = open(vkey->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return BK_EIO;
    vkey->state.counter++;
    enum bk_err err = encode(&vkey->state, &slot);
    if (err == BK_OK)
        err = write_slot(vkey, fd, &slot, sync);
    if (err == BK_OK)
        err = vk_store_stamp(vkey, fd);
    (void)close(fd);
    bk_buf_free(&slot);
    vkey->loaded = err == BK_OK;
    vkey->counted = false;
    return err;
}
