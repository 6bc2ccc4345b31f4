/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of uploads is its database's: both have the same id, made when the database is first
 * opened. All daemons of a database share one folder, and whoever has another one, or none where a
 * file system isn't mounted, must not drop, write or seal anew: what it would take for a file that
 * is gone would stay elsewhere.
 */
#ifndef BK_SERVER_UPLOAD_FOLDER_H
#define BK_SERVER_UPLOAD_FOLDER_H

#include "server/app.h"

/* Of app->uploads; sets app->uploads_id. BK_EEXISTS: the folder is another database's; BK_ESTATE:
 * it isn't this database's. `why` gets a sentence on failure. */
enum bk_err bk_upload_folder_open(struct bk_app *app, char *why, size_t size) BK_MUST_CHECK;
/* BK_ESTATE, and logged: it isn't there, or another one is in its place. */
enum bk_err bk_upload_folder_check(const struct bk_app *app) BK_MUST_CHECK;

#endif
