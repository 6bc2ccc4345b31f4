/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that must survive a power cut, and locks between processes. What is read and what a user
 * names may be a symbolic link; what is ours to write and lock may not.
 */
#ifndef BK_BASE_FILE_H
#define BK_BASE_FILE_H

#include <sys/types.h>

#include "base/buf.h"

/* The whole file, appended to out; BK_ENOTFOUND, BK_ELIMIT when longer than max, BK_EIO. */
enum bk_err bk_file_read(const char *path, size_t max, struct bk_buf *out) BK_MUST_CHECK;
/*
 * Replaces the file by data so that after a cut at any moment either the old or the new content is
 * there: writes PATH.new, fsync, rename, fsync of the folder. The caller serialises writers (a
 * lock): they share the name of the temporary file. On failure the old content stays.
 */
enum bk_err bk_file_replace(const char *path, const void *data, size_t len,
                            mode_t mode) BK_MUST_CHECK;
/*
 * Writes what a user wants written to a path of theirs, in one step, too, and touches nothing else: the
 * temporary file has a name that wasn't there. Links are followed, a file that is there keeps its
 * mode; a device or pipe is written to.
 */
enum bk_err bk_file_output(const char *path, const void *data, size_t len,
                           mode_t mode) BK_MUST_CHECK;
/* Removes the file so that no power cut brings it back. BK_ENOTFOUND when there is none. */
enum bk_err bk_file_remove(const char *path) BK_MUST_CHECK;
/*
 * An exclusive advisory lock on PATH (made with mode 0600 when missing), held until
 * bk_file_unlock or the end of the process; also between threads that each open their own. Waits
 * when `wait`, else BK_EBUSY. The file is never removed: removing one that another process is
 * about to lock would give two holders.
 */
enum bk_err bk_file_lock(const char *path, int wait, int *fd) BK_MUST_CHECK;
/* The same, waiting no longer than this: then BK_EBUSY. */
enum bk_err bk_file_lock_within(const char *path, unsigned ms, int *fd) BK_MUST_CHECK;
void bk_file_unlock(int *fd);
/* Makes the folder and its parents, mode 0700 for each that is made. */
enum bk_err bk_dir_make(const char *path) BK_MUST_CHECK;
/* The same, for a folder of secrets: BK_EDENIED when it belongs to another user or is open to
 * others, or is a link. */
enum bk_err bk_dir_private(const char *path) BK_MUST_CHECK;

#endif
